/** Gathers along an axis, their adjoint, and one-hot rows. */
import type { Definition } from "../definition.js";
import { at, ndArray } from "../ndArray.js";

/** The element of `indices` at the axes of `index` from `axis` on. */
const place = (indices: Parameters<typeof at>[0], index: readonly number[], axis: number) =>
  at(indices, index.slice(axis, axis + indices.shape.length));

export const take: Definition<{ axis: number }> = ([x, indices], shape, { axis }) =>
  ndArray(shape, (index) => {
    const after = index.slice(axis + indices!.shape.length);
    const from = [...index.slice(0, axis), place(indices!, index, axis), ...after];
    const flat = from.reduce((offset, position, i) => offset * x!.shape[i]! + position, 0);
    return x!.data[flat]!;
  });

export const scatterAdd: Definition<{ axis: number }> = ([dy, indices], shape, { axis }) => {
  const dx = ndArray(shape, () => 0);
  ndArray(dy!.shape, (index, flat) => {
    const after = index.slice(axis + indices!.shape.length);
    const to = [...index.slice(0, axis), place(indices!, index, axis), ...after];
    dx.data[to.reduce((offset, position, i) => offset * shape[i]! + position, 0)]! += dy!.data[flat]!;
    return 0;
  });
  return dx;
};

export const oneHot: Definition<unknown> = ([indices], shape) =>
  ndArray(shape, (index) => (at(indices!, index.slice(0, -1)) === index.at(-1) ? 1 : 0));
