import { affine, scale } from "../graph/primitives/elementwise/affine.js";
import { abs, tanh } from "../graph/primitives/elementwise/unary.js";
import { softplus } from "../graph/primitives/transcendental/transcendental.js";
import type { Value } from "../graph/value.js";
import { less, where } from "../ops/comparison.js";
import { customGradient } from "../ops/customGradient.js";
import { add, exp, expm1, log1p, minimum, multiply, negate, square } from "../ops/elementwise.js";

/**
 * ln cosh x. For |x| ≥ 1 it is |x| + softplus(−2|x|) − ln 2, in which nothing overflows. Below, where these terms cancel,
 * it is ln(1 + (cosh x − 1)) with cosh x − 1 = ½ (eˣ − 1)² e⁻ˣ. Its gradient is tanh x, without a detour.
 */
export const logCoshOf: (x: Value) => Value = customGradient(
  function logCosh(x: Value): Value {
    const size = abs(x);
    const cut = minimum(size, 1);
    const excess = scale(multiply(square(expm1(cut)), exp(negate(cut))), 0.5);
    const far = add(size, affine(softplus(scale(size, -2)), { scale: 1, offset: -Math.LN2 }));
    return where(less(size, 1), log1p(excess), far);
  },
  ([x], _, dy) => [multiply(dy, tanh(x))],
);
