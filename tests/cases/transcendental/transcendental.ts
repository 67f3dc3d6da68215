/** Cases of transcendental functions and of powers. */
import fc from "fast-check";
import { ops } from "../../../src/graph/primitives/index.ts";
import type { Shape } from "../../../src/graph/shape.ts";
import type { Application, OpCase } from "../case.ts";
import { awayFromZero, type Domain, integers, uniform, wide } from "../domains.ts";
import { LARGE, parametric, ROUNDED, TWO_ULP, unary } from "../maps.ts";
import { paired } from "../shapes.ts";

const ordinary = uniform(-3, 3);

/** −3 to 3. */
const whole: Domain = (values, chance) => {
  for (let i = 0; i < values.length; i++) values[i] = Math.floor(7 * chance()) - 3;
};

/** A positive base under any exponent, or a whole one, 0 and below too, under one of 0 to 3. */
const powerOf = ([a, b]: readonly [Shape, Shape], isWhole: boolean): Application => ({
  inputs: isWhole
    ? [
        { shape: a, domain: whole, smooth: awayFromZero(0.3, 2) },
        { shape: b, domain: integers(4), constant: true },
      ]
    : [
        { shape: a, domain: uniform(1e-3, 4), smooth: uniform(0.3, 3) },
        { shape: b, domain: uniform(-5, 5), smooth: uniform(-2, 2) },
      ],
  build: ([x, y]) => ops.power(x!, y!),
  attributes: { isWhole },
});

export const transcendental = {
  exp: unary(ops.exp, { domain: uniform(-80, 80), smooth: ordinary, accuracy: TWO_ULP }),
  log: unary(ops.log, { domain: uniform(1e-6, 8), smooth: uniform(0.3, 4), accuracy: TWO_ULP }),
  log1p: unary(ops.log1p, { domain: uniform(-1, 8), smooth: uniform(-0.7, 4), accuracy: ROUNDED }),
  expm1: unary(ops.expm1, { domain: uniform(-80, 80), smooth: ordinary, accuracy: ROUNDED }),
  sin: unary(ops.sin, { domain: wide, smooth: ordinary, accuracy: ROUNDED }),
  cos: unary(ops.cos, { domain: wide, smooth: ordinary, accuracy: ROUNDED }),
  softplus: unary(ops.softplus, { domain: uniform(-80, 80), smooth: ordinary, accuracy: ROUNDED }),
  erf: unary(ops.erf, { domain: wide, smooth: ordinary, accuracy: TWO_ULP }),
  elu: parametric({
    op: ops.elu,
    attributes: fc.constantFrom(1, 0.3, 0, 2).map((alpha) => ({ alpha })),
    large: { alpha: 1 },
    domain: wide,
    smooth: awayFromZero(0.05, 3),
    accuracy: ROUNDED,
  }),
  power: {
    applications: fc.tuple(paired, fc.boolean()).map((all) => powerOf(...all)),
    accuracy: ROUNDED,
    gradient: "finite differences",
    large: powerOf([LARGE, LARGE], false),
  },
} as const satisfies Record<string, OpCase>;
