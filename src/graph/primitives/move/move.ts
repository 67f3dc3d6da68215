/** Lowering of the ops that put elements elsewhere: from index spaces to the strides of a Move. */

import { MOVE_AXES } from "../../../../assembly/isa/limits.js";
import type { MoveRecord } from "../../../../assembly/isa/move.js";
import { ShapeError } from "../../../check/errors.js";
import { moveKinds } from "../../../compile/facts/move.js";
import { formatShape, type Shape, type Size, sizeOf } from "../../shape.js";
import type { Emit, Operand, Value } from "../../value.js";

/** y[yOffset + Σ iₐ · yₐ] = x[xOffset + Σ iₐ · xₐ] for all indices i of `shape`; strides are in elements. */
export interface Movement {
  readonly shape: Shape;
  readonly yStrides: readonly Size[];
  readonly xStrides: readonly Size[];
  readonly yOffset?: Size;
  readonly xOffset?: Size;
}

interface Axis {
  readonly size: Size;
  readonly y: Size;
  readonly x: Size;
}

export const ZERO: Size = { factor: 0, perRow: false };
const ONE: Size = { factor: 1, perRow: false };

/** Elements from one index of each axis to the next where the elements lie in order. */
export const rowMajor = (shape: Shape): Size[] => shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));

/** n of a size. */
export const times = ({ factor, perRow }: Size, n: number): Size =>
  factor * n === 0 ? ZERO : { factor: factor * n, perRow };

/** Where an index lies, or undefined where that is no product: some elements and some rows of elements. */
export function offsetOf(index: readonly number[], shape: Shape): Size | undefined {
  const terms = rowMajor(shape).map((stride, axis) => times(stride, index[axis] as number));
  const [perRow, fixed] = [true, false].map((kind) =>
    terms.filter((term) => term.perRow === kind).reduce((total, { factor }) => total + factor, 0),
  ) as [number, number];
  if (perRow !== 0 && fixed !== 0) return undefined;
  return perRow === 0 ? { factor: fixed, perRow: false } : { factor: perRow, perRow: true };
}

const isSame = (a: Size, b: Size) => a.factor === b.factor && (a.perRow === b.perRow || a.factor === 0);

/** A tensor has rows once: no product of an axis and a stride has them twice. */
const product = (a: Size, b: Size): Size => ({ factor: a.factor * b.factor, perRow: a.perRow || b.perRow });

/** Axes of size 1 go, and axes that are one in x and in y become one; of nothing, one empty axis is left. */
function collapse({ shape, yStrides, xStrides }: Movement): Axis[] {
  if (shape.includes(0)) return [{ size: ZERO, y: ZERO, x: ZERO }];
  const axes: Axis[] = [];
  shape.forEach((axis, i) => {
    if (axis === 1) return;
    const inner: Axis = { size: sizeOf([axis]), y: yStrides[i] as Size, x: xStrides[i] as Size };
    const outer = axes.at(-1);
    const joins = (stride: "y" | "x") => outer && isSame(outer[stride], product(inner.size, inner[stride]));
    if (outer && joins("y") && joins("x")) {
      axes[axes.length - 1] = { ...inner, size: product(outer.size, inner.size) };
    } else axes.push(inner);
  });
  return axes;
}

/** The order of the loops is free: the axis that is dense in x goes where the kernel transposes blocks. */
function arrange(axes: readonly Axis[]): readonly Axis[] {
  const dense = axes.findIndex(({ x }) => isSame(x, ONE));
  const last = axes.length - 1;
  if (dense < 0 || dense === last || isSame((axes[last] as Axis).x, ZERO)) return axes;
  return [...axes.slice(0, dense), ...axes.slice(dense + 1, last), axes[dense] as Axis, axes[last] as Axis];
}

/** @throws ShapeError when the axes are more than a Move has */
export function checkMovement(who: string, movement: Movement): void {
  const { length } = collapse(movement);
  if (length <= MOVE_AXES) return;
  throw new ShapeError(
    `${who}: ${formatShape(movement.shape)} takes ${length} axes that lie apart; needs at most ${MOVE_AXES}. ` +
      "Reshape it to fewer axes, or split it into two steps.",
  );
}

type MoveOperands = { readonly [F in Exclude<keyof typeof MoveRecord, "words" | number>]: Operand };

/** Emits the Move; y and x must not share a buffer. */
export function emitMove(emit: Emit, y: Value, x: Value, movement: Movement): void {
  const axes = arrange(collapse(movement));
  const spare = MOVE_AXES - axes.length;
  const fields = (name: string, rest: Size, pick: (axis: Axis) => Size) =>
    Array.from({ length: MOVE_AXES }, (_, i) => {
      const axis = axes[i - spare];
      return [`${name}${i}`, { count: axis === undefined ? rest : pick(axis) }] as const;
    });
  emit(moveKinds.Move, {
    y,
    x,
    yOffset: { count: movement.yOffset ?? ZERO },
    xOffset: { count: movement.xOffset ?? ZERO },
    ...Object.fromEntries([
      ...fields("size", ONE, (axis) => axis.size),
      ...fields("y", ZERO, (axis) => axis.y),
      ...fields("x", ZERO, (axis) => axis.x),
    ]),
  } as MoveOperands);
}
