/**
 * Cases of the random functions where chance has nothing to say: rate 0, deviation 0, equal bounds. What they draw is
 * held against its definition by the cases of the ops, and against statistics in tests/ops/randomFunctions.test.ts.
 */
import fc from "fast-check";
import { ndArray } from "../../../src/graph/reference/ndArray.ts";
import { ROWS, type Shape } from "../../../src/graph/shape.ts";
import { inBuild, type Value } from "../../../src/graph/value.ts";
import { dropout, randomNormal, randomUniform } from "../../../src/ops/random.ts";
import type { Application, OpCase } from "../../cases/case.ts";
import { anything, uniform } from "../../cases/domains.ts";
import { rowsAnywhere } from "../../cases/shapes.ts";
import { LARGE, ofOne } from "./pointwise.ts";

const inNode = (build: () => Value) => inBuild({ node: 3 }, build);

/** Everywhere `value`: of the shape of x, which tells how many rows there are. */
const everywhere = (build: (shape: Shape) => Value, value: number): OpCase => {
  const apply = (shape: Shape): Application => ({
    inputs: [{ shape, domain: anything }],
    build: () => inNode(() => build(shape)),
    define: ([x]) => ndArray(x!.shape, () => value),
  });
  return {
    applications: fc.oneof(rowsAnywhere, fc.constant<Shape>([ROWS, 3])).map(apply),
    accuracy: "exact",
    gradient: "leaf",
    large: apply(LARGE),
  };
};

export const random = {
  dropout: ofOne(
    (x) => inNode(() => dropout(x, 0)),
    (x) => x,
    { domain: anything, smooth: uniform(-3, 3) },
    "exact",
  ),
  randomNormal: everywhere((shape) => randomNormal(shape, { mean: 0.75, deviation: 0 }), 0.75),
  randomUniform: everywhere((shape) => randomUniform(shape, { low: -1.5, high: -1.5 }), -1.5),
} as const satisfies Record<string, OpCase>;
