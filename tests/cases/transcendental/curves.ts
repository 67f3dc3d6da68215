/** Cases of elementwise functions that bend: transcendental ones, powers, and those with a kink. */
import fc from "fast-check";
import { ops } from "../../../src/graph/primitives/index.ts";
import type { Shape } from "../../../src/graph/shape.ts";
import type { Value } from "../../../src/graph/value.ts";
import type { Accuracy, Application, OpCase } from "../case.ts";
import { anything, awayFromZero, type Domain, integers, uniform } from "../domains.ts";
import { LARGE, TWO_ULP, unary } from "../elementwise/elementwise.ts";
import { anyShape, paired } from "../shapes.ts";

/** Rounded from f64: at most 0.52 units in the last place. */
const ROUNDED: Accuracy = { relative: 2 ** -23.9 };

const ordinary = uniform(-3, 3);

/** Either sign, and sizes from 10^-12 to 10^38. */
export const wide: Domain = (values, chance) => {
  for (let i = 0; i < values.length; i++) values[i] = (chance() < 0.5 ? -1 : 1) * 10 ** (50 * chance() - 12);
};

interface Parametric<A> {
  readonly op: (x: Value, attributes: A) => Value;
  readonly attributes: fc.Arbitrary<A>;
  readonly large: A;
  readonly domain: Domain;
  readonly smooth: Domain;
  readonly accuracy: Accuracy;
}

function parametric<A>({ op, attributes, large, domain, smooth, accuracy }: Parametric<A>): OpCase {
  const apply = (shape: Shape, chosen: A): Application => ({
    inputs: [{ shape, domain, smooth }],
    build: ([x]) => op(x!, chosen),
    attributes: chosen,
  });
  return {
    applications: fc.tuple(anyShape, attributes).map(([shape, chosen]) => apply(shape, chosen)),
    accuracy,
    gradient: "finite differences",
    large: apply(LARGE, large),
  };
}

const record = <A>(name: keyof A & string, values: readonly number[]) =>
  fc.constantFrom(...values).map((value) => ({ [name]: value }) as A);

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

export const curves = {
  sign: unary(ops.sign, { domain: anything, smooth: awayFromZero(0.05, 3), accuracy: "exact" }),
  reciprocalSquareRoot: unary(ops.reciprocalSquareRoot, {
    domain: uniform(1e-3, 4),
    smooth: uniform(0.3, 4),
    accuracy: { relative: 2 ** -23 },
  }),
  log1p: unary(ops.log1p, { domain: uniform(-1, 8), smooth: uniform(-0.7, 4), accuracy: ROUNDED }),
  expm1: unary(ops.expm1, { domain: uniform(-80, 80), smooth: ordinary, accuracy: ROUNDED }),
  sin: unary(ops.sin, { domain: wide, smooth: ordinary, accuracy: ROUNDED }),
  cos: unary(ops.cos, { domain: wide, smooth: ordinary, accuracy: ROUNDED }),
  softplus: unary(ops.softplus, { domain: uniform(-80, 80), smooth: ordinary, accuracy: ROUNDED }),
  erf: unary(ops.erf, { domain: wide, smooth: ordinary, accuracy: TWO_ULP }),
  leakyRelu: parametric({
    op: ops.leakyRelu,
    attributes: record<{ slope: number }>("slope", [0.01, 0.3, 2, -1]),
    large: { slope: 0.1 },
    domain: anything,
    smooth: awayFromZero(0.05, 3),
    accuracy: "exact",
  }),
  elu: parametric({
    op: ops.elu,
    attributes: record<{ alpha: number }>("alpha", [1, 0.3, 0, 2]),
    large: { alpha: 1 },
    domain: wide,
    smooth: awayFromZero(0.05, 3),
    accuracy: ROUNDED,
  }),
  clip: parametric({
    op: ops.clip,
    attributes: fc.constantFrom({ low: -1, high: 1 }, { low: 0, high: 0.1 }, { low: -Infinity, high: 1 }),
    large: { low: -1, high: 1 },
    domain: anything,
    // Off the ends ±1, 0 and 0.1 by more than a step.
    smooth: (values, chance) => {
      for (let i = 0; i < values.length; i++) values[i] = Math.floor(chance() * 30) / 5 - 2.95;
    },
    accuracy: "exact",
  }),
  power: {
    applications: fc.tuple(paired, fc.boolean()).map((all) => powerOf(...all)),
    accuracy: ROUNDED,
    gradient: "finite differences",
    large: powerOf([LARGE, LARGE], false),
  },
} as const satisfies Record<string, OpCase>;
