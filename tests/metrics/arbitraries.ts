/** Data that laws of metrics are tried on, and how numbers are compared. */
import fc from "fast-check";
import { expect } from "vitest";

const CLASSES = 4;
const row = fc.tuple(fc.integer({ min: 0, max: CLASSES - 1 }), fc.integer({ min: 0, max: CLASSES - 1 }));
export const decisions = fc.array(row, { minLength: 1, maxLength: 30 });
export const split = (rows: [number, number][]) => [rows.map(([p]) => p), rows.map(([, l]) => l)] as const;

export const share = fc.integer({ min: 0, max: 100 }).map((n) => n / 100);
export const distributions = fc.array(
  fc
    .tuple(fc.array(fc.integer({ min: 1, max: 99 }), { minLength: 3, maxLength: 3 }), fc.nat(2))
    .map(([parts, label]) => {
      const sum = parts.reduce((one, other) => one + other, 0);
      return [parts.map((part) => part / sum), label] as const;
    }),
  { minLength: 1, maxLength: 20 },
);

export const close = (got: number, expected: number) =>
  Number.isNaN(expected) ? expect(got).toBeNaN() : expect(got).toBeCloseTo(expected, 10);
export const always = <T>(arbitrary: fc.Arbitrary<T>, law: (value: T) => void) =>
  fc.assert(fc.property(arbitrary, (value) => void law(value)));

/** Scores with ties, and labels of both kinds. */
export const ranking = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 1 })), { maxLength: 30 })
  .map((rows) => [[3, 0], [3, 1], ...rows] as [number, number][]);
