/** Elementwise functions of one value, and their derivatives in terms of the saved output. */
import { type Definition, map } from "../definition.js";
import { type NdArray, ndArray } from "../ndArray.js";

type Inputs = readonly NdArray[];

/** dx = dy · f′, given f′ from y. */
const chain =
  (derivative: (y: number) => number): Definition<unknown> =>
  ([y, dy]: Inputs, shape) =>
    ndArray(shape, (_, i) => dy!.data[i]! * derivative(y!.data[i]!));

export const copy = map((x) => x);
export const negate = map((x) => -x);
export const abs = map(Math.abs);
export const square = map((x) => x * x);
export const squareRoot = map(Math.sqrt);
export const reciprocal = map((x) => 1 / x);
export const tanh = map(Math.tanh);
export const sigmoid = map((x) => 1 / (1 + Math.exp(-x)));
export const relu = map((x) => Math.max(x, 0));
export const sign = map(Math.sign);
export const reciprocalSquareRoot = map((x) => 1 / Math.sqrt(x));

export const reluGrad = chain((y) => (y > 0 ? 1 : 0));
export const sigmoidGrad = chain((y) => y * (1 - y));
export const tanhGrad = chain((y) => 1 - y * y);

// An attribute is an f32 in its record, so an f32 is what it means.

export const affine: Definition<{ scale: number; offset: number }> = ([x], shape, { scale, offset }) =>
  ndArray(shape, (_, i) => Math.fround(scale) * x!.data[i]! + Math.fround(offset));

export const greaterThan: Definition<{ threshold: number }> = ([x], shape, { threshold }) =>
  ndArray(shape, (_, i) => (x!.data[i]! > Math.fround(threshold) ? 1 : 0));
