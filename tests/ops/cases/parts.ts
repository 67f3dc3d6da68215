/** Cases of the functions that put tensors together, take them apart and surround them. */
import fc from "fast-check";
import { length, type NdArray, ndArray } from "../../../src/graph/reference/ndArray.ts";
import { ROWS, type Shape } from "../../../src/graph/shape.ts";
import { concat, pad, slice, split, stack } from "../../../src/ops/parts.ts";
import type { Application, OpCase } from "../../cases/case.ts";
import { anything, uniform } from "../../cases/domains.ts";
import { joinable, partly, sized } from "../../cases/move/moves.ts";
import { rowsAnywhere } from "../../cases/shapes.ts";
import { moving, ofOne } from "./shapes.ts";

const ordinary = uniform(-3, 3);

/** An array as a matrix [outer, the axis and what is inside it]. */
function blocks({ shape, data }: NdArray, axis: number): Float64Array[] {
  const block = length(shape.slice(axis));
  return Array.from({ length: length(shape.slice(0, axis)) }, (_, i) =>
    data.subarray(i * block, (i + 1) * block),
  );
}

/** Joined along an axis: block by block, each of every ndArray in turn. */
function joined(tensors: readonly NdArray[], axis: number): NdArray {
  const [first] = tensors as [NdArray];
  const size = tensors.reduce((sum, { shape }) => sum + shape[axis]!, 0);
  const all = tensors.map((one) => blocks(one, axis));
  const data = all[0]!.flatMap((_, i) => all.flatMap((of) => Array.from(of[i]!)));
  return { shape: first.shape.with(axis, size), data: Float64Array.from(data) };
}

const concatOf = (shapes: readonly Shape[], axis: number, given: number | undefined): Application => ({
  inputs: shapes.map((shape) => ({ shape, domain: anything, smooth: ordinary })),
  build: (values) => concat(values, given === undefined ? {} : { axis: given }),
  define: (tensors) => joined(tensors, axis),
  attributes: { given },
});

const concatenated = fc.tuple(joinable, fc.nat(2)).map(([[shapes, axis], way]) => {
  const rank = shapes[0]!.length;
  if (way === 0 && axis === rank - 1) return concatOf(shapes, axis, undefined);
  return concatOf(shapes, axis, way === 1 ? axis - rank : axis);
});

const stackOf = (shape: Shape, count: number, given: number | undefined): Application => ({
  inputs: Array.from({ length: count }, () => ({ shape, domain: anything, smooth: ordinary })),
  build: (values) => stack(values, given === undefined ? {} : { axis: given }),
  define: (tensors) => {
    const axis = given === undefined ? 0 : (given + shape.length + 1) % (shape.length + 1);
    const single = tensors.map(({ shape: of, data }) => ({ shape: of.toSpliced(axis, 0, 1), data }));
    return joined(single, axis);
  },
  attributes: { given },
});

const stacked = rowsAnywhere.chain((shape) =>
  fc
    .tuple(
      fc.integer({ min: 1, max: 4 }),
      fc.option(fc.integer({ min: -shape.length - 1, max: shape.length }), { nil: undefined }),
    )
    .map(([count, axis]) => stackOf(shape, count, axis)),
);

/** y[index] = x[index moved by an offset along one axis, by a step]. */
const moved = (x: NdArray, shape: Shape, place: (index: readonly number[], axis: number) => number) =>
  ndArray(shape, (index) => {
    let flat = 0;
    for (let axis = 0; axis < shape.length; axis++) flat = flat * x.shape[axis]! + place(index, axis);
    return x.data[flat]!;
  });

/** One of the parts, beside which the others are proved by the sum that they make with it. */
const splitOf = (shape: Shape, axis: number, parts: number | readonly number[], which: number) => {
  const sizes = typeof parts === "number" ? new Array<number>(parts).fill(shape[axis]! / parts) : parts;
  const start = sizes.slice(0, which).reduce((sum, size) => sum + size, 0);
  return ofOne(
    shape,
    (x) => split(x, parts, { axis })[which]!,
    (x) => moved(x, x.shape.with(axis, sizes[which]!), (index, i) => index[i]! + (i === axis ? start : 0)),
    { axis, parts, which },
  );
};

const parted = fc
  .tuple(sized, fc.array(fc.nat(40), { maxLength: 3 }), fc.nat(3), fc.boolean())
  .map(([[shape, axis], cuts, chance, equally]) => {
    const size = shape[axis]!;
    const divisors = [1, 2, 3, 4, 5].filter((n) => size % n === 0);
    if (equally) {
      const count = divisors[chance % divisors.length]!;
      return splitOf(shape, axis, count, chance % count);
    }
    const sorted = [0, ...cuts.map((cut) => cut % (size + 1)).sort((a, b) => a - b), size];
    const sizes = sorted.slice(1).map((end, i) => end - sorted[i]!);
    return splitOf(shape, axis, sizes, chance % sizes.length);
  });

interface SliceArguments {
  readonly starts: readonly number[];
  readonly sizes: readonly number[];
  readonly steps: readonly number[];
}

const sliceOf = (shape: Shape, { starts, sizes, steps }: SliceArguments): Application => {
  const plain = steps.every((step) => step === 1);
  return ofOne(
    shape,
    (x) => (plain ? slice(x, starts, sizes) : slice(x, starts, sizes, { steps })),
    (x) => {
      const y = x.shape.map((whole, axis) =>
        sizes[axis] === -1 ? Math.ceil((whole - starts[axis]!) / steps[axis]!) : sizes[axis]!,
      );
      return moved(x, y, (index, axis) => starts[axis]! + index[axis]! * steps[axis]!);
    },
    { starts, sizes, steps },
  );
};

/** A part that goes to the end may be asked for by −1. */
const sliced = fc.tuple(partly, fc.boolean()).map(([[shape, parts], open]) =>
  sliceOf(shape, {
    starts: parts.map(({ start }) => start),
    steps: parts.map(({ step }) => step),
    sizes: parts.map(({ start, size, step }, axis) =>
      open && size === Math.ceil((shape[axis]! - start) / step) ? -1 : size,
    ),
  }),
);

const padOf = (shape: Shape, padding: readonly (readonly [number, number])[], value: number | undefined) =>
  ofOne(
    shape,
    (x) => (value === undefined ? pad(x, padding) : pad(x, padding, { value })),
    (x) => {
      const y = x.shape.map((size, axis) => padding[axis]![0] + size + padding[axis]![1]);
      const data = new Float64Array(length(y)).fill(Math.fround(value ?? 0));
      ndArray(x.shape, (index, from) => {
        const to = index.reduce((flat, place, axis) => flat * y[axis]! + place + padding[axis]![0], 0);
        data[to] = x.data[from]!;
        return 0;
      });
      return { shape: y, data };
    },
    { padding, value },
  );

const gap = fc.tuple(fc.nat(3), fc.nat(3));
const padded = rowsAnywhere.chain((shape) =>
  fc
    .tuple(
      fc.tuple(...shape.map((size) => (size === ROWS ? fc.constant([0, 0] as [number, number]) : gap))),
      fc.constantFrom(undefined, 0, 0.1, -3),
    )
    .map(([padding, value]) => padOf(shape, padding, value)),
);

export const partFunctions = {
  concat: moving(
    concatenated,
    concatOf(
      [
        [64, 512],
        [64, 512],
      ],
      1,
      undefined,
    ),
  ),
  stack: moving(stacked, stackOf([64, 256], 4, -1)),
  split: moving(parted, splitOf([64, 1024], 1, 4, 2)),
  slice: moving(sliced, sliceOf([64, 32, 32], { starts: [0, 2, 2], sizes: [-1, 28, -1], steps: [1, 1, 1] })),
  pad: moving(
    padded,
    padOf(
      [64, 28, 28],
      [
        [0, 0],
        [2, 2],
        [2, 2],
      ],
      undefined,
    ),
  ),
} as const satisfies Record<string, OpCase>;
