import { afterEach, expect, it, vi } from "vitest";
import { nextTask } from "../src/train/slices.ts";

afterEach(() => vi.unstubAllGlobals());

/** What has run by the time that the next task begins. */
async function ranBefore(): Promise<string[]> {
  const ran: string[] = [];
  setTimeout(() => ran.push("timer"), 0);
  await Promise.resolve();
  await nextTask();
  await nextTask();
  return ran;
}

it.each<[string, unknown]>([
  ["there is none", undefined],
  [
    "it only throws, as in Next's edge functions",
    () => {
      throw new Error("A Node.js API is used (setImmediate) which is not supported in the Edge Runtime.");
    },
  ],
])("other tasks have their turn without setImmediate: %s", async (_, setImmediate) => {
  vi.stubGlobal("scheduler", undefined);
  vi.stubGlobal("setImmediate", setImmediate);
  expect(await ranBefore()).toEqual(["timer"]);
});
