/** Sums, means and repetition: each is the adjoint of the other, so they stand together. */
import { BroadcastRecord, Op } from "../../assembly/isa.js";
import { ShapeError } from "../errors.js";
import { defineOp, type OpFunction } from "../graph/op.js";
import { formatShape, type Shape, type Size, sameShape, sizeOf } from "../graph/shape.js";
import type { Value } from "../graph/value.js";
import { broadcastShapes, repetition, strides } from "./broadcasting.js";
import { count } from "./operands.js";
import { keptAxes, type Over, type Reduction, reduction } from "./reduce.js";
import { reshape } from "./reshape.js";

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

/** y = x / divisor, repeated to `shape` by NumPy's rule: the adjoint of a sum or a mean. */
export const broadcastTo: OpFunction<[Value], BroadcastAttributes> = defineOp<[Value], BroadcastAttributes>({
  name: "broadcastTo",
  shape: ([x], { shape }) => {
    if (!sameShape(broadcastShapes("broadcastTo", x.shape, shape), shape)) {
      throw new ShapeError(
        `broadcastTo: ${formatShape(x.shape)} does not broadcast to ${formatShape(shape)}.`,
      );
    }
    return shape;
  },
  vjp: ([x], _, dy, { divisor }) => [unbroadcast(broadcastTo(dy, { shape: dy.shape, divisor }), x)],
  lower: (emit, [x], y, { shape, divisor }) => {
    const repeated = repetition("broadcastTo", x.shape, shape);
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

/** The adjoint of broadcasting: sums dy over the axes along which `x` was repeated. */
export function unbroadcast(dy: Value, x: Value): Value {
  const { kind, split } = repetition("unbroadcast", x.shape, dy.shape);
  if (kind === "none") return reshape(dy, { shape: x.shape });
  const axes = dy.shape.map((_, axis) => axis);
  const over = kind === "all" ? axes : kind === "outer" ? axes.slice(0, split) : axes.slice(split);
  return reshape(sum(dy, { axes: over }), { shape: x.shape });
}
