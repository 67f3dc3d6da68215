/** Cases of the reductions over any axes. */
import { ops } from "../../../src/graph/primitives/index.ts";
import type { Over } from "../../../src/graph/primitives/reduce/reduce.ts";
import type { Shape } from "../../../src/graph/shape.ts";
import type { Value } from "../../../src/graph/value.ts";
import type { Accuracy, Application, Input, OpCase } from "../case.ts";
import { anything, distinct, uniform } from "../domains.ts";
import { LARGE } from "../maps.ts";
import { overAxes } from "../shapes.ts";

const ordinary = uniform(-3, 3);

function reduction(
  op: (x: Value, over: Over) => Value,
  domains: Pick<Input, "domain" | "smooth">,
  accuracy: Accuracy,
): OpCase {
  const apply = ({ shape, axes }: { shape: Shape; axes: number[] }): Application => ({
    inputs: [{ shape, ...domains }],
    build: ([x]) => op(x!, { axes }),
    attributes: { axes },
  });
  return {
    applications: overAxes.map(apply),
    accuracy,
    gradient: "finite differences",
    large: apply({ shape: LARGE, axes: [1] }),
  };
}

/** Of sums, relative to the sum of the absolute terms: f64 totals of at most a few roundings each. */
export const SUM: Accuracy = { relative: 3e-7, floor: "terms" };

export const reductions = {
  sum: reduction(ops.sum, { domain: ordinary }, SUM),
  mean: reduction(ops.mean, { domain: ordinary }, SUM),
  max: reduction(ops.max, { domain: anything, smooth: distinct() }, "exact"),
  min: reduction(ops.min, { domain: anything, smooth: distinct() }, "exact"),
  // The greatest and the logarithm, of at most ln 3,600, round once or twice each.
  logSumExp: reduction(
    ops.logSumExp,
    { domain: uniform(-8, 8), smooth: ordinary },
    { relative: 3e-7, floor: 4 },
  ),
} as const satisfies Record<string, OpCase>;
