/** Cases of arithmetic, elementary functions, comparisons and choices. */

import type { Value } from "../../../src/graph/value.ts";
import * as comparison from "../../../src/ops/comparison.ts";
import * as functions from "../../../src/ops/elementwise.ts";
import type { Accuracy, OpCase } from "../../cases/case.ts";
import {
  anything,
  awayFromZero,
  type Domain,
  distinct,
  integers,
  uniform,
  wide,
} from "../../cases/domains.ts";
import { type Numbers, ofOne, ofThree, ofTwo } from "./pointwise.ts";

const ordinary = uniform(-3, 3);
const smooth: Numbers = { domain: anything, smooth: ordinary };
const kinked: Numbers = { domain: anything, smooth: awayFromZero(0.05, 3) };
const bent: Numbers = { domain: wide, smooth: ordinary };

/** Two units in the last place; and what is rounded once from f64. */
const TWO_ULP: Accuracy = { relative: 2 ** -22 };
const ROUNDED: Accuracy = { relative: 2 ** -23.9 };

/** −2.85 to 2.95 by 0.2: off −0.75 and 1.5 by more than a step. */
const offEnds: Domain = (values, chance) => {
  for (let i = 0; i < values.length; i++) values[i] = Math.floor(30 * chance()) / 5 - 2.85;
};

const arithmetic = {
  add: ofTwo(functions.add, (a, b) => a + b, [smooth, smooth], "exact"),
  subtract: ofTwo(functions.subtract, (a, b) => a - b, [smooth, smooth], "exact"),
  multiply: ofTwo(functions.multiply, (a, b) => a * b, [smooth, smooth], "exact"),
  divide: ofTwo(
    functions.divide,
    (a, b) => a / b,
    [smooth, { domain: anything, smooth: awayFromZero(0.3, 3) }],
    "exact",
  ),
  power: ofTwo(
    functions.power,
    (a, b) => a ** b,
    [
      { domain: uniform(1e-3, 4), smooth: uniform(0.3, 3) },
      { domain: uniform(-5, 5), smooth: uniform(-2, 2) },
    ],
    ROUNDED,
    { n: 2 },
  ),
  minimum: ofTwo(
    functions.minimum,
    Math.min,
    [
      { domain: anything, smooth: distinct(0.04) },
      { domain: anything, smooth: distinct(0.065) },
    ],
    "exact",
  ),
  maximum: ofTwo(
    functions.maximum,
    Math.max,
    [
      { domain: anything, smooth: distinct(0.04) },
      { domain: anything, smooth: distinct(0.065) },
    ],
    "exact",
  ),
};

const ofNumbers = {
  negate: ofOne(functions.negate, (x) => -x, smooth, "exact"),
  abs: ofOne(functions.abs, Math.abs, kinked, "exact"),
  sign: ofOne(functions.sign, Math.sign, kinked, "exact"),
  square: ofOne(functions.square, (x) => x * x, smooth, "exact"),
  sqrt: ofOne(functions.sqrt, Math.sqrt, { domain: uniform(0.2, 4) }, "exact"),
  rsqrt: ofOne(functions.rsqrt, (x) => 1 / Math.sqrt(x), { domain: uniform(0.3, 4) }, TWO_ULP),
  reciprocal: ofOne(
    functions.reciprocal,
    (x) => 1 / x,
    { domain: anything, smooth: awayFromZero(0.3, 3) },
    "exact",
  ),
  exp: ofOne(functions.exp, Math.exp, { domain: uniform(-80, 80), smooth: ordinary }, TWO_ULP),
  log: ofOne(functions.log, Math.log, { domain: uniform(1e-6, 8), smooth: uniform(0.3, 4) }, TWO_ULP),
  log1p: ofOne(functions.log1p, Math.log1p, { domain: uniform(-1, 8), smooth: uniform(-0.7, 4) }, ROUNDED),
  expm1: ofOne(functions.expm1, Math.expm1, { domain: uniform(-80, 80), smooth: ordinary }, ROUNDED),
  sin: ofOne(functions.sin, Math.sin, bent, ROUNDED),
  cos: ofOne(functions.cos, Math.cos, bent, ROUNDED),
  erf: ofOne(functions.erf, erf, bent, TWO_ULP),
  clip: ofOne(
    (x) => functions.clip(x, -0.75, 1.5),
    (x) => Math.min(Math.max(x, -0.75), 1.5),
    { domain: anything, smooth: offEnds },
    "exact",
  ),
  stopGradient: ofOne(functions.stopGradient, (x) => x, smooth, "exact", "none"),
};

const STEPS = 2000;

/** 2/√π ∫₀ˣ e^(−t²) dt as it is defined, by Simpson's rule; from 6 on it is ±1 in f64. */
function erf(x: number): number {
  const end = Math.max(-6, Math.min(6, x));
  const h = end / STEPS;
  let sum = 1 + Math.exp(-end * end);
  for (let i = 1; i < STEPS; i++) sum += (i % 2 === 1 ? 4 : 2) * Math.exp(-((i * h) ** 2));
  return ((2 / Math.sqrt(Math.PI)) * sum * h) / 3;
}

type Compare = (a: Value | number, b: Value | number) => Value;

const compared = (build: Compare, f: (a: number, b: number) => boolean): OpCase =>
  ofTwo(build, (a, b) => (f(a, b) ? 1 : 0), [smooth, smooth], "exact", { n: 1, gradient: "none" });

const comparisons = {
  equal: compared(comparison.equal, (a, b) => a === b),
  notEqual: compared(comparison.notEqual, (a, b) => a !== b),
  greater: compared(comparison.greater, (a, b) => a > b),
  greaterEqual: compared(comparison.greaterEqual, (a, b) => a >= b),
  less: compared(comparison.less, (a, b) => a < b),
  lessEqual: compared(comparison.lessEqual, (a, b) => a <= b),
  where: ofThree(
    comparison.where,
    (condition, a, b) => (condition === 0 ? b : a),
    [{ domain: anything, smooth: integers(2), constant: true }, smooth, smooth],
    "exact",
  ),
};

export const elementwise = { ...arithmetic, ...ofNumbers, ...comparisons } as const satisfies Record<
  string,
  OpCase
>;
