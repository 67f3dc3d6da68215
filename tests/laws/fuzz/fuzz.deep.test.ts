/**
 * Random calls of everything that the package exports, with arguments made of the published types in which something
 * hostile stands now and then: errors are the package's own, weights are as before, and each call comes to an end.
 */
import { beforeAll, describe, expect, it } from "vitest";
import { Caller, type Outcome } from "./calls.js";
import { type Published, readPublished } from "./published.js";
import { makeModel } from "./subjects.js";

const CALLS = 10_000;
const SEED = Number(process.env.WASMGRAD_FUZZ_SEED ?? 1);

let published: Published;
const outcomes: Outcome[] = [];
let unknown: ReadonlySet<string>;

beforeAll(async () => {
  published = readPublished();
  const model = await makeModel();
  const caller = new Caller(published, model as never);
  const { callables } = published;
  for (let i = 0; i < CALLS; i++) {
    outcomes.push(await caller.make(callables[i % callables.length] as never, SEED * CALLS + i));
  }
  unknown = caller.unknown;
}, 300_000);

describe(`${CALLS} random calls`, () => {
  it("are of every function, class and method that is exported", () => {
    expect(published.callables.length).toBeGreaterThan(280);
    expect(outcomes).toHaveLength(CALLS);
  });

  it("are made of types that there is a generator for", () => {
    expect([...unknown].sort()).toEqual([]);
  });

  it("end in a result, an error of the package's own, or the caller's own, with the weights as they were", () => {
    const faulty = outcomes.filter(({ faults }) => faults.length > 0);
    const texts = faulty.map(({ call, faults }) => `${call}\n    ${faults.join("\n    ")}`);
    expect(faulty.length, `${faulty.length} of them do not:\n\n${texts.slice(0, 60).join("\n\n")}\n`).toBe(0);
  });

  it("are refused often, and often not", () => {
    const share = (kind: Outcome["kind"]) => outcomes.filter((one) => one.kind === kind).length / CALLS;
    console.log(
      `returned ${share("returned")}, refused ${share("refused")}, the caller's own ${share("callers")}`,
    );
    expect(share("returned")).toBeGreaterThan(0.15);
    expect(share("refused")).toBeGreaterThan(0.15);
  });
});
