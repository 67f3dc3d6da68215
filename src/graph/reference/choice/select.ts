import type { Definition } from "../definition.js";
import { at, ndArray } from "../ndArray.js";

/** NaN ≠ 0. */
export const select: Definition<unknown> = ([condition, a, b], shape) =>
  ndArray(shape, (index) => (at(condition!, index) !== 0 ? at(a!, index) : at(b!, index)));
