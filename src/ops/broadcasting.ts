import { ShapeError } from "../errors.js";
import { formatShape, ROWS, type Shape, sameShape } from "../graph/shape.js";
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

/** `split` is the number of leading axes of `shape` at which a matrix [outer, inner] parts. */
export function repetition(who: string, operand: Shape, shape: Shape): Repetition {
  const aligned = [...new Array<number>(shape.length - operand.length).fill(1), ...operand];
  if (sameShape(aligned, shape)) return { kind: "none", split: 0 };
  if (aligned.every((axis) => axis === 1)) return { kind: "all", split: 0 };
  const firstFull = aligned.findIndex((axis) => axis !== 1);
  if (sameShape(aligned.slice(firstFull), shape.slice(firstFull))) return { kind: "outer", split: firstFull };
  const afterFull = aligned.findLastIndex((axis) => axis !== 1) + 1;
  if (sameShape(aligned.slice(0, afterFull), shape.slice(0, afterFull))) {
    return { kind: "inner", split: afterFull };
  }
  throw new ShapeError(
    `${who}: ${formatShape(operand)} repeats over separate axes of ${formatShape(shape)}; ` +
      "needs a repetition over leading or over trailing axes. Reshape it, or split it into two steps.",
  );
}

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
