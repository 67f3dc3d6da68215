/** The same elements under other shapes, in another order, or several times. */
import { MOVE_AXES } from "../../assembly/isa/limits.js";
import { ShapeError } from "../check/errors.js";
import { later } from "../check/kinds.js";
import { describe } from "../check/options.js";
import { take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import { broadcastShapes } from "../graph/primitives/broadcasting.js";
import { reshape as reshapeOp } from "../graph/primitives/move/reshape.js";
import { permuted } from "../graph/primitives/move/transpose.js";
import { repeatTo } from "../graph/primitives/reduce/sum.js";
import { formatShape, ROWS, type Shape, sizeOf } from "../graph/shape.js";
import type { Value } from "../graph/value.js";
import { type Operand, toAxes, toAxis, toValue } from "./operand.js";

/** @throws ShapeError unless `list` is an array of integers of at least `least` */
export function checkIntegers(who: string, what: string, list: readonly number[], least: number): void {
  const isList = Array.isArray(list);
  const wrong = isList ? list.find((entry) => !Number.isSafeInteger(entry) || entry < least) : list;
  if (isList && wrong === undefined && !list.includes(undefined as unknown as number)) return;
  const got = isList ? `has ${describe(wrong)}` : `is ${describe(wrong)}`;
  throw new ShapeError(`${who}: ${what} ${got}; needs an array of integers of at least ${least}.`);
}

/** @throws ShapeError unless `list` has an entry for each axis */
export function checkOnePerAxis(who: string, what: string, list: readonly unknown[], shape: Shape): void {
  if (list.length === shape.length) return;
  throw new ShapeError(
    `${who}: ${what} has ${list.length} entries for ${formatShape(shape)}; needs one for each of its ` +
      `${shape.length} axes.`,
  );
}

/** @throws ShapeError unless `shape` is sizes, one of which may be −1 */
function checkShape(who: string, shape: Shape): void {
  checkIntegers(who, "the shape", shape, -1);
  if (shape.indexOf(-1) === shape.lastIndexOf(-1)) return;
  throw new ShapeError(`${who}: the shape has −1 more than once; needs the other sizes as numbers.`);
}

/**
 * The same elements in the same order under another shape. It costs nothing: nothing is moved.
 *
 * One size may be −1. Of a value with rows it is the axis of the rows: `reshape(x, [-1, 4, 7])` of `[rows, 28]` is
 * `[rows, 4, 7]`, and only `[-1, …]` or `[…, -1, …]` can be asked of it, because rows cannot merge with another axis.
 * Of any other value it is what the other sizes leave.
 *
 * Gradient: dx is dy under the shape of x.
 *
 * @throws ShapeError when the elements are not as many, or rows would merge with another axis
 */
export function reshape(x: Operand, shape: Shape): Value {
  checkSurplus("reshape", arguments, 2);
  const value = toValue("reshape", x);
  checkShape("reshape", shape);
  const { factor, perRow } = sizeOf(value.shape);
  const known = sizeOf(shape).factor;
  const isOpen = shape.includes(-1);
  const refuse = (needs: string): never => {
    const to = `[${shape.join(", ")}]`;
    throw new ShapeError(`reshape: ${formatShape(value.shape)} cannot become ${to}; needs ${needs}.`);
  };
  if (perRow && !isOpen) refuse("−1 for the axis of the rows, whose number is known only when it runs");
  if (perRow && known !== factor) {
    const merges = known !== 0 && factor % known === 0;
    if (merges)
      refuse(`${factor} elements beside the −1, which is the rows: they cannot merge with another axis`);
    refuse(`${factor} elements for each of the rows, which −1 stands for`);
  }
  if (perRow || (!isOpen && known === factor)) return reshapeOp(value, { shape });
  if (!isOpen) refuse(`the same number of elements, ${factor}`);
  if (known === 0) refuse("a size in place of −1: beside an empty axis it could be any");
  if (factor % known !== 0) refuse(`sizes beside −1 whose product, ${known}, divides ${factor}`);
  return reshapeOp(value, { shape: shape.map((size) => (size === -1 ? factor / known : size)) });
}

/**
 * The axes of x in another order: axis a of y is axis permutation[a] of x. Without a permutation they are reversed,
 * which transposes a matrix. Axes below 0 count from the end.
 *
 * Gradient: dx is dy in the inverse order.
 *
 * @throws ShapeError when the permutation does not name each axis once
 */
export function transpose(x: Operand, permutation?: readonly number[]): Value {
  checkSurplus("transpose", arguments, 2);
  const value = toValue("transpose", x);
  const rank = value.shape.length;
  if (permutation === undefined) return permuted(value, toAxes("transpose", undefined, rank).reverse());
  checkIntegers("transpose", "the permutation", permutation, -rank);
  checkOnePerAxis("transpose", "the permutation", permutation, value.shape);
  const axes = permutation.map((axis) => toAxis("transpose", axis, rank));
  toAxes("transpose", axes, rank);
  return permuted(value, axes);
}

/**
 * x, repeated to `shape` by NumPy's rule: axes are aligned at the end, and one of size 1 is repeated. −1 stands for the
 * rows.
 *
 * Gradient: dx is the sum of dy over what was repeated.
 *
 * @throws ShapeError when x does not broadcast to that shape
 */
export function broadcastTo(x: Operand, shape: Shape): Value {
  checkSurplus("broadcastTo", arguments, 2);
  const value = toValue("broadcastTo", x);
  checkShape("broadcastTo", shape);
  if (value.shape.length > shape.length) {
    throw new ShapeError(
      `broadcastTo: ${formatShape(value.shape)} has more axes than ${formatShape(shape)}; needs at most as many.`,
    );
  }
  broadcastShapes("broadcastTo", value.shape, shape);
  return repeatTo(value, shape);
}

/**
 * x, repeated as a whole along each axis: `tile([a, b], [3])` is `[a, b, a, b, a, b]`. The rows cannot be repeated:
 * their entry is 1.
 *
 * Gradient: dx is the sum of dy over the repeats.
 *
 * @throws ShapeError unless there is one integer of at least 0 for each axis, and 1 for the rows
 */
export function tile(x: Operand, repeats: readonly number[]): Value {
  checkSurplus("tile", arguments, 2);
  const value = toValue("tile", x);
  const { shape } = value;
  checkIntegers("tile", "repeats", repeats, 0);
  checkOnePerAxis("tile", "repeats", repeats, shape);
  refuseRows("tile", "repeated", shape, (axis) => repeats[axis] === 1);
  return tiled(value, repeats);
}

function tiled(x: Value, repeats: readonly number[]): Value {
  const { shape } = x;
  const isOnce = (axis: number) => repeats[axis] === 1;
  const several = shape.flatMap((_, axis) => (isOnce(axis) ? [] : [axis]));
  if (several.length > 1 && shape.length + several.length > MOVE_AXES) {
    const middle = several[several.length >> 1] as number;
    const inner = repeats.map((repeat, axis) => (axis < middle ? 1 : repeat));
    const outer = repeats.map((repeat, axis) => (axis < middle ? repeat : 1));
    return tiled(tiled(x, inner), outer);
  }
  const times = (axis: number) => repeats[axis] as number;
  // An axis of its own for each repeat, in front of what it repeats.
  const parted = shape.flatMap((size, axis) => (isOnce(axis) ? [size] : [1, size]));
  const repeated = shape.flatMap((size, axis) => (isOnce(axis) ? [size] : [times(axis), size]));
  const joined = shape.map((size, axis) => (isOnce(axis) ? size : times(axis) * size));
  return reshapeOp(repeatTo(reshapeOp(x, { shape: parted }), repeated), { shape: joined });
}

/** @throws ShapeError when something is done along the axis of the rows that it takes a fixed size for */
export function refuseRows(who: string, done: string, shape: Shape, isLeft: (axis: number) => boolean): void {
  const rows = shape.indexOf(ROWS);
  if (rows < 0 || isLeft(rows)) return;
  throw new ShapeError(
    `${who}: axis ${rows} of ${formatShape(shape)} is the rows, whose number is known only when it runs; ` +
      `it cannot be ${done}. Leave it as it is.`,
  );
}

/**
 * x with another axis of size 1, which is axis `axis` of y; below 0 it counts from the end. It costs nothing.
 *
 * Gradient: dx is dy without that axis.
 *
 * @throws ShapeError when y would have no such axis
 * @throws OptionError for an option that there is not
 */
export function expandDims(x: Operand, options: { readonly axis: number }): Value {
  checkSurplus("expandDims", arguments, 2);
  const value = toValue("expandDims", x);
  const given = take("expandDims", options, { axis: later<number>() });
  const axis = toAxis("expandDims", given.axis, value.shape.length + 1);
  return reshapeOp(value, { shape: value.shape.toSpliced(axis, 0, 1) });
}

/**
 * x without axes of size 1: without those that `axis` names, one or several, else without all. It costs nothing.
 *
 * Gradient: dx is dy with these axes again.
 *
 * @throws ShapeError for an axis that there is not, or that is not of size 1
 * @throws OptionError for an option that there is not
 */
export function squeeze(x: Operand, options: { readonly axis?: number | readonly number[] } = {}): Value {
  checkSurplus("squeeze", arguments, 2);
  const value = toValue("squeeze", x);
  take("squeeze", options, { axis: later<typeof options.axis>() });
  const { shape } = value;
  const axes = toAxes("squeeze", options.axis, shape.length);
  const wrong = axes.find((axis) => shape[axis] !== 1);
  if (options.axis !== undefined && wrong !== undefined) {
    const size = shape[wrong] === ROWS ? "the rows" : `of size ${shape[wrong]}`;
    throw new ShapeError(
      `squeeze: axis ${wrong} of ${formatShape(shape)} is ${size}; needs an axis of size 1.`,
    );
  }
  const kept = shape.filter((size, axis) => size !== 1 || !axes.includes(axis));
  return reshapeOp(value, { shape: kept });
}
