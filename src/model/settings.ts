import { OptionError } from "../check/errors.js";
import { integer, later, notNegative, optional, positive } from "../check/kinds.js";
import { checkKeys, describe } from "../check/options.js";
import { take } from "../check/schema.js";
import type { Node } from "../layers/layer.js";
import type { LossFunction } from "../losses/customLoss.js";
import { chooseLoss, isLoss, type Loss, type LossName } from "../losses/index.js";
import { checkDistinct, chooseMetric, type MetricOption } from "../metrics/engine/index.js";
import type { Metric } from "../metrics/engine/metric.js";
import type { AnyNetwork } from "../network/description.js";
import type { Ends } from "../network/ends.js";
import { chooseOptimizer, type OptimizerName } from "../optimizers/index.js";
import type { Optimizer } from "../optimizers/optimizer.js";
import { ADDRESSABLE_BYTES, type Precision } from "../runtime/engine.js";
import type { FamilyName } from "../runtime/families.js";
import type { EngineSource } from "../runtime/module.js";
import { lossLayersOf, type OutputSettings } from "../train/scoring/outputs.js";
import type { WebWorker } from "../worker/spawn.js";
import type { Settings } from "./programs.js";
import { NO_RARE, type RareNames } from "./rareNames.js";

/** A loss by its name, as configured, or as a function of prediction and target. */
export type LossOption = LossName | Loss | LossFunction;

/** One for all outputs, or one for each by its name. */
export type PerOutput<T, O extends Ends> = O extends Node ? T : T | { readonly [K in keyof O]?: T };

export interface CompileOptions<M extends MetricOption = MetricOption, O extends Ends = Node> {
  /**
   * What training makes small; with named outputs, one for each by its name. Without one, an output is only predicted.
   */
  readonly loss?: PerOutput<LossOption, O>;
  /** With named outputs: share of the loss of each in the whole; default 1. */
  readonly lossWeights?: O extends Node ? never : { readonly [K in keyof O]?: number };
  /** Default `adam`. */
  readonly optimizer?: OptimizerName | Optimizer;
  /** Reported beside the loss; with named outputs, lists by their names. */
  readonly metrics?: readonly M[] | { readonly [K in keyof O]?: readonly MetricOption[] };
  /** Whole number that initial weights, shuffling and dropout follow from; default 0. */
  readonly seed?: number;
  /** Rows that the plan has room for; default 32. A larger batchSize of `fit` makes room for itself. */
  readonly batchSize?: number;
  /** Scales the gradient down to this norm where it is longer (Pascanu et al. 2013). Default: never. */
  readonly clipNorm?: number;
  /** Scales the gradient of each single parameter down to this norm where it is longer; before `clipNorm`. Default: never. */
  readonly clipParameterNorm?: number;
  /** Brings each element of the gradient into ±clipValue, before all other clipping. Default: never. */
  readonly clipValue?: number;
  /**
   * Bytes of linear memory that the model may take, before they are rounded up to whole pages of 64 KiB; default what 32 bits address. Where the plan of a training step
   * exceeds it, activations are computed again instead of kept, to the same bits.
   */
  readonly memoryLimit?: number;
  /**
   * true: the engine runs in a worker, so training leaves this thread free. The same bits come of it; weights and
   * snapshots are as the last report had them. Or a function that makes the worker, of the script `wasmgrad/worker`,
   * where a content security policy forbids workers from a Blob. `dispose` ends the worker.
   */
  readonly worker?: boolean | (() => WebWorker);
  /** `exact` (default): the same bits everywhere. `fast`: fused multiply-add where the engine has it. */
  readonly precision?: Precision;
  /**
   * `wasmgrad/engine/core.wasm` or `wasmgrad/engine/relaxed.wasm` as a WebAssembly.Module, as bytes, as a Response, or as a promise of
   * one of these, in place of the engine that the package carries. It decides the precision.
   */
  readonly engine?: EngineSource;
  /**
   * Families of the engine by name, each as `engine` is given: `{ normalize: … }` is `wasmgrad/engine/normalize.wasm`.
   * They stand in place of those that `compile` loads when a program needs them.
   */
  readonly families?: { readonly [F in FamilyName]?: EngineSource };
}

type Given = CompileOptions<MetricOption, Ends>;

/** What depends on the network, or on where it will run, is checked with it. */
const takeOptions = (options: Given) =>
  take("compile", options, {
    loss: later<Given["loss"]>(),
    lossWeights: later<Given["lossWeights"]>(),
    optimizer: later<Given["optimizer"] & {}>("adam"),
    metrics: later<Given["metrics"]>(),
    seed: integer(0, 0),
    batchSize: integer(1, 32),
    clipNorm: optional(positive()),
    clipParameterNorm: optional(positive()),
    clipValue: optional(positive()),
    memoryLimit: integer(1, ADDRESSABLE_BYTES),
    precision: later<Given["precision"]>(),
    engine: later<Given["engine"]>(),
    families: later<Given["families"]>(),
    worker: later<Given["worker"]>(),
  });

/**
 * Checks the options and fills in every default.
 *
 * @param rare what their rare names stand for
 * @throws OptionError, ShapeError
 */
export function toSettings(network: AnyNetwork, options: Given, rare: RareNames = NO_RARE): Settings {
  const settled = takeOptions(options);
  const given: unknown = network;
  if (typeof given !== "function" || !("layers" in given)) {
    throw new OptionError(
      `compile: the network is ${describe(network)}; needs what sequential(…) or network(…) returns.`,
    );
  }
  const { optimizer, seed, batchSize, memoryLimit, clipNorm, clipValue, clipParameterNorm } = settled;
  return {
    network,
    outputs: outputSettings(network, options, rare),
    isSingle: network.single.output,
    lossLayers: lossLayersOf(network),
    optimizer: chooseOptimizer(optimizer, rare.optimizers),
    clipping: { norm: clipNorm ?? 0, value: clipValue ?? 0, parameterNorm: clipParameterNorm ?? 0 },
    seed,
    rows: batchSize,
    memoryLimit: Math.min(memoryLimit, ADDRESSABLE_BYTES),
  };
}

type Named = { readonly [name: string]: unknown };

function outputSettings(network: AnyNetwork, options: Given, rare: RareNames): OutputSettings[] {
  const { single, outputs } = network;
  const names = outputs.map(({ name }) => name);
  const isNamed = (given: unknown): given is Named =>
    typeof given === "object" && given !== null && !Array.isArray(given) && !isLoss(given);
  const each = (what: "loss" | "lossWeights" | "metrics", given: unknown): Named => {
    if (given === undefined) return Object.create(null) as Named;
    if (isNamed(given) && !single.output) {
      checkKeys(`compile: ${what}`, given, names, "output");
      // Without a prototype, whose properties an output may be named like.
      return Object.assign(Object.create(null), given) as Named;
    }
    if (single.output || what === "loss") return Object.fromEntries(names.map((name) => [name, given]));
    throw new OptionError(
      `compile: ${what} is ${describe(given)}; needs an object by the names of the outputs: ${names.join(", ")}.`,
    );
  };
  const losses = each("loss", options.loss) as { readonly [name: string]: LossOption | undefined };
  const metrics = each("metrics", options.metrics);
  if (single.output && options.lossWeights !== undefined) {
    throw new OptionError("compile: lossWeights are for named outputs; needs none for a single output.");
  }
  const weights = each("lossWeights", options.lossWeights);
  const unscored = Object.keys(weights).find((name) => losses[name] === undefined);
  if (unscored !== undefined) {
    throw new OptionError(
      `compile: lossWeights.${unscored} is for an output without a loss; needs one for it.`,
    );
  }
  const settings = names.map((name, index) => {
    const loss = losses[name];
    const { [name]: weight = 1 } = weights as { readonly [name: string]: number };
    notNegative()("compile", `lossWeights.${name}`, weight);
    const chosen = loss === undefined ? undefined : toLoss(loss, rare);
    const label = single.output ? "metrics" : `metrics.${name}`;
    const listed = metrics[name] === undefined ? [] : metrics[name];
    return {
      name,
      index,
      loss: chosen,
      weight,
      metrics: checkMetrics(label, listed, chosen, rare),
    };
  });
  checkReductions(settings);
  return settings;
}

/** A loss as `compile` takes it: by its name, as configured, or a function. */
const toLoss = (given: LossOption, { losses, lossOf }: RareNames): Loss =>
  (typeof given === "function" ? lossOf?.(given) : undefined) ?? chooseLoss(given as LossName | Loss, losses);

function checkMetrics(
  label: string,
  metrics: unknown,
  loss: Loss | undefined,
  rare: RareNames,
): readonly Metric[] {
  if (!Array.isArray(metrics)) {
    throw new OptionError(`compile: ${label} is ${describe(metrics)}; needs an array, as ["accuracy"].`);
  }
  const chosen = Array.from(metrics, (one) => chooseMetric(one, rare.metrics));
  checkDistinct(chosen);
  if (metrics.length > 0 && loss === undefined) {
    throw new OptionError(
      `compile: there are ${label} but no loss; needs a loss that says what the targets are.`,
    );
  }
  if (metrics.length > 0 && loss?.hasTarget === false) {
    throw new OptionError(
      `compile: there are ${label}, and the loss ${loss.name} has no targets; needs none, or a loss that has some.`,
    );
  }
  return chosen;
}

/** @throws OptionError when some losses are means over rows and others sums: their sum would be neither */
function checkReductions(settings: readonly OutputSettings[]): void {
  const found = settings.flatMap(({ name, loss }) =>
    loss === undefined ? [] : [{ name, reduction: loss.reduction }],
  );
  const odd = found.find(({ reduction }) => reduction !== found[0]?.reduction);
  if (odd === undefined || found[0] === undefined) return;
  throw new OptionError(
    `compile: the loss of output "${found[0].name}" is a ${found[0].reduction} over rows and that of "${odd.name}" ` +
      `a ${odd.reduction}; needs one reduction for all.`,
  );
}
