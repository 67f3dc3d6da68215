/** Cases of the reductions over any axes. */
import { ops } from "../../../src/graph/primitives/index.ts";
import type { Accuracy, OpCase } from "../case.ts";
import { uniform } from "../domains.ts";
import { reduction } from "../reductions.ts";

const ordinary = uniform(-3, 3);

/** Of sums, relative to the sum of the absolute terms: f64 totals of at most a few roundings each. */
export const SUM: Accuracy = { relative: 3e-7, floor: "terms" };

export const reductions = {
  sum: reduction(ops.sum, { domain: ordinary }, SUM),
  mean: reduction(ops.mean, { domain: ordinary }, SUM),
} as const satisfies Record<string, OpCase>;
