/** Pooling by its definition: the places of the map that each window sees. */
import type { PoolAttributes, PoolGradAttributes } from "../../primitives/convolution/pool.js";
import type { Shape } from "../../shape.js";
import type { Definition } from "../definition.js";
import { length } from "../ndArray.js";

interface Window {
  /** Flat places of the map. */
  readonly places: readonly number[];
  /** What a mean divides by. */
  readonly counted: number;
}

/** From the first to before the last place along an axis, and how many count. */
function along(i: number, axis: 0 | 1, size: number, attributes: PoolAttributes): [number, number, number] {
  if ("places" in attributes) {
    const n = attributes.places[axis];
    const [from, to] = [Math.floor((i * size) / n), Math.ceil(((i + 1) * size) / n)];
    return [from, to, to - from];
  }
  const { window, strides, padding, countsPadding } = attributes;
  const start = i * strides[axis] - padding[2 * axis]!;
  const end = start + window[axis]!;
  const [from, to] = [Math.max(0, start), Math.min(size, end)];
  return [from, to, countsPadding ? Math.min(end, size + padding[2 * axis + 1]!) - start : to - from];
}

/** The window of each element of y, in order. */
function windows(x: Shape, y: Shape, attributes: PoolAttributes): Window[] {
  const [, height, width, channels] = x as [number, number, number, number];
  const [images, rows, columns] = y as [number, number, number, number];
  return Array.from({ length: images * rows * columns * channels }, (_, flat) => {
    const channel = flat % channels;
    const place = Math.floor(flat / channels);
    const [top, bottom, high] = along(Math.floor(place / columns) % rows, 0, height, attributes);
    const [left, right, wide] = along(place % columns, 1, width, attributes);
    const image = Math.floor(place / (rows * columns));
    const places: number[] = [];
    for (let r = top; r < bottom; r++) {
      for (let c = left; c < right; c++) places.push(((image * height + r) * width + c) * channels + channel);
    }
    return { places, counted: high * wide };
  });
}

export const maxPool2d: Definition<PoolAttributes> = ([x], shape, attributes) => ({
  shape,
  data: Float64Array.from(windows(x!.shape, shape, attributes), ({ places }) =>
    Math.max(...places.map((place) => x!.data[place]!)),
  ),
});

export const maxPool2dGrad: Definition<PoolAttributes> = ([x, dy], shape, attributes) => {
  const data = new Float64Array(length(shape));
  windows(shape, dy!.shape, attributes).forEach(({ places }, i) => {
    const values = places.map((place) => x!.data[place]!);
    data[places[values.indexOf(Math.max(...values))]!]! += dy!.data[i]!;
  });
  return { shape, data };
};

export const averagePool2d: Definition<PoolAttributes> = ([x], shape, attributes) => ({
  shape,
  data: Float64Array.from(
    windows(x!.shape, shape, attributes),
    ({ places, counted }) => places.reduce((sum, place) => sum + x!.data[place]!, 0) / counted,
  ),
});

export const averagePool2dGrad: Definition<PoolGradAttributes> = ([dy], shape, attributes) => {
  const data = new Float64Array(length(shape));
  windows(shape, dy!.shape, attributes).forEach(({ places, counted }, i) => {
    for (const place of places) data[place]! += dy!.data[i]! / counted;
  });
  return { shape, data };
};
