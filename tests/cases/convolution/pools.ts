/** Cases of pooling. */
import fc from "fast-check";
import type { PoolAttributes } from "../../../src/graph/primitives/convolution/pool.ts";
import type { Pair } from "../../../src/graph/primitives/convolution/sizes.ts";
import { ops } from "../../../src/graph/primitives/index.ts";
import { ROWS, type Shape } from "../../../src/graph/shape.ts";
import type { Application, OpCase } from "../case.ts";
import { anything, distinct, integers, uniform } from "../domains.ts";

interface Pooled {
  readonly x: Shape;
  readonly y: Shape;
  readonly attributes: PoolAttributes;
}

const between = (min: number, max: number) => fc.integer({ min, max });
const pair = (one: fc.Arbitrary<number>): fc.Arbitrary<Pair> => fc.tuple(one, one);
const images = fc.constantFrom(ROWS, 2);
const channels = fc.oneof(between(1, 5), fc.constantFrom(7, 8, 9, 16, 17));

/** Windows that may overlap, leave places out, reach into padding, or end before the map does. */
const stepped: fc.Arbitrary<Pooled> = fc
  .record({
    images,
    channels,
    places: pair(between(1, 4)),
    window: pair(between(1, 4)),
    strides: pair(between(1, 4)),
    padding: fc.tuple(between(0, 2), between(0, 2), between(0, 2), between(0, 2)),
    rest: pair(between(0, 3)),
    countsPadding: fc.boolean(),
  })
  .map(({ padding: given, window, strides, rest, places, countsPadding, ...shape }) => {
    const padding = given.map((zeros, i) => Math.min(zeros, Math.floor(window[i >> 1]! / 2)));
    const size = places.map((n, axis) => {
      const seen = (n - 1) * strides[axis]! + window[axis]! + Math.min(rest[axis]!, strides[axis]! - 1);
      return Math.max(1, seen - padding[2 * axis]! - padding[2 * axis + 1]!);
    });
    const fits = (axis: number) =>
      Math.floor(
        (size[axis]! + padding[2 * axis]! + padding[2 * axis + 1]! - window[axis]!) / strides[axis]!,
      ) + 1;
    const [top, bottom, left, right] = padding as [number, number, number, number];
    return {
      x: [shape.images, ...size, shape.channels],
      y: [shape.images, fits(0), fits(1), shape.channels],
      attributes: { window, strides, padding: [top, bottom, left, right], countsPadding },
    };
  });

/** More places than the map has are fewer ones repeated. */
const adaptive: fc.Arbitrary<Pooled> = fc
  .record({ images, channels, size: pair(between(1, 9)), places: pair(between(1, 6)) })
  .map(({ size, places, ...shape }) => ({
    x: [shape.images, ...size, shape.channels],
    y: [shape.images, ...places, shape.channels],
    attributes: { places },
  }));

const pooled = fc.oneof({ weight: 3, arbitrary: stepped }, { weight: 1, arbitrary: adaptive });

const LARGE: Pooled = {
  x: [2, 28, 28, 32],
  y: [2, 14, 14, 32],
  attributes: { window: [2, 2], strides: [2, 2], padding: [0, 0, 0, 0], countsPadding: false },
};

const numbers = uniform(-2, 2);
const sizeOf = (x: Shape): Pair => [x[1]!, x[2]!];

const maximumOf = ({ x, attributes }: Pooled): Application => ({
  inputs: [{ shape: x, domain: anything, smooth: distinct() }],
  build: ([map]) => ops.maxPool2d(map!, attributes),
  attributes,
});

/** Of few different numbers, so that windows have equals. */
const maximumGradOf = ({ x, y, attributes }: Pooled): Application => ({
  inputs: [
    { shape: x, domain: integers(3) },
    { shape: y, domain: numbers },
  ],
  build: ([map, dy]) => ops.maxPool2dGrad(map!, dy!, attributes),
  attributes,
});

const meanOf = ({ x, attributes }: Pooled): Application => ({
  inputs: [{ shape: x, domain: numbers }],
  build: ([map]) => ops.averagePool2d(map!, attributes),
  attributes,
});

const meanGradOf = ({ x, y, attributes }: Pooled): Application => ({
  inputs: [{ shape: y, domain: numbers }],
  build: ([dy]) => ops.averagePool2dGrad(dy!, { ...attributes, size: sizeOf(x) }),
  attributes: { ...attributes, size: sizeOf(x) },
});

export const pools = {
  maxPool2d: {
    applications: pooled.map(maximumOf),
    accuracy: "exact",
    gradient: "finite differences",
    large: maximumOf(LARGE),
  },
  maxPool2dGrad: {
    applications: pooled.map(maximumGradOf),
    accuracy: { relative: 1e-6, floor: 4 },
    gradient: "none",
    large: maximumGradOf(LARGE),
  },
  averagePool2d: {
    applications: pooled.map(meanOf),
    accuracy: { relative: 1e-6, floor: "terms" },
    gradient: "finite differences",
    large: meanOf(LARGE),
  },
  averagePool2dGrad: {
    applications: pooled.map(meanGradOf),
    accuracy: { relative: 1e-6, floor: "terms" },
    gradient: "finite differences",
    large: meanGradOf(LARGE),
  },
} as const satisfies Record<string, OpCase>;
