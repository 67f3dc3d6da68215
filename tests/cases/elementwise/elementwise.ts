/** Cases of the unary and binary families. */

import fc from "fast-check";
import { ops } from "../../../src/graph/primitives/index.ts";
import type { Shape } from "../../../src/graph/shape.ts";
import type { Value } from "../../../src/graph/value.ts";
import type { Accuracy, Application, OpCase } from "../case.ts";
import { anything, awayFromZero, type Domain, distinct, uniform } from "../domains.ts";
import { anyShape, paired } from "../shapes.ts";

export const LARGE: Shape = [64, 1024];

type Unary = (x: Value) => Value;
type Pair = (a: Value, b: Value) => Value;

/** Two units in the last place. */
export const TWO_ULP: Accuracy = { relative: 2 ** -22 };

export interface Settings {
  readonly domain: Domain;
  readonly smooth?: Domain;
  readonly accuracy: Accuracy;
}

export function unary(op: Unary, { domain, smooth = domain, accuracy }: Settings): OpCase {
  const apply = (shape: Shape): Application => ({
    inputs: [{ shape, domain, smooth }],
    build: ([x]) => op(x!),
  });
  return { applications: anyShape.map(apply), accuracy, gradient: "finite differences", large: apply(LARGE) };
}

/** dx from y and dy. */
function unaryGrad(op: Pair, y: Domain, accuracy: Accuracy): OpCase {
  const apply = (shape: Shape): Application => ({
    inputs: [
      { shape, domain: y },
      { shape, domain: uniform(-2, 2) },
    ],
    build: ([a, b]) => op(a!, b!),
  });
  return { applications: anyShape.map(apply), accuracy, gradient: "none", large: apply(LARGE) };
}

export function binary(
  op: Pair,
  a: Domain,
  b: Domain,
  gradient: OpCase["gradient"] = "finite differences",
): OpCase {
  const apply = ([left, right]: readonly [Shape, Shape]): Application => ({
    inputs: [
      { shape: left, domain: anything, smooth: a },
      { shape: right, domain: anything, smooth: b },
    ],
    build: ([x, y]) => op(x!, y!),
  });
  return { applications: paired.map(apply), accuracy: "exact", gradient, large: apply([LARGE, LARGE]) };
}

const step = fc.constantFrom(-2, -0.5, -0.1, 0, 0.1, 1 / 3, 1, 2);

const affineOf = (shape: Shape, scale: number, offset: number): Application => ({
  inputs: [{ shape, domain: uniform(-3, 3) }],
  build: ([x]) => ops.affine(x!, { scale, offset }),
  attributes: { scale, offset },
});

const greaterThanOf = (shape: Shape, threshold: number): Application => ({
  inputs: [{ shape, domain: anything }],
  build: ([x]) => ops.greaterThan(x!, { threshold }),
  attributes: { threshold },
});

const ordinary = uniform(-3, 3);
const kinked: Settings = { domain: anything, smooth: awayFromZero(0.05, 3), accuracy: "exact" };

export const elementwise = {
  copy: unary(ops.copy, { domain: anything, smooth: ordinary, accuracy: "exact" }),
  negate: unary(ops.negate, { domain: anything, smooth: ordinary, accuracy: "exact" }),
  abs: unary(ops.abs, kinked),
  square: unary(ops.square, { domain: anything, smooth: ordinary, accuracy: "exact" }),
  squareRoot: unary(ops.squareRoot, { domain: uniform(0.2, 4), accuracy: "exact" }),
  reciprocal: unary(ops.reciprocal, { domain: anything, smooth: awayFromZero(0.3, 3), accuracy: "exact" }),
  exp: unary(ops.exp, { domain: uniform(-80, 80), smooth: ordinary, accuracy: TWO_ULP }),
  log: unary(ops.log, { domain: uniform(1e-6, 8), smooth: uniform(0.3, 4), accuracy: TWO_ULP }),
  tanh: unary(ops.tanh, { domain: uniform(-10, 10), smooth: ordinary, accuracy: TWO_ULP }),
  sigmoid: unary(ops.sigmoid, { domain: uniform(-80, 80), smooth: ordinary, accuracy: TWO_ULP }),
  relu: unary(ops.relu, kinked),

  reluGrad: unaryGrad(ops.reluGrad, anything, "exact"),
  sigmoidGrad: unaryGrad(ops.sigmoidGrad, uniform(0, 1), { relative: 3e-7 }),
  tanhGrad: unaryGrad(ops.tanhGrad, uniform(-1, 1), { relative: 3e-7, floor: 2 }),

  affine: {
    applications: fc.tuple(anyShape, step, step).map((all) => affineOf(...all)),
    // scale · x and offset are at most 8 together.
    accuracy: { relative: 2 ** -23, floor: 8 },
    gradient: "finite differences",
    large: affineOf(LARGE, 1.5, -0.25),
  },
  greaterThan: {
    applications: fc.tuple(anyShape, step).map((all) => greaterThanOf(...all)),
    accuracy: "exact",
    gradient: "none",
    large: greaterThanOf(LARGE, 0.5),
  },

  add: binary(ops.add, ordinary, ordinary),
  subtract: binary(ops.subtract, ordinary, ordinary),
  multiply: binary(ops.multiply, ordinary, ordinary),
  divide: binary(ops.divide, ordinary, awayFromZero(0.3, 3)),
  minimum: binary(ops.minimum, distinct(), distinct(0.025)),
  maximum: binary(ops.maximum, distinct(), distinct(0.025)),
  equal: binary(ops.equal, ordinary, ordinary, "none"),
} as const satisfies Record<string, OpCase>;
