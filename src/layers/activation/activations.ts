import { inContext, ShapeError } from "../../check/errors.js";
import { COMPLETE } from "../../check/names.js";
import { choose, describe } from "../../check/options.js";
import { type Configured, type Kind, take } from "../../check/schema.js";
import { checkSurplus } from "../../check/surplus.js";
import { isValue } from "../../graph/op.js";
import { formatShape, type Shape, sameShape } from "../../graph/shape.js";
import { inBuild, isTrial, type Value } from "../../graph/value.js";
import { NotLoaded } from "../../late.js";
import { activationNameOf } from "../../ops/activationName.js";
import * as functions from "../../ops/activations.js";
import { type Layer, layerTitle, makeLayer, NAME, type NameOptions } from "../layer.js";
import { varianceScaling } from "../parameters/initializerOptions.js";
import type { Initializer, InitializerName } from "../parameters/initializers.js";
import { rareActivations } from "./late.js";

/**
 * - `linear`: y = x
 * - `relu`: y = max(x, 0)
 * - `leakyRelu`: y = x > 0 ? x : 0.01 x
 * - `elu`: y = x > 0 ? x : eˣ − 1
 * - `selu`: y = λ · (x > 0 ? x : α (eˣ − 1)), which normalizes itself
 * - `celu`: y = x > 0 ? x : eˣ − 1, with another alpha than 1 not the same as elu
 * - `gelu`: y = x Φ(x), Φ being the normal distribution
 * - `geluTanh`: y = x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2
 * - `silu`, also called `swish`: y = x · sigmoid(x)
 * - `mish`: y = x tanh(ln(1 + eˣ))
 * - `sigmoid`: y = 1 / (1 + e⁻ˣ)
 * - `tanh`: y = tanh x
 * - `softplus`: y = ln(1 + eˣ)
 * - `softsign`: y = x / (1 + |x|)
 * - `hardSigmoid`: y = min(max(x + 3, 0), 6) / 6
 * - `hardSwish`: y = x · min(max(x + 3, 0), 6) / 6
 * - `hardTanh`: y = min(max(x, −1), 1)
 * - `relu6`: y = min(max(x, 0), 6)
 * - `exponential`: y = eˣ
 * - `softmax`: y = eˣ / Σ eˣ along the last axis
 * - `logSoftmax`: y = x − ln Σ eˣ along the last axis
 */
export type ActivationName =
  | "linear"
  | "relu"
  | "leakyRelu"
  | "elu"
  | "selu"
  | "celu"
  | "gelu"
  | "geluTanh"
  | "silu"
  | "swish"
  | "mish"
  | "sigmoid"
  | "tanh"
  | "softplus"
  | "softsign"
  | "hardSigmoid"
  | "hardSwish"
  | "hardTanh"
  | "relu6"
  | "exponential"
  | "softmax"
  | "logSoftmax";

/** An activation with its options: what `leakyRelu({ slope: 0.1 })` makes, for the options of layers. */
export interface Activation extends Configured {
  readonly name: string;
  /** @internal */
  apply(x: Value): Value;
  /**
   * How the kernel before it starts unless it is told.
   *
   * @internal
   */
  readonly initializer: Initializing;
}

/** An activation by its name, with options, or as a function of a value that keeps its shape. */
export type ActivationOption = ActivationName | Activation | ((x: Value) => Value);

type Apply = (x: Value) => Value;
type Initializing = InitializerName | Initializer;

/** Of variance 2 / ((1 + slope²) fanIn): He et al. 2015, eq. 15, for a rectifier that leaks. */
export const heScaling = (slope: number): Initializer =>
  varianceScaling({ scale: 2 / (1 + slope * slope), mode: "fanIn", distribution: "uniform" });

/** The activations that an option may name, each with the initializer before it, and how it is computed unless it is rare. */
const ACTIVATIONS: Readonly<Record<ActivationName, readonly [Initializing, Apply?]>> = {
  linear: ["glorotUniform", (x) => x],
  relu: ["heUniform", (x) => functions.relu(x)],
  leakyRelu: [/* @__PURE__ */ heScaling(0.01)],
  elu: ["heUniform"],
  selu: ["lecunNormal"],
  celu: ["heUniform"],
  gelu: ["heUniform"],
  geluTanh: ["heUniform"],
  silu: ["heUniform"],
  swish: ["heUniform"],
  mish: ["heUniform"],
  sigmoid: ["glorotUniform", (x) => functions.sigmoid(x)],
  tanh: ["glorotUniform", (x) => functions.tanh(x)],
  softplus: ["glorotUniform"],
  softsign: ["glorotUniform"],
  hardSigmoid: ["glorotUniform"],
  hardSwish: ["heUniform"],
  hardTanh: ["glorotUniform"],
  relu6: ["heUniform"],
  exponential: ["glorotUniform"],
  softmax: ["glorotUniform", (x) => functions.softmax(x)],
  logSoftmax: ["glorotUniform"],
};

/** A rare one, while a graph is built. @throws NotLoaded */
function rareApply(name: string): Apply {
  const apply = (rareActivations.loaded?.RARE as Readonly<Record<string, Apply>> | undefined)?.[name];
  if (apply !== undefined) return apply;
  if (isTrial()) return (x) => x;
  throw new NotLoaded(rareActivations, `compile: the activation "${name}" is not loaded. ${COMPLETE}.`);
}

const isActivation = (given: unknown): given is Activation =>
  typeof given === "object" && given !== null && "apply" in given && typeof given.apply === "function";

/** Whether an argument is an activation, where it may be options too. */
export const isActivationOption = (given: unknown): given is ActivationOption =>
  typeof given === "string" || typeof given === "function" || isActivation(given);

/** The kind of options that are activations. A function of `wasmgrad/ops` is settled to its name. */
export const activationOption =
  (fallback: ActivationName): Kind<ActivationOption, ActivationOption | undefined> =>
  (who, _, given = fallback) => {
    toActivation(who, given);
    return ((typeof given === "function" && activationNameOf(given)) || given) as ActivationOption;
  };

/** What an option means. @throws OptionError for a name that does not exist, with the nearest that does */
export function toActivation(who: string, given: ActivationOption): Activation {
  if (isActivation(given)) return given;
  const own = typeof given === "function" ? given : undefined;
  const name = own ? activationNameOf(own) : (given as string);
  if (name !== undefined) {
    const [initializer, apply] = choose(who, "activation", name, ACTIVATIONS);
    // A function of wasmgrad/ops is there: it needs no import().
    return { name, options: {}, apply: (x) => (own ?? apply ?? rareApply(name))(x), initializer };
  }
  const applied = (x: Value) => applyOwn(who, own as Apply, x);
  return { name: (own as Apply).name, options: {}, apply: applied, initializer: "glorotUniform" };
}

/** @throws ShapeError unless the function returns a value of the shape that it was given */
function applyOwn(who: string, own: (x: Value) => Value, x: Value): Value {
  const result: unknown = inBuild({ isUsers: true }, () => inContext(who, () => own(x)));
  if (!isValue(result)) {
    throw new ShapeError(
      `${who}: the function that is its activation returns ${describe(result)}; needs a value. ` +
        "Write it with functions of wasmgrad/ops: multiply(x, sigmoid(x)).",
    );
  }
  if (sameShape(result.shape, x.shape)) return result;
  throw new ShapeError(
    `${who}: the function that is its activation makes ${formatShape(result.shape)} of ${formatShape(x.shape)}; ` +
      "needs the same shape. Make it a layer of its own, as glu() and maxout() are.",
  );
}

/**
 * An activation as a layer of its own: `activation("relu")`, `activation(leakyRelu({ slope: 0.1 }))`.
 *
 * @throws OptionError for a name that does not exist
 */
export function activation(chosen: ActivationOption, options: NameOptions = {}): Layer {
  checkSurplus("activation", arguments, 2);
  const who = layerTitle("activation", options?.name);
  const settled = take(who, options, NAME);
  const given = activationOption("linear")(who, "activation", chosen);
  const { apply } = toActivation(who, chosen);
  return makeLayer({
    kind: "activation",
    given: [given],
    options: settled,
    arity: "one",
    layout: "elementwise",
    shape: ([x]) => x as Shape,
    parameters: () => [],
    build: ([x]) => apply(x as Value),
  });
}
