/** Activations with options, for the option `activation` of layers. Functions of the same names are in `wasmgrad/ops`. */
import { OptionError } from "../../check/errors.js";
import { describe } from "../../check/options.js";
import { type Kind, take } from "../../check/schema.js";
import { checkSurplus } from "../../check/surplus.js";
import { isValue } from "../../graph/op.js";
import type { Value } from "../../graph/value.js";
import * as functions from "../../ops/activations.js";
import type { Initializer } from "../parameters/initializers.js";
import { type Activation, type ActivationName, heScaling, toActivation } from "./activations.js";

/** @throws OptionError for a value: the function of that name in `wasmgrad/ops` was meant, or the factory not called */
function refuseValue(name: ActivationName, options: unknown): void {
  if (!isValue(options)) return;
  throw new OptionError(
    `${name}: got a value; needs options. Take ${name} of wasmgrad/ops, or give the layer "${name}" or ${name}().`,
  );
}

/** An activation of options, which are checked at once. */
function configured<O extends object, S extends O & Readonly<Record<string, unknown>>>(
  name: ActivationName,
  options: O,
  settle: (options: O) => S,
  apply: (x: Value, options: S) => Value,
  initializer?: (options: S) => Initializer,
): Activation {
  refuseValue(name, options);
  const settled = settle(options);
  return {
    name,
    options: settled,
    apply: (x) => apply(x, settled),
    initializer: initializer?.(settled) ?? toActivation(name, name).initializer,
  };
}

/**
 * y = x > 0 ? x : slope · x; a kernel before it starts with the variance 2 / ((1 + slope²) fanIn) (He et al. 2015,
 * eq. 15). The slope is 0.01 by default, as in PyTorch; Keras has 0.3 and calls it negativeSlope.
 *
 * @throws OptionError unless the slope is a finite number
 */
export function leakyRelu(options: functions.LeakyReluOptions = {}): Activation {
  checkSurplus("leakyRelu", arguments, 1);
  return configured("leakyRelu", options, functions.takeLeakyRelu, functions.leakyRelu, ({ slope }) =>
    heScaling(slope),
  );
}

/** y = x > 0 ? x : alpha · (eˣ − 1). @throws OptionError unless alpha is a finite number */
export function elu(options: functions.EluOptions = {}): Activation {
  checkSurplus("elu", arguments, 1);
  return configured("elu", options, functions.takeElu, functions.elu);
}

/** y = x > 0 ? x : alpha · (e^(x / alpha) − 1). @throws OptionError unless alpha is above 1e-38 */
export function celu(options: functions.CeluOptions = {}): Activation {
  checkSurplus("celu", arguments, 1);
  return configured("celu", options, functions.takeCelu, functions.celu);
}

/** y = x Φ(x), or its approximation by the tanh. @throws OptionError unless `approximate` is true or false */
export function gelu(options: functions.GeluOptions = {}): Activation {
  checkSurplus("gelu", arguments, 1);
  return configured("gelu", options, functions.takeGelu, functions.gelu);
}

/** y = min(max(x, low), high). @throws OptionError unless low < high */
export function hardTanh(options: functions.HardTanhOptions = {}): Activation {
  checkSurplus("hardTanh", arguments, 1);
  return configured("hardTanh", options, functions.takeHardTanh, functions.hardTanh);
}

/** Which axes there are is known only where it is applied. */
const anyAxis: Kind<number, number | undefined> = (who, name, given = -1) => {
  if (Number.isSafeInteger(given)) return given;
  throw new OptionError(`${who}: ${name} is ${describe(given)}; needs an integer.`);
};

const alongAxis = (
  name: "softmax" | "logSoftmax",
  options: functions.SoftmaxOptions,
  apply: (x: Value, options: functions.SoftmaxOptions) => Value,
): Activation => configured(name, options, (given) => take(name, given, { axis: anyAxis }), apply);

/**
 * y = eˣ / Σ eˣ along an axis, the last by default; the rows are axis 0.
 *
 * @throws OptionError unless the axis is an integer; ShapeError where it is applied to what has no such axis
 */
export function softmax(options: functions.SoftmaxOptions = {}): Activation {
  checkSurplus("softmax", arguments, 1);
  return alongAxis("softmax", options, functions.softmax);
}

/**
 * y = x − ln Σ eˣ along an axis, the last by default; the rows are axis 0.
 *
 * @throws OptionError unless the axis is an integer; ShapeError where it is applied to what has no such axis
 */
export function logSoftmax(options: functions.SoftmaxOptions = {}): Activation {
  checkSurplus("logSoftmax", arguments, 1);
  return alongAxis("logSoftmax", options, functions.logSoftmax);
}
