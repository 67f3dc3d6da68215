/** Elementwise functions of two values, broadcast by NumPy's rule. */
import type { Definition } from "../definition.js";
import { at, ndArray } from "../ndArray.js";

export const zip =
  (f: (a: number, b: number) => number): Definition<unknown> =>
  ([a, b], shape) =>
    ndArray(shape, (index) => f(at(a!, index), at(b!, index)));

export const add = zip((a, b) => a + b);
export const subtract = zip((a, b) => a - b);
export const multiply = zip((a, b) => a * b);
export const divide = zip((a, b) => a / b);
export const maximum = zip(Math.max);
export const equal = zip((a, b) => (a === b ? 1 : 0));
