import { take } from "../../check/schema.js";
import { checkSurplus } from "../../check/surplus.js";
import {
  type ActivationOption,
  activationOption,
  isActivationOption,
  toActivation,
} from "../activation/activations.js";
import { type KernelOptions, kernelSchema } from "../kernel.js";
import { type Layer, layerTitle } from "../layer.js";
import { fullyConnected } from "./fullyConnected.js";

export interface DenseOptions extends KernelOptions {
  /** Applied to the result; default `linear`. */
  readonly activation?: ActivationOption;
}

/**
 * y = activation(x · kernel + bias): a fully connected layer.
 *
 * x is [rows, in] or [rows, time, in], kernel [in, units], bias [units].
 *
 * The kernel starts as fits the activation, unless `kernelInitializer` says how:
 *
 * - `heUniform` before relu, relu6, elu, celu, gelu, silu, mish and hardSwish, and before leakyRelu with the variance
 *   2 / ((1 + slope²) fanIn): what keeps the variance behind a ReLU (He et al. 2015, eq. 10 and 15). Of z ~ N(0, 1) the
 *   others leave E f(z)² between 0.33 and 0.65, which its factor 2 makes up for nearer than the 1 of Glorot. Deep stacks
 *   of gelu, silu, mish and hardSwish lose signal in spite of it, and want normalization
 * - `lecunNormal` before selu, which normalizes itself from there (Klambauer et al. 2017)
 * - `glorotUniform` before all others and functions of one's own (Glorot & Bengio 2010)
 *
 * Keras has `glorotUniform` before every activation; PyTorch draws kernel and bias from U(±1 / √fanIn).
 *
 * @param units outputs, at least 1
 * @param options an activation, or all options
 * @throws OptionError for options that do not exist, ShapeError when it is called on an input without features
 */
export function dense(units: number, options: ActivationOption | DenseOptions = {}): Layer {
  checkSurplus("dense", arguments, 2);
  const given: DenseOptions = isActivationOption(options) ? { activation: options } : options;
  const who = layerTitle("dense", given?.name);
  const { apply, initializer } = toActivation(who, given?.activation ?? "linear");
  const settled = take(who, given, { activation: activationOption("linear"), ...kernelSchema(initializer) });
  return fullyConnected({ kind: "dense", who, units, pieces: 1, activate: (x) => apply(x) }, settled);
}
