/** Activations that gate x by a smooth step: f(x) = x · s(x), with kernels of their own for value and gradient. */

import type { UnaryGradRecord } from "../../../../assembly/isa/elementwise.js";
import type { Kind } from "../../../compile/facts/fact.js";
import { transcendentalKinds } from "../../../compile/facts/transcendental.js";
import { defineOp, type OpFunction } from "../../op.js";
import type { Value } from "../../value.js";
import { unary } from "../elementwise/unary.js";
import { count } from "../operands.js";

/** dx = dy · f′(x), from the saved input x. First order only. */
function slope(
  name: string,
  kind: () => Kind<typeof UnaryGradRecord>,
): OpFunction<[Value, Value], undefined> {
  return defineOp<[Value, Value]>({
    name,
    shape: ([x]) => x.shape,
    vjp: "none",
    // The record is that of gradients from the saved output, and calls what was saved y.
    lower: (emit, [x, dy], dx) => emit(kind(), { dx, y: x, dy, count: count(x.shape) }),
    inPlace: [1, 0],
  });
}

/** dx = dy · (Φ(x) + x φ(x)) */
export const geluGrad = slope("geluGrad", () => transcendentalKinds.GeluGrad);
/** dx = dy · (s + x s (1 − s) v′), s = sigmoid(v), v = 2 √(2/π) (x + 0.044715 x³) */
export const geluTanhGrad = slope("geluTanhGrad", () => transcendentalKinds.GeluTanhGrad);
/** dx = dy · (s + x s (1 − s)), s = sigmoid(x) */
export const siluGrad = slope("siluGrad", () => transcendentalKinds.SiluGrad);
/** dx = dy · (t + x (1 − t²) sigmoid(x)), t = tanh(softplus(x)) */
export const mishGrad = slope("mishGrad", () => transcendentalKinds.MishGrad);

/** y = x Φ(x), Φ being the normal distribution (Hendrycks & Gimpel 2016) */
export const gelu = unary(
  "gelu",
  () => transcendentalKinds.Gelu,
  (x, _, dy) => geluGrad(x, dy),
);
/** y = x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2 */
export const geluTanh = unary(
  "geluTanh",
  () => transcendentalKinds.GeluTanh,
  (x, _, dy) => geluTanhGrad(x, dy),
);
/** y = x / (1 + e⁻ˣ) */
export const silu = unary(
  "silu",
  () => transcendentalKinds.Silu,
  (x, _, dy) => siluGrad(x, dy),
);
/** y = x tanh(ln(1 + eˣ)) (Misra 2019) */
export const mish = unary(
  "mish",
  () => transcendentalKinds.Mish,
  (x, _, dy) => mishGrad(x, dy),
);
