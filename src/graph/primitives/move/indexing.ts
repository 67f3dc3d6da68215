/** What takes numbers for places: a gather along an axis, its adjoint, and one-hot rows. An index has no gradient. */

import { ShapeError } from "../../../check/errors.js";
import { moveKinds } from "../../../compile/facts/move.js";
import { defineOp, type OpFunction } from "../../op.js";
import { formatShape, ROWS, type Shape } from "../../shape.js";
import type { Value } from "../../value.js";
import { count } from "../operands.js";

/**
 * x with the axes of the indices in the place of one of its own.
 *
 * @throws ShapeError where rows would be there twice
 */
export function takenShape(who: string, x: Shape, indices: Shape, axis: number): Shape {
  const shape = x.toSpliced(axis, 1, ...indices);
  if (shape.indexOf(ROWS) === shape.lastIndexOf(ROWS)) return shape;
  throw new ShapeError(
    `${who}: ${formatShape(x)} at indices ${formatShape(indices)} along axis ${axis} gives ${formatShape(shape)}; ` +
      "needs rows once. Index the axis of the rows, or leave rows out of the indices.",
  );
}

export interface TakeAttributes {
  /** The axis of x that the indices count along, from 0. */
  readonly axis: number;
}

/** y = x at the indices along an axis, whose place the axes of the indices take. */
export const take: OpFunction<[Value, Value], TakeAttributes> = defineOp<[Value, Value], TakeAttributes>({
  name: "take",
  role: "indexes",
  shape: ([x, indices], { axis }) => takenShape("take", x.shape, indices.shape, axis),
  vjp: ([x, indices], _, dy, { axis }) => [
    scatterAdd(dy, indices, { axis, length: x.shape[axis] as number }),
    null,
  ],
  lower: (emit, [x, index], y, { axis }) =>
    emit(moveKinds.Take, {
      y,
      x,
      index,
      outer: count(x.shape.slice(0, axis)),
      count: count(index.shape),
      length: count(x.shape.slice(axis, axis + 1)),
      inner: count(x.shape.slice(axis + 1)),
    }),
});

export interface ScatterAddAttributes extends TakeAttributes {
  /** The size of that axis; may be ROWS. */
  readonly length: number;
}

/** dx = the sums of dy at each place of an axis, in the order of the indices: the adjoint of take. */
export const scatterAdd: OpFunction<[Value, Value], ScatterAddAttributes> = defineOp<
  [Value, Value],
  ScatterAddAttributes
>({
  name: "scatterAdd",
  role: "indexes",
  shape: ([dy, indices], { axis, length }) => dy.shape.toSpliced(axis, indices.shape.length, length),
  vjp: ([, indices], _, ddx, { axis }) => [take(ddx, indices, { axis }), null],
  lower: (emit, [dy, index], dx, { axis, length }) =>
    emit(moveKinds.ScatterAdd, {
      dx,
      dy,
      index,
      outer: count(dx.shape.slice(0, axis)),
      count: count(index.shape),
      length: count([length]),
      inner: count(dx.shape.slice(axis + 1)),
    }),
});

/** y[…, d] = 1 where the index is d, else 0: a last axis of `depth` places. */
export const oneHot = defineOp<[Value], { readonly depth: number }>({
  name: "oneHot",
  role: "indexes",
  shape: ([indices], { depth }) => [...indices.shape, depth],
  vjp: "none",
  lower: (emit, [index], y, { depth }) =>
    emit(moveKinds.OneHot, { y, index, count: count(index.shape), depth: count([depth]) }),
});
