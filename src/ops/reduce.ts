import { Op, ReduceRecord } from "../../assembly/isa.js";
import { ShapeError } from "../errors.js";
import { defineOp, type OpFunction } from "../graph/op.js";
import { formatShape, type Shape, type Size, sizeOf } from "../graph/shape.js";
import type { Value } from "../graph/value.js";
import { divide, equal, multiply } from "./binary.js";
import { broadcastTo } from "./broadcast.js";
import { count } from "./operands.js";
import { reshape } from "./reshape.js";

/** Axes to reduce over, counted from 0: a run of leading or of trailing axes. */
export interface Over {
  readonly axes: readonly number[];
}
type Reduction = OpFunction<[Value], Over>;

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
const keptAxes = (shape: Shape, { axes }: Over): Shape =>
  shape.map((axis, i) => (axes.includes(i) ? 1 : axis));

interface Kernels {
  readonly inner: Op;
  readonly outer: Op;
}
type Derivative = (x: Value, y: Value, dy: Value, over: Over) => Value;

function reduction(name: string, kernels: Kernels, derivative: Derivative): Reduction {
  return defineOp<[Value], Over>({
    name,
    shape: ([x], over) => {
      part(name, x.shape, over);
      return x.shape.filter((_, axis) => !over.axes.includes(axis));
    },
    vjp: ([x], y, dy, over) => [derivative(x, y, dy, over)],
    lower: (emit, [x], y, over) => {
      const { outer, inner, over: side } = part(name, x.shape, over);
      emit(kernels[side], ReduceRecord, { y, x, outer: count(outer), inner: count(inner) });
    },
  });
}

const one: Size = { factor: 1, perRow: false };

/** y = Σ x over the axes. */
export const sum: Reduction = reduction("sum", { inner: Op.SumInner, outer: Op.SumOuter }, (x, _, dy, over) =>
  spread(x, dy, over, one),
);

/** y = Σ x / n over the axes, n elements each. */
export const mean: Reduction = reduction(
  "mean",
  { inner: Op.MeanInner, outer: Op.MeanOuter },
  (x, _, dy, over) => spread(x, dy, over, sizeOf(x.shape.filter((_, axis) => over.axes.includes(axis)))),
);

/** y = max x over the axes; equal maxima share the gradient evenly, as in PyTorch's amax. */
export const max: Reduction = reduction(
  "max",
  { inner: Op.MaxInner, outer: Op.MaxOuter },
  (x, y, dy, over) => {
    const kept = { shape: keptAxes(x.shape, over) };
    const isMaximum = equal(x, reshape(y, kept));
    const share = divide(dy, sum(isMaximum, over));
    return multiply(isMaximum, reshape(share, kept));
  },
);

/** dx = dy / divisor, repeated along the axes that were reduced. */
function spread(x: Value, dy: Value, over: Over, divisor: Size): Value {
  return broadcastTo(reshape(dy, { shape: keptAxes(x.shape, over) }), { shape: x.shape, divisor });
}

/** Index of the first maximum along the last axis, as a number. An index has no gradient. */
export const argMax = defineOp<[Value]>({
  name: "argMax",
  shape: ([x]) => x.shape.slice(0, -1),
  vjp: "none",
  lower: (emit, [x], y) =>
    emit(Op.ArgMaxInner, ReduceRecord, {
      y,
      x,
      outer: count(x.shape.slice(0, -1)),
      inner: count(x.shape.slice(-1)),
    }),
});
