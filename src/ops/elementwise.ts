/** Arithmetic and elementary functions, element by element. */
import { OptionError } from "../check/errors.js";
import { describe } from "../check/options.js";
import { checkSurplus } from "../check/surplus.js";
import { broadcastShapes } from "../graph/primitives/broadcasting.js";
import { minimum as minimumOp } from "../graph/primitives/choice/comparison.js";
import { clip as clipOp } from "../graph/primitives/choice/piecewise.js";
import { negate as negateOp } from "../graph/primitives/elementwise/affine.js";
import * as binary from "../graph/primitives/elementwise/binary.js";
import * as unary from "../graph/primitives/elementwise/unary.js";
import { stopGradient as stopGradientOp } from "../graph/primitives/stopGradient.js";
import * as exponential from "../graph/primitives/transcendental/exponential.js";
import { power as powerOp } from "../graph/primitives/transcendental/power.js";
import * as transcendental from "../graph/primitives/transcendental/transcendental.js";
import type { Value } from "../graph/value.js";
import { type Operand, toValue } from "./operand.js";

/** Both as values. @throws ShapeError when they do not broadcast */
function pair(who: string, a: Operand, b: Operand): [Value, Value] {
  const values: [Value, Value] = [toValue(who, a), toValue(who, b)];
  broadcastShapes(who, values[0].shape, values[1].shape);
  return values;
}

/**
 * y = a + b, broadcast as in NumPy.
 *
 * @throws ShapeError when the shapes do not broadcast
 */
export function add(a: Operand, b: Operand): Value {
  checkSurplus("add", arguments, 2);
  return binary.add(...pair("add", a, b));
}

/**
 * y = a − b, broadcast as in NumPy.
 *
 * @throws ShapeError when the shapes do not broadcast
 */
export function subtract(a: Operand, b: Operand): Value {
  checkSurplus("subtract", arguments, 2);
  return binary.subtract(...pair("subtract", a, b));
}

/**
 * y = a · b element by element, broadcast as in NumPy.
 *
 * @throws ShapeError when the shapes do not broadcast
 */
export function multiply(a: Operand, b: Operand): Value {
  checkSurplus("multiply", arguments, 2);
  return binary.multiply(...pair("multiply", a, b));
}

/**
 * y = a / b, broadcast as in NumPy.
 *
 * @throws ShapeError when the shapes do not broadcast
 */
export function divide(a: Operand, b: Operand): Value {
  checkSurplus("divide", arguments, 2);
  return binary.divide(...pair("divide", a, b));
}

/**
 * y = aᵇ, broadcast as in NumPy, with the special cases of IEEE 754: 1 for b = 0 or a = 1 whatever the other is, NaN for
 * a below 0 and a b that is no integer.
 *
 * Gradient: da = dy · b · aᵇ⁻¹, 0 where b = 0; db = dy · y · ln a, 0 where a = 0 and b ≥ 0, as in PyTorch.
 *
 * @throws ShapeError when the shapes do not broadcast
 */
export function power(a: Operand, b: Operand): Value {
  checkSurplus("power", arguments, 2);
  if (b === 2) return unary.square(toValue("power", a));
  return powerOp(...pair("power", a, b));
}

/** y = −x */
export function negate(x: Operand): Value {
  checkSurplus("negate", arguments, 1);
  return negateOp(toValue("negate", x));
}

/** y = |x|; its gradient at 0 is 0, as in PyTorch. */
export function abs(x: Operand): Value {
  checkSurplus("abs", arguments, 1);
  return unary.abs(toValue("abs", x));
}

/** y = −1, 0 or 1: the sign of x. Its gradient is 0. */
export function sign(x: Operand): Value {
  checkSurplus("sign", arguments, 1);
  return unary.sign(toValue("sign", x));
}

/** y = x² */
export function square(x: Operand): Value {
  checkSurplus("square", arguments, 1);
  return unary.square(toValue("square", x));
}

/** y = √x; NaN for x < 0. Its gradient at 0 is infinite, as in PyTorch. */
export function sqrt(x: Operand): Value {
  checkSurplus("sqrt", arguments, 1);
  return unary.squareRoot(toValue("sqrt", x));
}

/** y = 1 / √x; Infinity at 0, NaN for x < 0. */
export function rsqrt(x: Operand): Value {
  checkSurplus("rsqrt", arguments, 1);
  return unary.reciprocalSquareRoot(toValue("rsqrt", x));
}

/** y = 1 / x */
export function reciprocal(x: Operand): Value {
  checkSurplus("reciprocal", arguments, 1);
  return unary.reciprocal(toValue("reciprocal", x));
}

/** y = eˣ; what would be subnormal is 0. */
export function exp(x: Operand): Value {
  checkSurplus("exp", arguments, 1);
  return exponential.exp(toValue("exp", x));
}

/** y = ln x; −Infinity at 0, NaN below. */
export function log(x: Operand): Value {
  checkSurplus("log", arguments, 1);
  return exponential.log(toValue("log", x));
}

/** y = ln(1 + x), exact to rounding for small x too; −Infinity at −1, NaN below. */
export function log1p(x: Operand): Value {
  checkSurplus("log1p", arguments, 1);
  return transcendental.log1p(toValue("log1p", x));
}

/** y = eˣ − 1, exact to rounding for small x too. */
export function expm1(x: Operand): Value {
  checkSurplus("expm1", arguments, 1);
  return transcendental.expm1(toValue("expm1", x));
}

/** y = sin x, x in radians, exact to rounding for large x too. */
export function sin(x: Operand): Value {
  checkSurplus("sin", arguments, 1);
  return transcendental.sin(toValue("sin", x));
}

/** y = cos x, x in radians, exact to rounding for large x too. */
export function cos(x: Operand): Value {
  checkSurplus("cos", arguments, 1);
  return transcendental.cos(toValue("cos", x));
}

/** y = 2/√π ∫₀ˣ e^(−t²) dt: the error function. */
export function erf(x: Operand): Value {
  checkSurplus("erf", arguments, 1);
  return transcendental.erf(toValue("erf", x));
}

/**
 * y = min(a, b), broadcast as in NumPy; NaN where either is. Where they are equal each gets half of the gradient, as in
 * PyTorch.
 *
 * @throws ShapeError when the shapes do not broadcast
 */
export function minimum(a: Operand, b: Operand): Value {
  checkSurplus("minimum", arguments, 2);
  return minimumOp(...pair("minimum", a, b));
}

/**
 * y = max(a, b), broadcast as in NumPy; NaN where either is. Where they are equal each gets half of the gradient, as in
 * PyTorch.
 *
 * @throws ShapeError when the shapes do not broadcast
 */
export function maximum(a: Operand, b: Operand): Value {
  checkSurplus("maximum", arguments, 2);
  return binary.maximum(...pair("maximum", a, b));
}

/**
 * y = min(max(x, low), high); an end of ±Infinity leaves that side open.
 *
 * Gradient: dy where low ≤ x ≤ high, the ends included, as in PyTorch; 0 elsewhere.
 *
 * @throws OptionError unless low ≤ high
 */
export function clip(x: Operand, low: number, high: number): Value {
  checkSurplus("clip", arguments, 3);
  const value = toValue("clip", x);
  for (const [name, end] of Object.entries({ low, high })) {
    if (typeof end === "number" && !Number.isNaN(end)) continue;
    throw new OptionError(`clip: ${name} is ${describe(end)}; needs a number. Use minimum() for a value.`);
  }
  if (low > high) {
    throw new OptionError(`clip: low is ${low} and high ${high}; needs low ≤ high. Exchange them.`);
  }
  return clipOp(value, { low, high });
}

/** y = x, as a constant: no gradient passes. */
export function stopGradient(x: Operand): Value {
  checkSurplus("stopGradient", arguments, 1);
  return stopGradientOp(toValue("stopGradient", x));
}
