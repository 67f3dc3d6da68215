/** Cases of functions of one element and of two. */
import { ops } from "../../../src/graph/primitives/index.ts";
import type { OpCase } from "../case.ts";
import { anything, awayFromZero, distinct, uniform } from "../domains.ts";
import { binary, type Settings, TWO_ULP, unary, unaryGrad } from "../maps.ts";

const ordinary = uniform(-3, 3);
const kinked: Settings = { domain: anything, smooth: awayFromZero(0.05, 3), accuracy: "exact" };

export const elementwise = {
  copy: unary(ops.copy, { domain: anything, smooth: ordinary, accuracy: "exact" }),
  negate: unary(ops.negate, { domain: anything, smooth: ordinary, accuracy: "exact" }),
  abs: unary(ops.abs, kinked),
  square: unary(ops.square, { domain: anything, smooth: ordinary, accuracy: "exact" }),
  squareRoot: unary(ops.squareRoot, { domain: uniform(0.2, 4), accuracy: "exact" }),
  reciprocal: unary(ops.reciprocal, { domain: anything, smooth: awayFromZero(0.3, 3), accuracy: "exact" }),
  tanh: unary(ops.tanh, { domain: uniform(-10, 10), smooth: ordinary, accuracy: TWO_ULP }),
  sigmoid: unary(ops.sigmoid, { domain: uniform(-80, 80), smooth: ordinary, accuracy: TWO_ULP }),
  relu: unary(ops.relu, kinked),
  sign: unary(ops.sign, { domain: anything, smooth: awayFromZero(0.05, 3), accuracy: "exact" }),
  reciprocalSquareRoot: unary(ops.reciprocalSquareRoot, {
    domain: uniform(1e-3, 4),
    smooth: uniform(0.3, 4),
    accuracy: { relative: 2 ** -23 },
  }),

  reluGrad: unaryGrad(ops.reluGrad, anything, "exact"),
  sigmoidGrad: unaryGrad(ops.sigmoidGrad, uniform(0, 1), { relative: 3e-7 }),
  tanhGrad: unaryGrad(ops.tanhGrad, uniform(-1, 1), { relative: 3e-7, floor: 2 }),

  add: binary(ops.add, ordinary, ordinary),
  subtract: binary(ops.subtract, ordinary, ordinary),
  multiply: binary(ops.multiply, ordinary, ordinary),
  divide: binary(ops.divide, ordinary, awayFromZero(0.3, 3)),
  maximum: binary(ops.maximum, distinct(), distinct(0.025)),
  equal: binary(ops.equal, ordinary, ordinary, "none"),
} as const satisfies Record<string, OpCase>;
