import { reduceKinds } from "../../../compile/facts/reduce.js";
import { defineOp } from "../../op.js";
import type { Value } from "../../value.js";
import { matrix } from "../operands.js";

/** Index of the first maximum along the last axis, as a number. An index has no gradient. */
export const argMax = defineOp<[Value]>({
  name: "argMax",
  shape: ([x]) => x.shape.slice(0, -1),
  vjp: "none",
  lower: (emit, [x], y) => emit(reduceKinds.ArgMaxInner, { y, x, ...matrix(x.shape) }),
});
