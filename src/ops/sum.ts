/** Sums, means and repetition: each is the adjoint of the other, so they stand together. */
import { BroadcastRecord, Op } from "../../assembly/isa.js";
import { ShapeError } from "../errors.js";
import { defineOp, type OpFunction } from "../graph/op.js";
import { formatShape, type Shape, type Size, sameShape, sizeOf } from "../graph/shape.js";
import type { Value } from "../graph/value.js";
import { aligned, broadcastShapes, halfway, repetition, strides } from "./broadcasting.js";
import { checkMovement, emitMove, type Movement, rowMajor, ZERO } from "./move.js";
import { count } from "./operands.js";
import { keptAxes, type Over, type Reduction, reduction } from "./reduce.js";
import { reshape } from "./reshape.js";
import { permuted } from "./transpose.js";

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

/** dx = dy / divisor, repeated along the axes that were reduced. */
function spread(x: Value, dy: Value, over: Over, divisor: Size): Value {
  return broadcastTo(reshape(dy, { shape: keptAxes(x.shape, over) }), { shape: x.shape, divisor });
}

export interface BroadcastAttributes {
  readonly shape: Shape;
  readonly divisor: Size;
}

/** The movement that repeats x. */
function repeating(x: Shape, shape: Shape): Movement {
  const axes = aligned(x, shape);
  const xStrides = rowMajor(axes).map((stride, axis) => (axes[axis] === 1 ? ZERO : stride));
  return { shape, yStrides: rowMajor(shape), xStrides };
}

/** y = x / divisor, repeated to `shape` by NumPy's rule: the adjoint of a sum or a mean. */
export const broadcastTo: OpFunction<[Value], BroadcastAttributes> = defineOp<[Value], BroadcastAttributes>({
  name: "broadcastTo",
  // Only a repetition over leading or trailing axes divides on its way: any other is a movement.
  align: ([x], { shape, divisor }) => {
    checkBroadcast(x.shape, shape);
    if (isOne(divisor) || repetition(x.shape, shape)) return [x];
    return [repeatTo(x, halfway(x.shape, shape)[0] as Shape)];
  },
  shape: ([x], { shape }) => {
    checkBroadcast(x.shape, shape);
    if (!repetition(x.shape, shape)) checkMovement("broadcastTo", repeating(x.shape, shape));
    return shape;
  },
  vjp: ([x], _, dy, { divisor }) => {
    const share = isOne(divisor) ? dy : broadcastTo(dy, { shape: dy.shape, divisor });
    return [unbroadcast(share, x)];
  },
  lower: (emit, [x], y, { shape, divisor }) => {
    const repeated = repetition(x.shape, shape);
    if (repeated === undefined) return emitMove(emit, y, x, repeating(x.shape, shape));
    const inner = shape.slice(repeated.split);
    const stride = strides(repeated, inner);
    emit(Op.Broadcast, BroadcastRecord, {
      y,
      x,
      outer: count(shape.slice(0, repeated.split)),
      inner: count(inner),
      xOuter: stride.outer,
      xInner: stride.inner,
      divisor: { count: divisor },
    });
  },
});

const isOne = ({ factor, perRow }: Size) => factor === 1 && !perRow;

function checkBroadcast(x: Shape, shape: Shape): void {
  if (sameShape(broadcastShapes("broadcastTo", x, shape), shape)) return;
  throw new ShapeError(`broadcastTo: ${formatShape(x)} does not broadcast to ${formatShape(shape)}.`);
}

/** x repeated to a shape; itself where it has it. */
export const repeatTo = (x: Value, shape: Shape): Value =>
  sameShape(x.shape, shape) ? x : broadcastTo(x, { shape, divisor: one });

/** The adjoint of broadcasting: sums dy over the axes along which `x` was repeated. */
export function unbroadcast(dy: Value, x: Value): Value {
  const from = aligned(x.shape, dy.shape);
  // Without axes of size 1, more of those to sum over are one run.
  const long = dy.shape.map((_, axis) => axis).filter((axis) => dy.shape[axis] !== 1);
  const axes = long.flatMap((axis, i) => (from[axis] === 1 ? [i] : []));
  if (axes.length === 0) return reshape(dy, { shape: x.shape });
  const squeezed = reshape(dy, { shape: long.map((axis) => dy.shape[axis] as number) });
  return reshape(sumOverAny(squeezed, axes), { shape: x.shape });
}

/** Axes that are no leading or trailing run are brought to the front first. */
function sumOverAny(x: Value, axes: readonly number[]): Value {
  const isRun = axes.every((axis, i) => axis === (axes[0] as number) + i);
  if (isRun && (axes[0] === 0 || axes.at(-1) === x.shape.length - 1)) return sum(x, { axes });
  const kept = x.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  return sum(permuted(x, [...axes, ...kept]), { axes: axes.map((_, i) => i) });
}
