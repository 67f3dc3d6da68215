import { type Op, ReduceOuterRecord, ReduceRecord } from "../../assembly/isa.js";
import { ShapeError } from "../errors.js";
import { defineOp, type OpFunction } from "../graph/op.js";
import { formatShape, type Shape } from "../graph/shape.js";
import type { Value } from "../graph/value.js";
import { count } from "./operands.js";

/** Axes to reduce over, counted from 0: a run of leading or of trailing axes. */
export interface Over {
  readonly axes: readonly number[];
}
export type Reduction = OpFunction<[Value], Over>;

/** The shape as a matrix, and which of its two axes the reduction goes over. */
function part(
  who: string,
  shape: Shape,
  { axes }: Over,
): { outer: Shape; inner: Shape; over: "outer" | "inner" } {
  const sorted = [...axes].sort((a, b) => a - b);
  const isRun = sorted.every((axis, i) => axis === (sorted[0] as number) + i && axis < shape.length);
  const [first] = sorted;
  if (isRun && (first === undefined || first + sorted.length === shape.length)) {
    const split = first ?? shape.length;
    return { outer: shape.slice(0, split), inner: shape.slice(split), over: "inner" };
  }
  if (isRun && first === 0) {
    return { outer: shape.slice(0, sorted.length), inner: shape.slice(sorted.length), over: "outer" };
  }
  throw new ShapeError(
    `${who}: axes [${axes.join(", ")}] of ${formatShape(shape)}; needs a run of leading or of trailing axes.`,
  );
}

/** The reduced axes, kept with size 1: what lines up with x again. */
export const keptAxes = (shape: Shape, { axes }: Over): Shape =>
  shape.map((axis, i) => (axes.includes(i) ? 1 : axis));

interface Kernels {
  readonly inner: Op;
  readonly outer: Op;
}
type Derivative = (x: Value, y: Value, dy: Value, over: Over) => Value;

export function reduction(name: string, kernels: Kernels, derivative: Derivative): Reduction {
  return defineOp<[Value], Over>({
    name,
    shape: ([x], over) => {
      part(name, x.shape, over);
      return x.shape.filter((_, axis) => !over.axes.includes(axis));
    },
    vjp: ([x], y, dy, over) => [derivative(x, y, dy, over)],
    lower: (emit, [x], y, over) => {
      const { outer, inner, over: side } = part(name, x.shape, over);
      const sizes = { outer: count(outer), inner: count(inner) };
      if (side === "inner") emit(kernels.inner, ReduceRecord, { y, x, ...sizes });
      else emit(kernels.outer, ReduceOuterRecord, { y, x, batch: count([]), ...sizes });
    },
  });
}
