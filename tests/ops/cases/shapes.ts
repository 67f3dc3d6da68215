/** Cases of the functions that give elements another shape or order, or repeat them. */
import fc from "fast-check";
import {
  at,
  concrete,
  element,
  length,
  type NdArray,
  ndArray,
} from "../../../src/graph/reference/ndArray.ts";
import { ROWS, type Shape, sizeOf } from "../../../src/graph/shape.ts";
import type { Value } from "../../../src/graph/value.ts";
import { broadcastTo, expandDims, reshape, squeeze, tile, transpose } from "../../../src/ops/shapes.ts";
import type { Application, OpCase } from "../../cases/case.ts";
import { anything, uniform } from "../../cases/domains.ts";
import { permutations } from "../../cases/move/moves.ts";
import { repeated, rowsAnywhere } from "../../cases/shapes.ts";

const ordinary = uniform(-3, 3);

/** A function of one tensor; `meant` is its result. */
export const ofOne = (
  shape: Shape,
  build: (x: Value) => Value,
  meant: (x: NdArray) => NdArray,
  attributes: unknown,
): Application => ({
  inputs: [{ shape, domain: anything, smooth: ordinary }],
  build: ([x]) => build(x!),
  define: ([x]) => meant(x!),
  attributes,
});

export const moving = (applications: fc.Arbitrary<Application>, large: Application): OpCase => ({
  applications,
  accuracy: "exact",
  gradient: "finite differences",
  large,
});

const reshapeOf = (from: Shape, asked: Shape): Application =>
  ofOne(
    from,
    (x) => reshape(x, asked),
    ({ shape, data }) => {
      const known = length(asked.filter((size) => size !== -1));
      const open = known === 0 ? shape[from.indexOf(ROWS)]! : data.length / known;
      return { shape: asked.map((size) => (size === -1 ? open : size)), data };
    },
    { asked },
  );

/** Ways to ask for the same elements: by number, and with −1 for the rows or for what is left. */
const reshaped = rowsAnywhere.chain((shape) => {
  const { factor, perRow } = sizeOf(shape);
  if (perRow) {
    return fc
      .constantFrom<Shape>([-1, factor], [factor, -1], [1, -1, 1, factor], shape)
      .map((to) => reshapeOf(shape, to));
  }
  const open: Shape[] = factor === 0 ? [] : [[-1], [factor, -1], [1, -1, 1], [-1, ...shape]];
  return fc.constantFrom<Shape>([factor], [1, factor, 1], shape, ...open).map((to) => reshapeOf(shape, to));
});

const transposeOf = (shape: Shape, permutation: readonly number[], given: readonly number[] | undefined) =>
  ofOne(
    shape,
    (x) => transpose(x, given),
    (x) => {
      const y = permutation.map((axis) => x.shape[axis]!);
      return ndArray(y, (index) => element(x, (axis) => index[permutation.indexOf(axis)]!));
    },
    { given },
  );

const transposed = fc.tuple(permutations, fc.nat(2)).map(([[shape, permutation], way]) => {
  const reversed = shape.map((_, axis) => shape.length - 1 - axis);
  if (way === 0) return transposeOf(shape, reversed, undefined);
  const fromEnd = permutation.map((axis) => axis - shape.length);
  return transposeOf(shape, permutation, way === 1 ? permutation : fromEnd);
});

const broadcastOf = (shape: Shape, result: Shape): Application => ({
  // The rows are known from an input, whether or not it is the one that is repeated.
  inputs: [
    { shape, domain: anything, smooth: ordinary },
    { shape: [ROWS], domain: ordinary, constant: true },
  ],
  build: ([x]) => broadcastTo(x!, result),
  define: ([x, rows]) => ndArray(concrete(result, length(rows!.shape)), (index) => at(x!, index)),
  attributes: { result },
});

const tileOf = (shape: Shape, repeats: readonly number[]): Application =>
  ofOne(
    shape,
    (x) => tile(x, repeats),
    (x) => {
      const y = x.shape.map((size, axis) => size * repeats[axis]!);
      return ndArray(y, (index) => element(x, (axis) => index[axis]! % x.shape[axis]!));
    },
    { repeats },
  );

const tiled = rowsAnywhere.chain((shape) =>
  fc
    .tuple(...shape.map((size) => (size === ROWS ? fc.constant(1) : fc.nat(3))))
    .map((repeats) => tileOf(shape, repeats)),
);

const expandOf = (shape: Shape, axis: number): Application =>
  ofOne(
    shape,
    (x) => expandDims(x, { axis }),
    (x) => {
      const at = axis < 0 ? axis + shape.length + 1 : axis;
      return { shape: [...x.shape.slice(0, at), 1, ...x.shape.slice(at)], data: x.data };
    },
    { axis },
  );

const expanded = rowsAnywhere.chain((shape) =>
  fc.integer({ min: -shape.length - 1, max: shape.length }).map((axis) => expandOf(shape, axis)),
);

/** Without axes, all of size 1 go; those of the rows stay even when there is one row. */
const squeezeOf = (shape: Shape, axis: number | readonly number[] | undefined): Application =>
  ofOne(
    shape,
    (x) => squeeze(x, axis === undefined ? {} : { axis }),
    (x) => {
      const named = typeof axis === "number" ? [axis] : axis;
      const goes = (size: number, i: number) =>
        size === 1 && (named === undefined || named.includes(i) || named.includes(i - shape.length));
      return { shape: x.shape.filter((_, i) => !goes(shape[i]!, i)), data: x.data };
    },
    { axis },
  );

const squeezed = rowsAnywhere.chain((given) => {
  const shape = [...given.slice(0, 1), 1, ...given.slice(1)];
  const single = shape.flatMap((size, axis) => (size === 1 ? [axis] : []));
  return fc
    .oneof(fc.constant(undefined), fc.constantFrom(...single), fc.subarray(single))
    .map((axis) => squeezeOf(shape, axis));
});

export const shapeFunctions = {
  reshape: moving(reshaped, reshapeOf([64, 1024], [-1, 64])),
  transpose: moving(transposed, transposeOf([64, 128, 96], [2, 1, 0], undefined)),
  broadcastTo: moving(
    repeated.map(({ result, operands }) => broadcastOf(operands[0]!, result)),
    broadcastOf([64, 1, 32], [64, 32, 32]),
  ),
  tile: moving(tiled, tileOf([64, 32], [2, 16])),
  expandDims: moving(expanded, expandOf([64, 1024], 1)),
  squeeze: moving(squeezed, squeezeOf([64, 1, 1024], undefined)),
} as const satisfies Record<string, OpCase>;
