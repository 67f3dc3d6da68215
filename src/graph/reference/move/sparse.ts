/** Sparse rows, read as they are staged, and their products. */
import type { Definition, Feed } from "../definition.js";
import { type NdArray, ndArray } from "../ndArray.js";

interface Attributes {
  readonly slot: number;
  readonly features: number;
}

/** The rows of a source as dense ones: see assembly/kernels/move/sparse.ts for how they lie. */
function denseRows({ rows, sources }: Feed, { slot, features }: Attributes): NdArray {
  const staged = sources?.[slot] as Uint8Array;
  const view = new DataView(staged.buffer, staged.byteOffset, staged.byteLength);
  const dense = ndArray([rows, features], () => 0);
  for (let row = 0; row < rows; row++) {
    const end = view.getUint32(4 * (row + 1), true);
    for (let at = view.getUint32(4 * row, true); at < end; at += 8) {
      dense.data[row * features + view.getUint32(at, true)] = view.getFloat32(at + 4, true);
    }
  }
  return dense;
}

export const sparseSource: Definition<Attributes> = (_, __, attributes, feed) => denseRows(feed, attributes);

export const sparseProduct: Definition<Attributes> = ([w], shape, attributes, feed) => {
  const x = denseRows(feed, attributes);
  const columns = shape[1]!;
  return ndArray(shape, (index) => {
    let sum = 0;
    for (let k = 0; k < attributes.features; k++) {
      sum += x.data[index[0]! * attributes.features + k]! * w!.data[k * columns + index[1]!]!;
    }
    return sum;
  });
};

export const sparseProductGrad: Definition<Attributes> = ([dy], shape, attributes, feed) => {
  const x = denseRows(feed, attributes);
  const columns = shape[1]!;
  return ndArray(shape, (index) => {
    let sum = 0;
    for (let row = 0; row < feed.rows; row++) {
      sum += x.data[row * attributes.features + index[0]!]! * dy!.data[row * columns + index[1]!]!;
    }
    return sum;
  });
};
