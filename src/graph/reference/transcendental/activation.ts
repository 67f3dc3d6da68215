/** Activations that gate x by a smooth step, and their gradients from the saved x. */
import { type Definition, map } from "../definition.js";
import { type NdArray, ndArray } from "../ndArray.js";
import { erf } from "./erf.js";

type Inputs = readonly NdArray[];
type Curve = (x: number) => number;

/** dx = dy · f′(x). */
const chain =
  (slope: Curve): Definition<unknown> =>
  ([x, dy]: Inputs, shape) =>
    ndArray(shape, (_, i) => dy!.data[i]! * slope(x!.data[i]!));

const sigmoid: Curve = (x) => 1 / (1 + Math.exp(-x));
/** φ(x) and Φ(x) of the normal distribution. */
const density: Curve = (x) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);

/** Below −3, where 1 + erf cancels, by the continued fraction of Abramowitz and Stegun 26.2.14. */
const distribution: Curve = (x) => {
  if (x > -3) return (1 + erf(x / Math.SQRT2)) / 2;
  let fraction = 0;
  for (let k = 150; k > 0; k--) fraction = k / (-x + fraction);
  return density(x) / (-x + fraction);
};

/** x · s(x), which is 0 where s has vanished: −Infinity · 0 would be NaN. */
const gate =
  (s: Curve): Curve =>
  (x) =>
    s(x) === 0 ? 0 : x * s(x);

/** s(x) + x s′(x), of which the second vanishes at both ends. */
const slope =
  (s: Curve, rise: Curve): Curve =>
  (x) =>
    s(x) + (rise(x) === 0 ? 0 : x * rise(x));

/** Twice the argument of the tanh: (1 + tanh u) / 2 = sigmoid(2 u). */
const cubic: Curve = (x) => 2 * Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3);
const cubicRise: Curve = (x) => 2 * Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * x ** 2);
const sigmoidRise: Curve = (x) => (Math.abs(x) > 700 ? 0 : sigmoid(x) * sigmoid(-x));
const softplus: Curve = (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

const smoothStep: Curve = (x) => sigmoid(cubic(x));
const smoothRise: Curve = (x) => (Math.abs(x) > 100 ? 0 : sigmoidRise(cubic(x)) * cubicRise(x));
const mishStep: Curve = (x) => Math.tanh(softplus(x));
const mishRise: Curve = (x) => sigmoid(x) / Math.cosh(softplus(x)) ** 2;

export const gelu = map(gate(distribution));
export const geluTanh = map(gate(smoothStep));
export const silu = map(gate(sigmoid));
export const mish = map(gate(mishStep));

export const geluGrad = chain(slope(distribution, density));
export const geluTanhGrad = chain(slope(smoothStep, smoothRise));
export const siluGrad = chain(slope(sigmoid, sigmoidRise));
export const mishGrad = chain(slope(mishStep, mishRise));
