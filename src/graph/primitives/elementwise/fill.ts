import { elementwiseKinds } from "../../../compile/facts/elementwise.js";
import { defineOp } from "../../op.js";
import type { Shape } from "../../shape.js";
import { count, real } from "../operands.js";

/** y = value everywhere. */
export const fill = defineOp<[], { readonly shape: Shape; readonly value: number }>({
  name: "fill",
  shape: (_, { shape }) => shape,
  vjp: () => [],
  lower: (emit, _, y, { shape, value }) =>
    emit(elementwiseKinds.Fill, { y, count: count(shape), value: real(value) }),
});
