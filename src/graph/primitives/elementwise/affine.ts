import { elementwiseKinds } from "../../../compile/facts/elementwise.js";
import { defineOp, type OpFunction } from "../../op.js";
import type { Value } from "../../value.js";
import { count, real } from "../operands.js";

/** y = −x */
export const negate: OpFunction<[Value], undefined> = defineOp<[Value]>({
  name: "negate",
  shape: ([x]) => x.shape,
  vjp: (_, __, dy) => [negate(dy)],
  lower: (emit, [x], y) =>
    emit(elementwiseKinds.Negate, { y, x, count: count(x.shape), alpha: real(0), beta: real(0) }),
  inPlace: [0],
});

/** y = scale · x + offset */
export const affine = defineOp<[Value], { readonly scale: number; readonly offset: number }>({
  name: "affine",
  shape: ([x]) => x.shape,
  vjp: (_, __, dy, attributes) => [scale(dy, attributes.scale)],
  lower: (emit, [x], y, attributes) =>
    emit(elementwiseKinds.Affine, {
      y,
      x,
      count: count(x.shape),
      alpha: real(attributes.scale),
      beta: real(attributes.offset),
    }),
  inPlace: [0],
});

/** factor · x */
export const scale = (x: Value, factor: number): Value =>
  factor === 1 ? x : affine(x, { scale: factor, offset: 0 });
