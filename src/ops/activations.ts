/** Activations. */

import { OptionError, ShapeError } from "../check/errors.js";
import { finite, flag, later, numberOf } from "../check/kinds.js";
import { take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import {
  clip,
  hardTanh as hardTanhOp,
  leakyRelu as leakyReluOp,
} from "../graph/primitives/choice/piecewise.js";
import { select } from "../graph/primitives/choice/select.js";
import { customGradient } from "../graph/primitives/customGradient.js";
import { affine, scale } from "../graph/primitives/elementwise/affine.js";
import { divide, multiply } from "../graph/primitives/elementwise/binary.js";
import * as unary from "../graph/primitives/elementwise/unary.js";
import { permuted } from "../graph/primitives/move/transpose.js";
import { softmax as softmaxOp } from "../graph/primitives/reduce/softmax.js";
import * as gates from "../graph/primitives/transcendental/activation.js";
import { elu as eluOp } from "../graph/primitives/transcendental/elu.js";
import { logSoftmax as logSoftmaxOp } from "../graph/primitives/transcendental/softmax.js";
import { softplus as softplusOp } from "../graph/primitives/transcendental/transcendental.js";
import type { Value } from "../graph/value.js";
import { named } from "./activationName.js";
import { type Operand, toAxis, toValue } from "./operand.js";

/** How steep leakyRelu is below 0. */
export interface LeakyReluOptions {
  /** Default 0.01, as in PyTorch (Keras: 0.2, and its layer 0.3). */
  readonly slope?: number;
}

/** The options of leakyRelu, settled. @throws OptionError */
export const takeLeakyRelu = (options: LeakyReluOptions) =>
  take("leakyRelu", options, { slope: finite(0.01) });

/** How far elu reaches below 0. */
export interface EluOptions {
  /** elu goes to −alpha; default 1. */
  readonly alpha?: number;
}

/** The options of elu, settled. @throws OptionError */
export const takeElu = (options: EluOptions) => take("elu", options, { alpha: finite(1) });

/** How far celu reaches below 0. */
export interface CeluOptions {
  /** celu goes to −alpha; above 0, default 1. */
  readonly alpha?: number;
}

/** Which of the two forms of gelu. */
export interface GeluOptions {
  /** By the tanh, as geluTanh; default false, the exact one. */
  readonly approximate?: boolean;
}

/** The options of celu, settled. @throws OptionError */
export const takeCelu = (options: CeluOptions) =>
  take("celu", options, { alpha: numberOf("a number above 1e-38", (a) => a > 1e-38)(1) });

/** The options of gelu, settled. @throws OptionError */
export const takeGelu = (options: GeluOptions) => take("gelu", options, { approximate: flag(false) });

/** Between what hardTanh lies. */
export interface HardTanhOptions {
  /** Default −1. */
  readonly low?: number;
  /** Above `low`; default 1. */
  readonly high?: number;
}

/** The options of hardTanh, settled. @throws OptionError */
export function takeHardTanh(options: HardTanhOptions) {
  const settled = take("hardTanh", options, { low: finite(-1), high: finite(1) });
  const { low, high } = settled;
  if (Math.fround(low) < Math.fround(high)) return settled;
  throw new OptionError(`hardTanh: low is ${low} and high ${high}; needs low < high.`);
}

/** Along what a softmax goes. */
export interface SoftmaxOptions {
  /** Below 0 counted from the end; default −1, the last. */
  readonly axis?: number;
}

/** y = tanh x */
export const tanh = /* @__PURE__ */ named("tanh", function tanh(x: Operand): Value {
  checkSurplus("tanh", arguments, 1);
  return unary.tanh(toValue("tanh", x));
});

/** y = 1 / (1 + e⁻ˣ); what would be subnormal is 0. */
export const sigmoid = /* @__PURE__ */ named("sigmoid", function sigmoid(x: Operand): Value {
  checkSurplus("sigmoid", arguments, 1);
  return unary.sigmoid(toValue("sigmoid", x));
});

/** y = ln(1 + eˣ), without overflow; what would be subnormal is 0. */
export const softplus = /* @__PURE__ */ named("softplus", function softplus(x: Operand): Value {
  checkSurplus("softplus", arguments, 1);
  return softplusOp(toValue("softplus", x));
});

/** y = max(x, 0); its gradient at 0 is 0. */
export const relu = /* @__PURE__ */ named("relu", function relu(x: Operand): Value {
  checkSurplus("relu", arguments, 1);
  return unary.relu(toValue("relu", x));
});

/**
 * y = x > 0 ? x : slope · x; its gradient at 0 is the slope, as in PyTorch.
 *
 * @throws OptionError unless the slope is a finite number
 */
export const leakyRelu = /* @__PURE__ */ named(
  "leakyRelu",
  function leakyRelu(x: Operand, options: LeakyReluOptions = {}): Value {
    checkSurplus("leakyRelu", arguments, 2);
    return leakyReluOp(toValue("leakyRelu", x), takeLeakyRelu(options));
  },
);

/**
 * y = x > 0 ? x : alpha · (eˣ − 1) (Clevert, Unterthiner & Hochreiter 2016); its gradient at 0 is alpha, as in PyTorch.
 *
 * @throws OptionError unless alpha is a finite number
 */
export const elu = /* @__PURE__ */ named("elu", function elu(x: Operand, options: EluOptions = {}): Value {
  checkSurplus("elu", arguments, 2);
  return eluOp(toValue("elu", x), takeElu(options));
});

// Constants that leave mean 0 and variance 1 as they are (Klambauer et al. 2017, eq. 14), in f64.
const SELU_SCALE = 1.0507009873554805;
const SELU_ALPHA = 1.6732632423543772;

/**
 * y = λ · (x > 0 ? x : α · (eˣ − 1)), λ = 1.05070…, α = 1.67326… (Klambauer, Unterthiner, Mayr & Hochreiter 2017). Its
 * gradient at 0 is λ · α, as in PyTorch.
 */
export const selu = /* @__PURE__ */ named("selu", function selu(x: Operand): Value {
  checkSurplus("selu", arguments, 1);
  return scale(eluOp(toValue("selu", x), { alpha: SELU_ALPHA }), SELU_SCALE);
});

/**
 * y = x > 0 ? x : alpha · (e^(x / alpha) − 1) (Barron 2017); its gradient at 0 is 1.
 *
 * @throws OptionError unless alpha is above 1e-38
 */
export const celu = /* @__PURE__ */ named(
  "celu",
  function celu(x: Operand, options: CeluOptions = {}): Value {
    checkSurplus("celu", arguments, 2);
    const { alpha } = takeCelu(options);
    const value = toValue("celu", x);
    if (alpha === 1) return eluOp(value, { alpha: 1 });
    // Positive x go around the division, which would round them.
    const bent = scale(eluOp(scale(value, 1 / alpha), { alpha: 1 }), alpha);
    return select(unary.greaterThan(value, { threshold: 0 }), value, bent);
  },
);

/**
 * y = x Φ(x), Φ being the share of a normal distribution below x (Hendrycks & Gimpel 2016); by the tanh if
 * `approximate`. Exact to one rounding, in the tails and where the slope passes through 0 too. An option of Keras;
 * PyTorch writes it "tanh" and "none".
 *
 * @throws OptionError unless `approximate` is true or false
 */
export const gelu = /* @__PURE__ */ named(
  "gelu",
  function gelu(x: Operand, options: GeluOptions = {}): Value {
    checkSurplus("gelu", arguments, 2);
    const { approximate } = takeGelu(options);
    return approximate ? geluTanh(x) : gates.gelu(toValue("gelu", x));
  },
);

/** y = x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2: gelu, to 5e−4 (Hendrycks & Gimpel 2016). */
export const geluTanh = /* @__PURE__ */ named("geluTanh", function geluTanh(x: Operand): Value {
  checkSurplus("geluTanh", arguments, 1);
  return gates.geluTanh(toValue("geluTanh", x));
});

/** y = x / (1 + e⁻ˣ) = x · sigmoid(x) (Elfwing, Uchibe & Doya 2017); 0 below −87.3, where |y| is below 1.1e−36. */
export const silu = /* @__PURE__ */ named("silu", function silu(x: Operand): Value {
  checkSurplus("silu", arguments, 1);
  return gates.silu(toValue("silu", x));
});

/** The same as silu, by the name that Ramachandran, Zoph & Le (2017) gave it. */
export const swish = /* @__PURE__ */ named("swish", function swish(x: Operand): Value {
  checkSurplus("swish", arguments, 1);
  return gates.silu(toValue("swish", x));
});

/** y = x tanh(ln(1 + eˣ)) (Misra 2019). */
export const mish = /* @__PURE__ */ named("mish", function mish(x: Operand): Value {
  checkSurplus("mish", arguments, 1);
  return gates.mish(toValue("mish", x));
});

/** y = x / (1 + |x|) (Turian, Bergstra & Bengio 2009); NaN at ±Infinity, as in PyTorch. Gradient: dy / (1 + |x|)². */
export const softsign = /* @__PURE__ */ named("softsign", function softsign(x: Operand): Value {
  checkSurplus("softsign", arguments, 1);
  const value = toValue("softsign", x);
  const divisor = affine(unary.abs(value), { scale: 1, offset: 1 });
  // The chain rule would subtract y from 1, which leaves nothing of the gradient where x is large.
  return customGradient(divide(value, divisor), value, {
    name: "softsign",
    gradient: (_, __, dy) => [divide(divide(dy, divisor), divisor)],
    site: new Error(),
  });
});

/**
 * y = min(max(x, low), high), from −1 to 1 by default; its gradient at the ends is 0, as in PyTorch, while that of
 * `clip` is 1 there.
 *
 * @throws OptionError unless low < high
 */
export const hardTanh = /* @__PURE__ */ named(
  "hardTanh",
  function hardTanh(x: Operand, options: HardTanhOptions = {}): Value {
    checkSurplus("hardTanh", arguments, 2);
    return hardTanhOp(toValue("hardTanh", x), takeHardTanh(options));
  },
);

/** y = min(max(x, 0), 6); its gradient at 0 and at 6 is 0, as in PyTorch. */
export const relu6 = /* @__PURE__ */ named("relu6", function relu6(x: Operand): Value {
  checkSurplus("relu6", arguments, 1);
  return hardTanhOp(toValue("relu6", x), { low: 0, high: 6 });
});

const SIXTH = 1 / 6;
const plus3 = (x: Value) => affine(x, { scale: 1, offset: 3 });

/** y = min(max(x + 3, 0), 6) / 6, as PyTorch and Keras 3 have it; its gradient at ±3 is 0. */
export const hardSigmoid = /* @__PURE__ */ named("hardSigmoid", function hardSigmoid(x: Operand): Value {
  checkSurplus("hardSigmoid", arguments, 1);
  return scale(hardTanhOp(plus3(toValue("hardSigmoid", x)), { low: 0, high: 6 }), SIXTH);
});

/** y = x · min(max(x + 3, 0), 6) / 6 (Howard et al. 2019); its gradient at −3 is −½ and at 3 is 3⁄2, as in PyTorch. */
export const hardSwish = /* @__PURE__ */ named("hardSwish", function hardSwish(x: Operand): Value {
  checkSurplus("hardSwish", arguments, 1);
  const value = toValue("hardSwish", x);
  return multiply(value, scale(clip(plus3(value), { low: 0, high: 6 }), SIXTH));
});

/** An op along the last axis, applied along another: the two change places before and after. */
function along(who: string, op: (x: Value) => Value, x: Operand, options: SoftmaxOptions): Value {
  const given = take(who, options, { axis: later(-1) });
  const value = toValue(who, x);
  const rank = value.shape.length;
  if (rank === 0) throw new ShapeError(`${who}: got a scalar; needs at least one axis. Use reshape(x, [1]).`);
  const axis = toAxis(who, given.axis, rank);
  // The op itself: crossEntropy looks for it.
  if (axis === rank - 1) return op(value);
  const exchange = Array.from({ length: rank }, (_, i) =>
    i === axis ? rank - 1 : i === rank - 1 ? axis : i,
  );
  return permuted(op(permuted(value, exchange)), exchange);
}

/**
 * y = eˣ / Σ eˣ along an axis, without overflow.
 *
 * @throws ShapeError for a scalar, or an axis that there is not
 */
export const softmax = /* @__PURE__ */ named(
  "softmax",
  function softmax(x: Operand, options: SoftmaxOptions = {}): Value {
    checkSurplus("softmax", arguments, 2);
    return along("softmax", softmaxOp, x, options);
  },
);

/**
 * y = x − ln Σ eˣ along an axis, without overflow: the logarithm of softmax.
 *
 * @throws ShapeError for a scalar, or an axis that there is not
 */
export const logSoftmax = /* @__PURE__ */ named(
  "logSoftmax",
  function logSoftmax(x: Operand, options: SoftmaxOptions = {}): Value {
    checkSurplus("logSoftmax", arguments, 2);
    return along("logSoftmax", logSoftmaxOp, x, options);
  },
);
