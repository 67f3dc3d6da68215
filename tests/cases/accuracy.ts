/** How near is near enough. */

import type { Feed } from "../../src/graph/reference/definition.ts";
import { evaluate } from "../../src/graph/reference/evaluate.ts";
import type { Value } from "../../src/graph/value.ts";
import type { Accuracy } from "./case.ts";

export interface Comparison {
  /** The largest error, in units of what is allowed for `relative` accuracy and of one mismatch for `exact`. */
  readonly error: number;
  readonly message: string;
}

const near = (message: string, error: number): Comparison => ({ error, message });

/** The worst element of a result beside its f64 definition: an error of at most `relative` is near enough. */
export function compare(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  accuracy: Accuracy,
  floors: ArrayLike<number> | number = 0,
): Comparison {
  if (actual.length !== expected.length) {
    return near(`has ${actual.length} elements instead of ${expected.length}`, Number.POSITIVE_INFINITY);
  }
  let worst = near("", 0);
  for (let i = 0; i < expected.length; i++) {
    const [got, wanted] = [actual[i]!, expected[i]!];
    const floor = typeof floors === "number" ? floors : floors[i]!;
    const error = accuracy === "exact" ? mismatch(got, wanted) : relativeError(got, wanted, floor);
    if (error > worst.error) worst = near(`element ${i} is ${got} instead of ${wanted}`, error);
  }
  return worst;
}

/** Zeros of either sign are equal, and so are NaN. */
function mismatch(got: number, wanted: number): number {
  const rounded = Math.fround(wanted);
  return got === rounded || (Number.isNaN(got) && Number.isNaN(rounded)) ? 0 : 1;
}

function relativeError(got: number, wanted: number, floor: number): number {
  if (got === wanted || (Number.isNaN(got) && Number.isNaN(wanted))) return 0;
  const error = Math.abs(got - wanted) / Math.max(Math.abs(wanted), floor);
  return Number.isNaN(error) ? Number.POSITIVE_INFINITY : error;
}

export const allowed = (accuracy: Accuracy): number => (accuracy === "exact" ? 0 : accuracy.relative);

/** Sizes of the terms whose sum each element of y is: y of the absolute values of all numbers. */
export function floorsOf(y: Value, accuracy: Accuracy, feed: Feed): ArrayLike<number> | number {
  if (accuracy === "exact") return 0;
  if (accuracy.floor !== "terms") return accuracy.floor ?? 0;
  const absolute = (values: ArrayLike<number>) => Array.from(values, Math.abs);
  const parameters = new Map(
    [...(feed.parameters ?? [])].map(([key, values]) => [key, absolute(values)] as const),
  );
  const sources = (feed.sources ?? []).map(absolute);
  return evaluate([y], { ...feed, sources, parameters })[0]!.data;
}
