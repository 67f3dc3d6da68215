import { OptionError } from "../check/errors.js";
import { checkInteger, checkKeys, checkNumber, describe } from "../check/options.js";
import { checkSurplus } from "../check/surplus.js";
import type { Node } from "../layers/layer.js";
import type { MetricOption } from "../metrics/engine/index.js";
import { createModel } from "../model/create.js";
import { Model } from "../model/model.js";
import type { CompileOptions } from "../model/settings.js";
import type { NewWeight } from "../model/weights.js";
import type { AnyNetwork, Network } from "../network/description.js";
import type { Ends } from "../network/ends.js";
import type { Examples } from "../rows/examples.js";
import type { Precision } from "../runtime/engine.js";
import { loadEngine } from "../runtime/load.js";
import { type EngineSource, modulesFor } from "../runtime/module.js";
import { checkFunction } from "./checkFunction.js";
import { checkState } from "./checkNetwork.js";
import type { CheckSettings } from "./compareGradients.js";
import type { GradientCheck } from "./report.js";
import type { GradientInputs, InputNumbers, InputShapes, InputValues, OutputValues } from "./types.js";

export interface CheckOptions {
  /**
   * Largest error that passes, relative to the largest gradient of the same parameter, or to a hundredth of the largest
   * of all where that is more; default 1e-4.
   */
  readonly tolerance?: number;
  /** Elements of each parameter that are compared at most, chosen by a fixed seed; default 50. */
  readonly samples?: number;
  /** By how much an element is moved, times its size where that is above 1; default 1e-5. */
  readonly step?: number;
  /** The build whose gradients are checked; default `exact`. */
  readonly precision?: Precision;
  /** In place of the engine that the package carries, as `compile` takes it. */
  readonly engine?: EngineSource;
}

export interface NetworkCheckOptions<O extends Ends = Node>
  extends CheckOptions,
    Pick<CompileOptions<MetricOption, O>, "loss" | "lossWeights" | "seed"> {
  /** Weights to check at, by name, as `model.weights()` gives them; the others start as `seed` has it. */
  readonly weights?: Readonly<Record<string, NewWeight>>;
}

export interface FunctionCheckOptions<I extends InputShapes = InputShapes> extends CheckOptions {
  /** Shape of the one input, or of each by its name. */
  readonly inputs: I;
  /** Inputs whose gradients are checked; default all. Leave out indices and labels. */
  readonly gradients?: GradientInputs<I>;
  /** Whole number that random numbers follow from; default 0. */
  readonly seed?: number;
}

const COMMON = ["tolerance", "samples", "step", "precision", "engine"];

/**
 * Proves the gradients that the engine computes: compares them with finite differences of the same graph in f64, which
 * knows nothing of derivatives.
 *
 * ```js
 * const check = await gradientCheck(network, { x, y }, { loss: "crossEntropy" });
 * if (!check.passed) console.log(String(check)); // a line for each parameter, with its worst element
 * ```
 *
 * Of a network or model it checks the gradient of the training loss by every parameter that is trained, on the rows
 * given as one batch, dropout and other random numbers being those of the first step. Of a function it checks the
 * gradient by its inputs; where it does not return one scalar, the gradient of a sum of its outputs with fixed weights.
 *
 * Where the loss has no derivative (relu at 0, a tie of a maximum), the element is passed over and counted in `kinks`.
 * A small batch will do: each element that is compared takes two evaluations of the whole graph in plain JavaScript. A
 * rule of `customGradient` that is meant to differ from what it stands for does not pass.
 *
 * @param data the rows of a network, or where a function is checked
 * @throws what `compile`, `compileFunction` and their calls throw; DataError when the loss is not finite in f64
 */
export async function gradientCheck<I extends Ends, O extends Ends>(
  network: Network<I, O>,
  data: Examples,
  options?: NetworkCheckOptions<O>,
): Promise<GradientCheck>;
export async function gradientCheck<M extends string, O extends Ends>(
  model: Model<M, O>,
  data: Examples,
  options?: CheckOptions,
): Promise<GradientCheck>;
export async function gradientCheck<const I extends InputShapes>(
  build: (inputs: InputValues<I>) => OutputValues,
  data: InputNumbers<I>,
  options: FunctionCheckOptions<I>,
): Promise<GradientCheck>;
export async function gradientCheck(
  subject: unknown,
  data: unknown,
  options: CheckOptions = {},
): Promise<GradientCheck> {
  checkSurplus("gradientCheck", arguments, 3);
  if (subject instanceof Model) {
    const settings = await settingsOf(options, COMMON);
    return checkState(subject.state, data as Examples, settings);
  }
  if (isNetwork(subject)) {
    const settings = await settingsOf(options, ["loss", "lossWeights", "seed", "weights", ...COMMON]);
    const { loss, lossWeights, seed, weights } = options as NetworkCheckOptions<Ends>;
    const chosen = { loss, lossWeights, seed };
    const given = Object.entries(chosen).filter(([, option]) => option !== undefined);
    const compileOptions = { ...Object.fromEntries(given), engine: settings.modules.core };
    const model = await createModel(subject as Network<Ends, Ends>, compileOptions, loadEngine);
    if (weights !== undefined) model.setWeights(weights);
    return checkState(model.state, data as Examples, settings);
  }
  if (typeof subject === "function") {
    const settings = await settingsOf(options, ["inputs", "gradients", "seed", ...COMMON]);
    return checkFunction(subject, data, options as FunctionCheckOptions, settings);
  }
  throw new OptionError(
    `gradientCheck: got ${describe(subject)}; needs a network, a model, or a function of values.`,
  );
}

const isNetwork = (subject: unknown): subject is AnyNetwork =>
  typeof subject === "function" && "wiring" in subject;

async function settingsOf(options: CheckOptions, known: readonly string[]): Promise<CheckSettings> {
  const who = "gradientCheck";
  checkKeys(who, options, known);
  const { tolerance = 1e-4, samples = 50, step = 1e-5 } = options;
  const positive = "a positive number";
  checkNumber(who, "tolerance", tolerance, positive, (value) => value > 0);
  checkNumber(who, "step", step, positive, (value) => value > 0);
  checkInteger(who, "samples", samples, 1);
  return { tolerance, samples, step, modules: await modulesFor(who, options, loadEngine) };
}
