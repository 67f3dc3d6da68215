/** Scores of numbers that are far from 0, or all alike. */
import { describe, expect, it } from "vitest";
import { rSquared } from "../../src/metrics/index.ts";

describe("rSquared of constant targets", () => {
  // The sum of ten times 0.1 is not 1: what rounding left of the mean was taken for variation, and −3e30 came out.
  it.each([0.1, 1 / 3, -7.3e5, 1e-6, 1.7e9])("of %d is 0, and 1 when they are met", (constant) => {
    for (const rows of [3, 10, 1001]) {
      const targets = new Array<number>(rows).fill(constant);
      expect(rSquared(targets, targets)).toBe(1);
      expect(rSquared(new Array<number>(rows).fill(2 * constant), targets)).toBe(0);
    }
  });
});
