import { ShapeError } from "../../check/errors.js";
import { elements, formatShape, ROWS, type Shape, sameShape } from "../shape.js";
import { count } from "./operands.js";

/**
 * Shape of an elementwise result: axes are aligned at the end and an axis of size 1 is repeated (NumPy's rule).
 *
 * @throws ShapeError naming both shapes and the first axis that does not fit
 */
export function broadcastShapes(who: string, a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const sizeA = a[axis - rank + a.length] ?? 1;
    const sizeB = b[axis - rank + b.length] ?? 1;
    if (sizeA === sizeB || sizeB === 1) return sizeA;
    if (sizeA === 1) return sizeB;
    throw new ShapeError(
      `${who}: ${formatShape(a)} and ${formatShape(b)} do not broadcast: axis ${axis} is ` +
        `${axisName(sizeA)} and ${axisName(sizeB)}; needs equal sizes, or 1.`,
    );
  });
}

const axisName = (size: number) => (size === ROWS ? "rows" : size);

/** How an operand repeats in a result: not at all, over the leading axes, over the trailing axes, everywhere. */
export type Repetition = { readonly kind: "none" | "outer" | "inner" | "all"; readonly split: number };

/** A shape with axes of size 1 in front, as many as it takes to line up with `shape`. */
export const aligned = (operand: Shape, shape: Shape): Shape => [
  ...new Array<number>(shape.length - operand.length).fill(1),
  ...operand,
];

/**
 * `split` is the number of leading axes of `shape` at which a matrix [outer, inner] parts; undefined when the operand
 * repeats over axes that no such matrix parts from the others.
 */
export function repetition(operand: Shape, shape: Shape): Repetition | undefined {
  const axes = aligned(operand, shape);
  if (sameShape(axes, shape)) return { kind: "none", split: 0 };
  if (axes.every((axis) => axis === 1)) return { kind: "all", split: 0 };
  const firstFull = axes.findIndex((axis) => axis !== 1);
  if (sameShape(axes.slice(firstFull), shape.slice(firstFull))) return { kind: "outer", split: firstFull };
  const afterFull = axes.findLastIndex((axis) => axis !== 1) + 1;
  if (sameShape(axes.slice(0, afterFull), shape.slice(0, afterFull)))
    return { kind: "inner", split: afterFull };
  return undefined;
}

/**
 * Shapes to which an operand may be repeated first, so that what is left is a repetition over the leading or over the
 * trailing axes, or none: the fewer elements, the earlier.
 */
export function halfway(operand: Shape, shape: Shape): Shape[] {
  const axes = aligned(operand, shape);
  const firstFull = axes.findIndex((axis) => axis !== 1);
  const afterFull = axes.findLastIndex((axis) => axis !== 1) + 1;
  const kept = (from: number, to: number) => shape.map((axis, i) => (i >= from && i < to ? axis : 1));
  const shapes = [kept(firstFull, shape.length), kept(0, afterFull), shape];
  return shapes.sort((a, b) => usualElements(a) - usualElements(b));
}

/** What stands for the rows when costs are compared: those of a usual batch. */
const USUAL_ROWS = 32;

export const usualElements = (shape: Shape): number => elements(shape, USUAL_ROWS);

/** Strides, in elements, at which an operand is read along the outer and the inner axis of a result. */
export function strides(
  { kind }: Repetition,
  inner: Shape,
): { outer: ReturnType<typeof count>; inner: number } {
  if (kind === "none") return { outer: count(inner), inner: 1 };
  if (kind === "outer") return { outer: count([0]), inner: 1 };
  if (kind === "inner") return { outer: count([1]), inner: 0 };
  return { outer: count([0]), inner: 0 };
}
