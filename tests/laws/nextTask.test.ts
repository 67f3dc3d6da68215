import { afterEach, expect, it, vi } from "vitest";
import { nextTask } from "../../src/train/feed/slices.ts";

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

it("a page that is seen draws a frame before the next task", async () => {
  const frames: (() => void)[] = [];
  vi.stubGlobal("document", { visibilityState: "visible" });
  vi.stubGlobal("requestAnimationFrame", (draw: () => void) => frames.push(draw));
  const ran: string[] = [];
  const waiting = nextTask().then(() => ran.push("task"));
  await new Promise((done) => setTimeout(done, 5));
  expect([frames.length, ran]).toEqual([1, []]);
  frames[0]?.();
  expect(ran).toEqual([]);
  await waiting;
  expect(ran).toEqual(["task"]);
});

it("a page that draws nothing, or is hidden, goes on all the same", async () => {
  vi.stubGlobal("document", { visibilityState: "visible" });
  vi.stubGlobal("requestAnimationFrame", () => undefined);
  await nextTask();
  const asked = vi.fn();
  vi.stubGlobal("document", { visibilityState: "hidden" });
  vi.stubGlobal("requestAnimationFrame", asked);
  await nextTask();
  expect(asked).not.toHaveBeenCalled();
});
