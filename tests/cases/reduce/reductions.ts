/** Cases of the reductions over any axes, and of running sums. */
import fc from "fast-check";
import { ops } from "../../../src/graph/primitives/index.ts";
import type { Over } from "../../../src/graph/primitives/reduce/reduce.ts";
import type { Shape } from "../../../src/graph/shape.ts";
import type { Value } from "../../../src/graph/value.ts";
import type { Accuracy, Application, Input, OpCase } from "../case.ts";
import { anything, distinct, uniform } from "../domains.ts";
import { anyShape, rowsAnywhere } from "../shapes.ts";

const LARGE: Shape = [64, 1024];
const ordinary = uniform(-3, 3);

export const shapes: fc.Arbitrary<Shape> = fc.oneof(anyShape, rowsAnywhere);

/** A shape and some of its axes: none, all, a run, or several runs. */
export const overAxes: fc.Arbitrary<{ shape: Shape; axes: number[] }> = shapes.chain((shape) =>
  fc
    .subarray(shape.map((_, axis) => axis))
    .chain((axes) => fc.constantFrom(axes, axes.toReversed()))
    .map((axes) => ({ shape, axes })),
);

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

const cumulativeSumOf = (shape: Shape, axis: number, reverse: boolean, exclusive: boolean): Application => ({
  inputs: [{ shape, domain: ordinary }],
  build: ([x]) => ops.cumulativeSum(x!, { axis, reverse, exclusive }),
  attributes: { axis, reverse, exclusive },
});

/** A shape of at least one axis, and one of its axes. */
export const alongAxis: fc.Arbitrary<{ shape: Shape; axis: number }> = shapes
  .filter((shape) => shape.length > 0)
  .chain((shape) => fc.nat(shape.length - 1).map((axis) => ({ shape, axis })));

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
  cumulativeSum: {
    applications: fc
      .tuple(alongAxis, fc.boolean(), fc.boolean())
      .map(([{ shape, axis }, ...flags]) => cumulativeSumOf(shape, axis, ...flags)),
    // In f64, rounded once: half a unit in the last place, and what f64 leaves of the terms that cancel.
    accuracy: { relative: 2 ** -23.99, floor: 1e-6 },
    gradient: "finite differences",
    large: cumulativeSumOf(LARGE, 1, false, false),
  },
} as const satisfies Record<string, OpCase>;
