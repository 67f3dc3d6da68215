import { describe, expect, it } from "vitest";
import { areFinite } from "../../src/rows/finite.ts";

describe("areFinite", () => {
  it("holds for the largest numbers of either sign, and for none", () => {
    expect(areFinite(new Float32Array(0))).toBe(true);
    expect(areFinite(new Float32Array(10_001).fill(3.4028234663852886e38))).toBe(true);
    expect(areFinite(new Float32Array(37).fill(-3.4028234663852886e38))).toBe(true);
  });

  it("sees one number that is not, at every place of every tail", () => {
    for (let length = 1; length <= 33; length++) {
      for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
        for (let i = 0; i < length; i++) {
          const values = new Float32Array(length).fill(1);
          values[i] = bad;
          expect(areFinite(values), `${bad} at ${i} of ${length}`).toBe(false);
        }
      }
    }
  });

  it("sees infinities that cancel", () => {
    expect(areFinite(Float32Array.of(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY))).toBe(false);
  });
});
