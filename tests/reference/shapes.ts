/** Ops that only repeat, fill or rename. */
import type { Size } from "../../src/graph/shape.ts";
import type { Definition } from "./definition.ts";
import { at, tensor } from "./tensor.ts";

export const broadcastTo: Definition<{ divisor: Size }> = ([x], shape, { divisor }, { rows }) => {
  const n = divisor.factor * (divisor.perRow ? rows : 1);
  return tensor(shape, (index) => at(x!, index) / n);
};

export const fill: Definition<{ value: number }> = (_, shape, { value }) =>
  tensor(shape, () => Math.fround(value));

export const reshape: Definition<unknown> = ([x], shape) => ({ shape, data: x!.data });
