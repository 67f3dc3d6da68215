import type { Definition } from "../definition.js";
import { at, tensor } from "../tensor.js";

/** NaN ≠ 0. */
export const select: Definition<unknown> = ([condition, a, b], shape) =>
  tensor(shape, (index) => (at(condition!, index) !== 0 ? at(a!, index) : at(b!, index)));
