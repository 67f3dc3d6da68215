import type { Size } from "../../shape.js";
import type { Definition } from "../definition.js";
import { at, ndArray } from "../ndArray.js";

/** Repeated to a larger shape, and divided on the way. */
export const broadcastTo: Definition<{ divisor: Size }> = ([x], shape, { divisor }, { rows }) => {
  const n = divisor.factor * (divisor.perRow ? rows : 1);
  return ndArray(shape, (index) => at(x!, index) / n);
};
