/** Ops that only repeat, fill, rename or put elsewhere. */
import type { Size } from "../graph/shape.js";
import type { Definition } from "./definition.js";
import { at, element, tensor } from "./tensor.js";

export const broadcastTo: Definition<{ divisor: Size }> = ([x], shape, { divisor }, { rows }) => {
  const n = divisor.factor * (divisor.perRow ? rows : 1);
  return tensor(shape, (index) => at(x!, index) / n);
};

export const fill: Definition<{ value: number }> = (_, shape, { value }) =>
  tensor(shape, () => Math.fround(value));

export const reshape: Definition<unknown> = ([x], shape) => ({ shape, data: x!.data });

export const transpose: Definition<{ permutation: readonly number[] }> = ([x], shape, { permutation }) =>
  tensor(shape, (index) => element(x!, (axis) => index[permutation.indexOf(axis)]!));
