/** Sums, means and repetition: each is the adjoint of the other, so they stand together. */

import { ShapeError } from "../../../check/errors.js";
import { reduceKinds } from "../../../compile/facts/reduce.js";
import { defineOp, type OpFunction } from "../../op.js";
import { formatShape, type Shape, type Size, sameShape, sizeOf } from "../../shape.js";
import type { Value } from "../../value.js";
import { aligned, broadcastShapes, halfway, repetition, strides } from "../broadcasting.js";
import { checkMovement, emitMove, type Movement, rowMajor, ZERO } from "../move/move.js";
import { reshape } from "../move/reshape.js";
import { count } from "../operands.js";
import { keptAxes, type Over, type Reduction, reduction } from "./reduce.js";

const one: Size = { factor: 1, perRow: false };

/** y = Σ x over the axes. */
export const sum: Reduction = reduction(
  "sum",
  { inner: () => reduceKinds.SumInner, outer: () => reduceKinds.SumOuter },
  (x, _, dy, over) => spread(x, dy, over, one),
);

/** y = Σ x / n over the axes, n elements each. */
export const mean: Reduction = reduction(
  "mean",
  { inner: () => reduceKinds.MeanInner, outer: () => reduceKinds.MeanOuter },
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
    emit(reduceKinds.Broadcast, {
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

/**
 * The adjoint of broadcasting: sums dy over the axes along which `x` was repeated. Where they are several runs, one
 * after the other, the innermost first: no sum has to be brought into another order, and each leaves less for the next.
 */
export function unbroadcast(dy: Value, x: Value): Value {
  if (sameShape(dy.shape, x.shape)) return dy;
  const from = aligned(x.shape, dy.shape);
  const long = dy.shape.flatMap((size, axis) => (size === 1 ? [] : [axis]));
  const isRepeated = (i: number) => from[long[i] as number] === 1;
  let total = reshape(dy, { shape: long.map((axis) => dy.shape[axis] as number) });
  for (let end = long.length; end > 0; ) {
    let start = end;
    while (start > 0 && isRepeated(start - 1)) start -= 1;
    const axes = Array.from({ length: end - start }, (_, i) => start + i);
    if (axes.length > 0) total = sum(total, { axes });
    end = start - 1;
  }
  return reshape(total, { shape: x.shape });
}
