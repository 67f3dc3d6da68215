import type { Value } from "../graph/value.js";
import { logSoftmax, softmax } from "../ops/softmax.js";
import { exp, relu, sigmoid, tanh } from "../ops/unary.js";
import { checkKeys, choose } from "../options.js";
import { type Layer, makeLayer, type NameOptions } from "./layer.js";

/**
 * - `linear`: y = x
 * - `relu`: y = max(x, 0)
 * - `sigmoid`: y = 1 / (1 + e⁻ˣ)
 * - `tanh`: y = tanh x
 * - `exponential`: y = eˣ
 * - `softmax`: y = eˣ / Σ eˣ along the last axis
 * - `logSoftmax`: y = x − ln Σ eˣ along the last axis
 */
export type ActivationName =
  | "linear"
  | "relu"
  | "sigmoid"
  | "tanh"
  | "exponential"
  | "softmax"
  | "logSoftmax";

/** The activations that an option may name. */
const ACTIVATIONS: Readonly<Record<ActivationName, (x: Value) => Value>> = {
  linear: (x: Value) => x,
  relu: (x: Value) => relu(x),
  sigmoid: (x: Value) => sigmoid(x),
  tanh: (x: Value) => tanh(x),
  exponential: (x: Value) => exp(x),
  softmax: (x: Value) => softmax(x),
  logSoftmax: (x: Value) => logSoftmax(x),
};

/** An activation by its name. @throws OptionError with the nearest known name */
export function activationFunction(who: string, name: ActivationName): (x: Value) => Value {
  return choose(who, "activation", name, ACTIVATIONS);
}

/**
 * An activation as a layer of its own: `activation("relu")`.
 *
 * @throws OptionError for a name that does not exist
 */
export function activation(name: ActivationName, options: NameOptions = {}): Layer {
  checkKeys("activation", options, ["name"]);
  const apply = activationFunction("activation", name);
  return makeLayer({
    kind: "activation",
    name: options.name,
    arity: "one",
    shape: ([x]) => x ?? [],
    parameters: () => [],
    build: ([x]) => apply(x as Value),
  });
}
