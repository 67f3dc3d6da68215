/** Cases of running sums, and of other shapes of the same elements. */
import fc from "fast-check";
import { ops } from "../../../src/graph/primitives/index.ts";
import { ROWS, type Shape, sizeOf } from "../../../src/graph/shape.ts";
import type { Application, OpCase } from "../case.ts";
import { anything, uniform } from "../domains.ts";
import { LARGE } from "../maps.ts";
import { alongAxis, anyShape } from "../shapes.ts";

const ordinary = uniform(-3, 3);

const cumulativeSumOf = (shape: Shape, axis: number, reverse: boolean, exclusive: boolean): Application => ({
  inputs: [{ shape, domain: ordinary }],
  build: ([x]) => ops.cumulativeSum(x!, { axis, reverse, exclusive }),
  attributes: { axis, reverse, exclusive },
});

const reshapeOf = (from: Shape, to: Shape): Application => ({
  inputs: [{ shape: from, domain: anything, smooth: ordinary }],
  build: ([x]) => ops.reshape(x!, { shape: to }),
  attributes: { to },
});

/** All ways to write the same elements. */
const reshaped: fc.Arbitrary<Application> = anyShape.chain((shape) => {
  const { factor, perRow } = sizeOf(shape);
  const rows = perRow ? [ROWS] : [];
  return fc
    .constantFrom<Shape>([...rows, factor], [...rows, 1, factor], [...rows, factor, 1], [1, ...shape])
    .map((to) => reshapeOf(shape, to));
});

export const running = {
  cumulativeSum: {
    applications: fc
      .tuple(alongAxis, fc.boolean(), fc.boolean())
      .map(([{ shape, axis }, ...flags]) => cumulativeSumOf(shape, axis, ...flags)),
    // In f64, rounded once: half a unit in the last place, and what f64 leaves of the terms that cancel.
    accuracy: { relative: 2 ** -23.99, floor: 1e-6 },
    gradient: "finite differences",
    large: cumulativeSumOf(LARGE, 1, false, false),
  },
  reshape: {
    applications: reshaped,
    accuracy: "exact",
    gradient: "finite differences",
    large: reshapeOf(LARGE, [1024, 64]),
  },
} as const satisfies Record<string, OpCase>;
