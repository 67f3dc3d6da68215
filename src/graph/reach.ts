/**
 * Between what the numbers of a value lie, whatever inputs and weights are: interval arithmetic (Moore 1966) over the
 * graph. What an op leaves open may be any number.
 */
import type { ops } from "./primitives/index.js";
import { schedule } from "./schedule.js";
import { ROWS } from "./shape.js";
import type { Value } from "./value.js";

export type Reach = readonly [low: number, high: number];
type Rule = (inputs: readonly Reach[], value: Value) => Reach;

const ANY: Reach = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
const UNIT: Reach = [0, 1];
const BOTH: Reach = [-1, 1];
const NOT_NEGATIVE: Reach = [0, Number.POSITIVE_INFINITY];

const hull = (numbers: readonly number[]): Reach => [Math.min(...numbers), Math.max(...numbers)];
/** 0 · ∞ is 0: the factor that is not bounded is a number all the same. */
const product = (a: number, b: number) => (a === 0 || b === 0 ? 0 : a * b);
const products = (a: Reach, b: Reach): Reach => hull(a.flatMap((x) => b.map((y) => product(x, y))));
const scaled = (x: Reach, factor: number): Reach => products(x, [factor, factor]);

const always =
  (reach: Reach): Rule =>
  () =>
    reach;
const first: Rule = ([x]) => x as Reach;
const union: Rule = (inputs) => hull(inputs.flat());
const between: Rule = ([x], value) => {
  const { low, high } = value.attributes as { readonly low: number; readonly high: number };
  return (x as Reach).map((end) => Math.min(Math.max(end, low), high)) as unknown as Reach;
};
/** f never falls. */
const rising =
  (f: (x: number) => number): Rule =>
  ([x]) =>
    (x as Reach).map(f) as unknown as Reach;

/** Of ops that divide. */
function inverse([low, high]: Reach): Reach {
  if (low < 0) return ANY;
  return [high === Number.POSITIVE_INFINITY ? 0 : 1 / high, low === 0 ? Number.POSITIVE_INFINITY : 1 / low];
}

/** How many numbers an op over axes takes together; ∞ where rows are among them. */
function together(value: Value): number {
  const { axes } = value.attributes as { readonly axes: readonly number[] };
  const { shape } = value.inputs[0] as Value;
  const sizes = axes.map((axis) => shape[axis] as number);
  return sizes.includes(ROWS) ? Number.POSITIVE_INFINITY : sizes.reduce((n, size) => n * size, 1);
}

/** Of no numbers at all an extremum is infinite. */
const extremum: Rule = ([x], { inputs }) => (inputs[0]?.shape.includes(0) ? ANY : (x as Reach));

/** Of n numbers of mean 0 and variance 1 none is farther from 0 than √(n − 1). */
const normalized: Rule = (_, value) => {
  const { centered } = value.attributes as { readonly centered: boolean };
  const most = Math.sqrt(together(value) - (centered ? 1 : 0));
  return [-most, most];
};

const powered: Rule = ([base, exponent]) => {
  const [low, high] = base as Reach;
  if (low < 0 || (exponent as Reach)[0] < 0) return ANY;
  return high <= 1 ? UNIT : NOT_NEGATIVE;
};

const square = ([low, high]: Reach): Reach =>
  low < 0 && high > 0 ? [0, Math.max(low * low, high * high)] : hull([low * low, high * high]);

const attribute = <A>(value: Value) => value.attributes as A;

/** By names: the analysis is imported late, and must not bring ops that nobody named. */
const RULES: { readonly [K in keyof typeof ops]?: Rule } = {
  abs: ([x]) => {
    const [low, high] = x as Reach;
    return [Math.max(0, low, -high), Math.max(-low, high)];
  },
  add: ([a, b]) => [(a as Reach)[0] + (b as Reach)[0], (a as Reach)[1] + (b as Reach)[1]],
  affine: ([x], value) => {
    const { scale, offset } = attribute<{ scale: number; offset: number }>(value);
    return scaled(x as Reach, scale).map((end) => end + offset) as unknown as Reach;
  },
  argMax: always(NOT_NEGATIVE),
  broadcastTo: first,
  clip: between,
  concat: union,
  constant: (_, value) => {
    const { values } = attribute<{ values: Float32Array }>(value);
    return [
      values.reduce((least, x) => Math.min(least, x), Number.POSITIVE_INFINITY),
      values.reduce((most, x) => Math.max(most, x), Number.NEGATIVE_INFINITY),
    ];
  },
  copy: first,
  cos: always(BOTH),
  customGradient: first,
  divide: ([a, b]) => products(a as Reach, inverse(b as Reach)),
  dropout: ([x], value) => {
    const { rate } = attribute<{ rate: number }>(value);
    return hull([0, ...scaled(x as Reach, 1 / (1 - rate))]);
  },
  elu: ([x], value) => {
    const { alpha } = attribute<{ alpha: number }>(value);
    return (x as Reach)[0] >= 0 ? (x as Reach) : hull([0, -alpha, (x as Reach)[1]]);
  },
  equal: always(UNIT),
  erf: always(BOTH),
  exp: always(NOT_NEGATIVE),
  expm1: always([-1, Number.POSITIVE_INFINITY]),
  fill: (_, value) => {
    const { value: one } = attribute<{ value: number }>(value);
    return [one, one];
  },
  // The least values of these lie at −0.7518, −0.7525, −1.2785 and −1.1924.
  gelu: ([x]) => [-0.17, Math.max(0, (x as Reach)[1])],
  geluTanh: ([x]) => [-0.1702, Math.max(0, (x as Reach)[1])],
  silu: ([x]) => [-0.2785, Math.max(0, (x as Reach)[1])],
  mish: ([x]) => [-0.3089, Math.max(0, (x as Reach)[1])],
  greater: always(UNIT),
  greaterEqual: always(UNIT),
  greaterThan: always(UNIT),
  hardTanh: between,
  leakyRelu: ([x], value) => {
    const { slope } = attribute<{ slope: number }>(value);
    const [low, high] = x as Reach;
    const bent = (end: number) => (end > 0 ? end : product(slope, end));
    return hull([bent(low), bent(high), ...(low < 0 && high > 0 ? [0] : [])]);
  },
  log: ([x]) => ((x as Reach)[1] <= 1 ? [Number.NEGATIVE_INFINITY, 0] : ANY),
  logSoftmax: always([Number.NEGATIVE_INFINITY, 0]),
  max: extremum,
  maximum: ([a, b]) => [
    Math.max((a as Reach)[0], (b as Reach)[0]),
    Math.max((a as Reach)[1], (b as Reach)[1]),
  ],
  mean: first,
  min: extremum,
  minimum: ([a, b]) => [
    Math.min((a as Reach)[0], (b as Reach)[0]),
    Math.min((a as Reach)[1], (b as Reach)[1]),
  ],
  multiply: ([a, b], { inputs }) =>
    inputs[0] === inputs[1] ? square(a as Reach) : products(a as Reach, b as Reach),
  negate: ([x]) => scaled(x as Reach, -1),
  normalize: normalized,
  // What noise is added to, or multiplied by, is of the kind that it was: its mean is what counts.
  normalNoise: (_, value) => {
    const { mean } = attribute<{ mean: number }>(value);
    return [mean, mean];
  },
  notEqual: always(UNIT),
  oneHot: always(UNIT),
  pad: ([x], value) => hull([...(x as Reach), attribute<{ value: number }>(value).value]),
  power: powered,
  reciprocal: ([x]) => inverse(x as Reach),
  reciprocalSquareRoot: always(NOT_NEGATIVE),
  relu: rising((x) => Math.max(0, x)),
  reshape: first,
  select: ([, a, b]) => hull([...(a as Reach), ...(b as Reach)]),
  sigmoid: always(UNIT),
  sign: always(BOTH),
  sin: always(BOTH),
  slice: first,
  softmax: (_, { shape }) => (shape.at(-1) === 1 ? [1, 1] : UNIT),
  softplus: always(NOT_NEGATIVE),
  square: ([x]) => square(x as Reach),
  squareRoot: always(NOT_NEGATIVE),
  stopGradient: first,
  subtract: ([a, b]) => [(a as Reach)[0] - (b as Reach)[1], (a as Reach)[1] - (b as Reach)[0]],
  sum: ([x], value) => scaled(x as Reach, together(value)),
  take: first,
  tanh: always(BOTH),
  transpose: first,
  uniformNoise: (_, value) => {
    const { low, high } = attribute<{ low: number; high: number }>(value);
    return [(low + high) / 2, (low + high) / 2];
  },
};

/** Between what the numbers of a value lie. */
export function reachOf(value: Value): Reach {
  const reaches = new Map<Value, Reach>();
  for (const one of schedule([value])) {
    const rule = RULES[one.op.name as keyof typeof RULES];
    const inputs = one.inputs.map((input) => reaches.get(input) as Reach);
    const [low, high] = rule?.(inputs, one) ?? ANY;
    // What is not known, as ∞ − ∞, is open.
    reaches.set(one, [
      Number.isNaN(low) ? Number.NEGATIVE_INFINITY : low,
      Number.isNaN(high) ? Number.POSITIVE_INFINITY : high,
    ]);
  }
  return reaches.get(value) as Reach;
}
