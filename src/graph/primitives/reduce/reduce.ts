import type { ReduceOuterRecord, ReduceRecord } from "../../../../assembly/isa/reduce.js";
import { ShapeError } from "../../../check/errors.js";
import type { Kind } from "../../../compile/facts/fact.js";
import { defineOp, type OpFunction } from "../../op.js";
import { formatShape, type Shape, sizeOf } from "../../shape.js";
import type { Value } from "../../value.js";
import { permuted } from "../move/transpose.js";
import { count } from "../operands.js";

/** Axes to reduce over, counted from 0, each once, in any order. */
export interface Over {
  readonly axes: readonly number[];
}
export type Reduction = OpFunction<[Value], Over>;

/** x as [batch, outer, inner]: what the axes before, in and after the run that is reduced hold. */
interface AxisSplit {
  readonly batch: Shape;
  readonly outer: Shape;
  readonly inner: Shape;
}

/** Splits at the one run of axes to reduce, or null where there are several. An axis of size 1 is of any run. */
export function part(shape: Shape, { axes }: Over): AxisSplit | null {
  const long = shape.flatMap((size, axis) => (size !== 1 && axes.includes(axis) ? [axis] : []));
  const first = long[0] ?? shape.length;
  const end = (long.at(-1) ?? shape.length - 1) + 1;
  const isRun = shape.every((size, axis) => axis < first || axis >= end || size === 1 || axes.includes(axis));
  if (!isRun) return null;
  return { batch: shape.slice(0, first), outer: shape.slice(first, end), inner: shape.slice(end) };
}

/** Whether a shape has one element, at any rows. */
export const isOne = (shape: Shape): boolean => {
  const { factor, perRow } = sizeOf(shape);
  return factor === 1 && !perRow;
};

/** The reduced axes, kept with size 1: what lines up with x again. */
export const keptAxes = (shape: Shape, { axes }: Over): Shape =>
  shape.map((axis, i) => (axes.includes(i) ? 1 : axis));

interface Kernels {
  /** Reduces the last axis of a matrix. */
  readonly inner: () => Kind<typeof ReduceRecord>;
  /** Reduces the middle one of three axes; without it such axes are brought to the end. */
  readonly outer?: () => Kind<typeof ReduceOuterRecord>;
}
type Derivative = (x: Value, y: Value, dy: Value, over: Over) => Value;

/**
 * A reduction over any axes. What no kernel takes as it lies, such as separate runs of axes, is transposed first so that
 * the reduced axes are the last, in their order: each result is then rounded once.
 */
export function reduction(name: string, kernels: Kernels, derivative: Derivative): Reduction {
  const suits = (parts: AxisSplit | null): parts is AxisSplit =>
    parts !== null && (isOne(parts.inner) || kernels.outer !== undefined);
  const op: Reduction = defineOp<[Value], Over>({
    name,
    shape: ([x], over) => x.shape.filter((_, axis) => !over.axes.includes(axis)),
    vjp: ([x], y, dy, over) => [derivative(x, y, dy, over)],
    lower: (emit, [x], y, over) => {
      const parts = part(x.shape, over) as AxisSplit;
      const [batch, outer, inner] = [count(parts.batch), count(parts.outer), count(parts.inner)];
      if (kernels.outer === undefined || isOne(parts.inner)) {
        emit(kernels.inner(), { y, x, outer: batch, inner: outer });
      } else emit(kernels.outer(), { y, x, batch, outer, inner });
    },
  });
  const overAny = (x: Value, over: Over): Value => {
    checkAxes(name, x.shape, over);
    if (suits(part(x.shape, over))) return op(x, over);
    const reduced = [...over.axes].sort((a, b) => a - b);
    const kept = x.shape.flatMap((_, axis) => (over.axes.includes(axis) ? [] : [axis]));
    return op(permuted(x, [...kept, ...reduced]), { axes: reduced.map((_, i) => kept.length + i) });
  };
  Object.defineProperty(overAny, "name", { value: name });
  return Object.assign(overAny, op);
}

/** @throws ShapeError for axes that a shape has not, or that are named twice */
export function checkAxes(who: string, shape: Shape, { axes }: Over): void {
  const isAxis = (axis: number) => Number.isInteger(axis) && axis >= 0 && axis < shape.length;
  if (axes.every((axis, i) => isAxis(axis) && axes.indexOf(axis) === i)) return;
  throw new ShapeError(
    `${who}: axes [${axes.join(", ")}] of ${formatShape(shape)}; needs axes that it has, each once.`,
  );
}
