import { BroadcastRecord, FillRecord, Op } from "../../assembly/isa.js";
import { ShapeError } from "../errors.js";
import { defineOp, type OpFunction } from "../graph/op.js";
import { formatShape, type Shape, type Size, sameShape } from "../graph/shape.js";
import type { Value } from "../graph/value.js";
import { broadcastShapes, repetition, strides, unbroadcast } from "./broadcasting.js";
import { count, real } from "./operands.js";

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

/** y = value everywhere. */
export const fill = defineOp<[], { readonly shape: Shape; readonly value: number }>({
  name: "fill",
  shape: (_, { shape }) => shape,
  vjp: () => [],
  lower: (emit, _, y, { shape, value }) =>
    emit(Op.Fill, FillRecord, { y, count: count(shape), value: real(value) }),
});
