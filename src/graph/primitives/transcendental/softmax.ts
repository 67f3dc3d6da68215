import { transcendentalKinds } from "../../../compile/facts/transcendental.js";
import { defineOp } from "../../op.js";
import type { Value } from "../../value.js";
import { matrix } from "../operands.js";

/** dx = y · (dy − Σ y dy) along the last axis: the adjoint of softmax. First order only. */
export const softmaxGrad = defineOp<[Value, Value]>({
  name: "softmaxGrad",
  shape: ([y]) => y.shape,
  vjp: "none",
  lower: (emit, [y, dy], dx) => emit(transcendentalKinds.SoftmaxGrad, { dx, y, dy, ...matrix(y.shape) }),
  inPlace: [1, 0],
});

/** dx = dy − eʸ Σ dy along the last axis: the adjoint of logSoftmax. First order only. */
export const logSoftmaxGrad = defineOp<[Value, Value]>({
  name: "logSoftmaxGrad",
  shape: ([y]) => y.shape,
  vjp: "none",
  lower: (emit, [y, dy], dx) => emit(transcendentalKinds.LogSoftmaxGrad, { dx, y, dy, ...matrix(y.shape) }),
  inPlace: [1, 0],
});

/** y = x − ln Σ eˣ along the last axis. */
export const logSoftmax = defineOp<[Value]>({
  name: "logSoftmax",
  shape: ([x]) => x.shape,
  vjp: (_, y, dy) => [logSoftmaxGrad(y, dy)],
  lower: (emit, [x], y) => emit(transcendentalKinds.LogSoftmax, { y, x, ...matrix(x.shape) }),
  inPlace: [0],
});
