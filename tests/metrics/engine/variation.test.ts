/** The variation of numbers by their sums, against whole numbers of any size. */
import { describe, expect, it } from "vitest";
import { variationOf } from "../../../src/metrics/engine/variation.ts";

/** Sums of whole numbers, each split where a step splits its mean: above and below 2¹². */
function sumsOf(numbers: readonly number[]) {
  const parts = numbers.map((x) => [4096 * Math.round(x / 4096), x - 4096 * Math.round(x / 4096)] as const);
  const of = (f: (large: number, small: number) => number) => parts.reduce((sum, [a, b]) => sum + f(a, b), 0);
  return {
    rows: numbers.length,
    sum: [of((a) => a), of((_, b) => b)],
    squares: [of((a) => a * a), of((a, b) => 2 * a * b + b * b)],
  } as const;
}

/** n Σ x² − (Σ x)², without rounding. */
function exact(numbers: readonly number[]): number {
  const all = numbers.map(BigInt);
  const sum = all.reduce((one, other) => one + other, 0n);
  return Number(BigInt(all.length) * all.reduce((one, x) => one + x * x, 0n) - sum * sum) / all.length;
}

describe("variationOf", () => {
  it.each([
    ["next to each other, beyond 2²³", Array.from({ length: 1000 }, (_, i) => 2 ** 23 + (i % 2))],
    ["of which one differs", [...Array.from({ length: 999 }, () => 12_345_678), 12_345_679]],
    ["around 0", Array.from({ length: 101 }, (_, i) => i - 50)],
    ["far apart", [1, 2 ** 23, -(2 ** 22)]],
  ])("is exact of numbers %s", (_, numbers) => {
    const expected = exact(numbers);
    expect(expected).toBeGreaterThan(0);
    expect(Math.abs(variationOf(sumsOf(numbers)) / expected - 1)).toBeLessThan(1e-12);
  });

  it.each([1, 12_345_678, -9_999_999])("is 0 of nothing but %d", (one) => {
    expect(variationOf(sumsOf(new Array(1000).fill(one)))).toBe(0);
  });
});
