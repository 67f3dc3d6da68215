import { reduceKinds } from "../../../compile/facts/reduce.js";
import { defineOp } from "../../op.js";
import type { Value } from "../../value.js";
import { matrix } from "../operands.js";
import { softmaxGrad } from "../transcendental/softmax.js";

/** y = eˣ / Σ eˣ along the last axis. */
export const softmax = defineOp<[Value]>({
  name: "softmax",
  shape: ([x]) => x.shape,
  vjp: (_, y, dy) => [softmaxGrad(y, dy)],
  lower: (emit, [x], y) => emit(reduceKinds.Softmax, { y, x, ...matrix(x.shape) }),
  inPlace: [0],
});
