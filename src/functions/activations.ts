/** Activations. */
import { ShapeError } from "../errors.js";
import type { Value } from "../graph/value.js";
import { greaterEqual } from "../ops/binary.js";
import { fill } from "../ops/fill.js";
import { elu as eluOp, leakyRelu as leakyReluOp } from "../ops/piecewise.js";
import { select } from "../ops/select.js";
import { logSoftmax as logSoftmaxOp, softmax as softmaxOp } from "../ops/softmax.js";
import { softplus as softplusOp } from "../ops/transcendental.js";
import { permuted } from "../ops/transpose.js";
import * as unary from "../ops/unary.js";
import { checkKeys, checkNumber } from "../options.js";
import { type Operand, toAxis, toValue } from "./operand.js";

/** How steep leakyRelu is below 0. */
export interface LeakyReluOptions {
  /** Default 0.01. */
  readonly slope?: number;
}

/** How far elu reaches below 0. */
export interface EluOptions {
  /** elu goes to −alpha; default 1. */
  readonly alpha?: number;
}

/** Along what a softmax goes. */
export interface SoftmaxOptions {
  /** Below 0 counted from the end; default −1, the last. */
  readonly axis?: number;
}

/** checkNumber itself asks for a finite number. */
const anyNumber = () => true;

/** y = tanh x */
export function tanh(x: Operand): Value {
  return unary.tanh(toValue("tanh", x));
}

/** y = 1 / (1 + e⁻ˣ); what would be subnormal is 0. */
export function sigmoid(x: Operand): Value {
  return unary.sigmoid(toValue("sigmoid", x));
}

/** y = ln(1 + eˣ), without overflow; what would be subnormal is 0. */
export function softplus(x: Operand): Value {
  return softplusOp(toValue("softplus", x));
}

/** y = max(x, 0); its gradient at 0 is 0. */
export function relu(x: Operand): Value {
  return unary.relu(toValue("relu", x));
}

/**
 * y = x > 0 ? x : slope · x; its gradient at 0 is the slope, as in PyTorch.
 *
 * @throws OptionError unless the slope is a finite number
 */
export function leakyRelu(x: Operand, options: LeakyReluOptions = {}): Value {
  checkKeys("leakyRelu", options, ["slope"]);
  const { slope = 0.01 } = options;
  checkNumber("leakyRelu", "slope", slope, "a finite number", anyNumber);
  return leakyReluOp(toValue("leakyRelu", x), { slope });
}

/**
 * y = x > 0 ? x : alpha · (eˣ − 1) (Clevert, Unterthiner & Hochreiter 2016); its gradient at 0 is alpha, as in PyTorch.
 *
 * @throws OptionError unless alpha is a finite number
 */
export function elu(x: Operand, options: EluOptions = {}): Value {
  checkKeys("elu", options, ["alpha"]);
  const { alpha = 1 } = options;
  checkNumber("elu", "alpha", alpha, "a finite number", anyNumber);
  return eluOp(toValue("elu", x), { alpha });
}

/** y = min(max(x, 0), 6); its gradient at 0 and at 6 is 0, as in PyTorch. */
export function relu6(x: Operand): Value {
  const value = toValue("relu6", x);
  const six = fill({ shape: [], value: 6 });
  return select(greaterEqual(value, six), six, unary.relu(value));
}

/** An op along the last axis, applied along another: the two change places before and after. */
function along(who: string, op: (x: Value) => Value, x: Operand, options: SoftmaxOptions): Value {
  checkKeys(who, options, ["axis"]);
  const value = toValue(who, x);
  const rank = value.shape.length;
  if (rank === 0) throw new ShapeError(`${who}: got a scalar; needs at least one axis. Use reshape(x, [1]).`);
  const axis = toAxis(who, options.axis ?? -1, rank);
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
export function softmax(x: Operand, options: SoftmaxOptions = {}): Value {
  return along("softmax", softmaxOp, x, options);
}

/**
 * y = x − ln Σ eˣ along an axis, without overflow: the logarithm of softmax.
 *
 * @throws ShapeError for a scalar, or an axis that there is not
 */
export function logSoftmax(x: Operand, options: SoftmaxOptions = {}): Value {
  return along("logSoftmax", logSoftmaxOp, x, options);
}
