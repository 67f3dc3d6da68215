/** Null is nothing that an option may be, and no text is a number, wherever something stands. */
import { expect, it } from "vitest";
import { Refusals } from "./misfits.js";
import { readPublished } from "./published.js";
import { makeModel } from "./subjects.js";

it("null, and text for a number, are refused as every argument and option of all that is exported", async () => {
  const published = readPublished();
  const refusals = new Refusals(published, await makeModel());
  const taken: string[] = [];
  const never: string[] = [];
  let tried = 0;
  for (const callable of published.callables) {
    const found = await refusals.taken(callable);
    if (found === undefined) never.push(callable.name);
    taken.push(...(found?.taken ?? []));
    tried += found?.tried ?? 0;
  }
  expect(taken).toEqual([]);
  // Its model has none, and it takes nothing.
  expect(never).toEqual(["averagedWeights"]);
  expect(tried).toBeGreaterThan(1_400);
}, 300_000);
