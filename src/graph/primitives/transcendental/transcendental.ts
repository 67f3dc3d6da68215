/** Elementwise functions whose kernels compute in f64. */

import { transcendentalKinds } from "../../../compile/facts/transcendental.js";
import type { OpFunction } from "../../op.js";
import type { Value } from "../../value.js";
import { affine, negate, scale } from "../elementwise/affine.js";
import { divide, multiply } from "../elementwise/binary.js";
import { sigmoid, square, unary } from "../elementwise/unary.js";
import { exp } from "./exponential.js";

/** y = ln(1 + x) */
export const log1p = unary(
  "log1p",
  () => transcendentalKinds.Log1p,
  (x, _, dy) => divide(dy, affine(x, { scale: 1, offset: 1 })),
);
/** y = eˣ − 1 */
export const expm1 = unary(
  "expm1",
  () => transcendentalKinds.Expm1,
  (x, _, dy) => multiply(dy, exp(x)),
);
/** y = sin x */
export const sin: OpFunction<[Value], undefined> = unary(
  "sin",
  () => transcendentalKinds.Sin,
  (x, _, dy) => multiply(dy, cos(x)),
);
/** y = cos x */
export const cos = unary(
  "cos",
  () => transcendentalKinds.Cos,
  (x, _, dy) => negate(multiply(dy, sin(x))),
);
/** y = ln(1 + eˣ) */
export const softplus = unary(
  "softplus",
  () => transcendentalKinds.Softplus,
  (x, _, dy) => multiply(dy, sigmoid(x)),
);

/** 2 / √π, written out so that bundlers may drop it. */
const TWO_OVER_ROOT_PI = 1.1283791670955126;

/** y = 2/√π ∫₀ˣ e^(−t²) dt */
export const erf = unary(
  "erf",
  () => transcendentalKinds.Erf,
  (x, _, dy) => scale(multiply(dy, exp(negate(square(x)))), TWO_OVER_ROOT_PI),
);
