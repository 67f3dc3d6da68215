/** Transcendental functions, and powers. */
import { type Definition, map } from "../definition.js";
import { at, ndArray } from "../ndArray.js";
import { erf as erfOf } from "./erf.js";

export const log1p = map(Math.log1p);
export const expm1 = map(Math.expm1);
export const sin = map(Math.sin);
export const cos = map(Math.cos);
export const softplus = map((x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))));
export const erf = map(erfOf);

// An attribute is an f32 in its record, so an f32 is what it means.

export const elu: Definition<{ alpha: number }> = ([x], shape, { alpha }) =>
  ndArray(shape, (_, i) => (x!.data[i]! > 0 ? x!.data[i]! : Math.fround(alpha) * Math.expm1(x!.data[i]!)));

/** IEEE 754's pow. ECMAScript's is NaN where the base is ±1 and the exponent infinite, or the base 1 and that NaN. */
export const power: Definition<unknown> = ([a, b], shape) =>
  ndArray(shape, (index) => {
    const [base, exponent] = [at(a!, index), at(b!, index)];
    const isOne = base === 1 || (base === -1 && Math.abs(exponent) === Infinity);
    return isOne ? 1 : base ** exponent;
  });
