import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Heap } from "../../src/compile/memory/heap.ts";

describe("a heap", () => {
  it("gives back the least key first, whatever is pushed in between", () => {
    const action = fc.oneof(fc.integer({ min: -20, max: 20 }), fc.constant("pop" as const));
    fc.assert(
      fc.property(fc.array(action, { maxLength: 200 }), (actions) => {
        const heap = new Heap<number>();
        let expected: number[] = [];
        for (const one of actions) {
          if (one === "pop") {
            expect(heap.pop()).toBe(expected[0]);
            expected = expected.slice(1);
          } else {
            heap.push(one, one);
            expected = [...expected, one].sort((a, b) => a - b);
          }
          expect(heap.least).toBe(expected[0] ?? Number.POSITIVE_INFINITY);
        }
      }),
      { numRuns: 300, seed: 2 },
    );
  });
});
