import type { Callback } from "../callbacks/callback.js";
import { flag, functionOf, integer, later, numberOf, oneOf, optional } from "../check/kinds.js";
import { checkData } from "../check/options.js";
import { type Kind, take } from "../check/schema.js";
import type { Node } from "../layers/layer.js";
import type { ModelState } from "../model/state.js";
import type { Ends } from "../network/ends.js";
import type { LearningRate } from "../optimizers/optimizer.js";
import type { Examples } from "../rows/examples.js";
import { checkWarmup } from "../schedules/warmup.js";
import { checkSignal } from "./abort.js";
import type { Batches } from "./feed/slabs.js";
import { openSource, openValidation, type Source, type SourceOptions } from "./feed/source.js";
import { splitOff } from "./feed/validationSplit.js";
import type { Finding } from "./health/finding.js";
import { Observer } from "./health/observer.js";
import { checkCallbacks, Hooks } from "./hooks.js";
import { LiveTraining } from "./liveTraining.js";
import { checkProgress, startProgress } from "./progress.js";
import { LearningRates } from "./rates.js";
import type { EpochReport, StepReport, ValidatedReport } from "./scoring/reports.js";
import { trainAll, withHooks } from "./trainAll.js";

export interface FitOptions<M extends string = never, O extends Ends = Node> extends SourceOptions {
  /** Evaluated after each epoch. */
  readonly validation?: Examples | Batches | (() => Batches);
  /** Share of the rows of arrays, in (0, 1), that is validated on in place of `validation`: the last ones, unshuffled, as in Keras. */
  readonly validationSplit?: number;
  /** Objects with hooks, called in order: earlyStopping, checkpoint, … or your own. */
  readonly callbacks?: readonly Callback<EpochReport<M, O>>[];
  /** Called, and awaited, after each epoch and the callbacks. When it answers "stop", training ends there, with the reports so far. */
  readonly onEpoch?: (report: EpochReport<M, O>) => unknown;
  /** Called, and awaited, after each step. */
  readonly onStep?: (report: StepReport) => unknown;
  /**
   * Goes on where the last `fit` stopped, by its signal, an error or `maxSteps`, or where a snapshot was taken, in the
   * midst of an epoch: with the same data, batchSize, accumulate and shuffle it ends in the bits of a `fit` that was
   * not stopped. `epochs` counts those before too, so when all are done nothing is left to do. Callbacks start anew.
   * Default false.
   */
  readonly resume?: boolean;
  /**
   * Looks, in a few steps only, for gradients that vanish or explode, dead or saturated units, inputs that are not
   * scaled, and in arrays for targets that are not, inputs or targets that are constant, and a loss that stays no better
   * than a constant answer: reports name the layer and the mend, in `health`. A function is told of each finding at once.
   * Costs about a hundredth. Default true.
   */
  readonly health?: boolean | ((finding: Finding) => unknown);
  /**
   * Adds to each report what the first step of the epoch went through, by layer: norms of gradients and weights, the
   * ratio of update to weight, and what activations are like; with `accumulate`, those of its last micro-batch. Takes
   * memory for a copy of the weights. Default false.
   */
  readonly statistics?: boolean;
  /**
   * `rollBack`: a training that diverges goes back to the last epoch after which all was well, halves the learning rate,
   * for good, and goes on; after ten times it stops all the same. Data must be such that an epoch can begin anew. A
   * training that is resumed goes back no further than to where it was resumed, so there alone its bits may be others
   * than without the stop. Default `stop`: `fit` rejects with DivergedError.
   */
  readonly onDivergence?: "stop" | "rollBack";
  /** Steps after which `fit` ends, in the midst of an epoch if need be; `resume` goes on. Default: no limit. */
  readonly maxSteps?: number;
}

/** Options of a training with validation: its reports have the validation's scores. */
export type ValidatedFitOptions<M extends string = never, O extends Ends = Node> = Omit<
  FitOptions<M, O>,
  "validation" | "validationSplit" | "onEpoch" | "callbacks"
> &
  (
    | { readonly validation: Examples | Batches | (() => Batches); readonly validationSplit?: never }
    | { readonly validationSplit: number; readonly validation?: never }
  ) & {
    readonly onEpoch?: (report: ValidatedReport<M, O>) => unknown;
    readonly callbacks?: readonly Callback<ValidatedReport<M, O>>[];
  };

/** What to do instead of options that Keras' fit has. */
const ELSEWHERE = {
  classweight: "Give it to the loss: crossEntropy({ classWeights }).",
  sampleweight: "Give it with the data: { x, y, sampleWeight }.",
  verbose: "Give { callbacks: [progressLine()] }, or { onEpoch: console.log }.",
};

/** Trains; see Model.fit. A learning rate that is given stands in for the optimizer's, whatever its factor. */
export async function fitState(
  state: ModelState,
  data: Examples | Batches | (() => Batches),
  options: FitOptions,
  learningRate?: LearningRate,
): Promise<EpochReport[]> {
  checkData("fit", options);
  const { epochs } = takeOptions(options);
  state.machine("fit");
  state.checkIdle("fit");
  state.checkLoss("fit");
  state.checkTrained("fit");
  checkSignal("fit", options.signal);
  const { validationSplit } = options;
  const parts =
    validationSplit === undefined ? { data } : splitOff(state, data, { ...options, validationSplit });
  state.fitting = true;
  state.leave();
  try {
    const history = await trainFrom(state, parts.data, { ...options, ...parts }, epochs, learningRate);
    // Whoever gets reports must find their weights: a worker that has ended since is an error.
    await state.refresh();
    state.arrive();
    return history;
  } catch (error) {
    // That a worker has ended is told by the error itself, or matters less than it.
    const hasEnded = await Promise.resolve(state.refresh()).then(
      () => false,
      () => true,
    );
    state.arrive(hasEnded);
    throw error;
  } finally {
    state.fitting = false;
  }
}

/** Opens the data, trains, and closes it. */
async function trainFrom(
  state: ModelState,
  data: Examples | Batches | (() => Batches),
  options: FitOptions,
  epochs: number,
  learningRate: LearningRate | undefined,
): Promise<EpochReport[]> {
  let source: Source | undefined;
  try {
    const { validation, checkValidation } = openValidation(state, options.validation, epochs);
    if (options.statistics) state.measureUpdates();
    source = await openSource(state, data, options, options.onDivergence === "rollBack");
    checkValidation();
    const { plan } = source;
    const progress = options.resume ? checkProgress(state.progress, plan) : startProgress(plan);
    const stepsPerEpoch = plan.rows > 0 ? Math.ceil(plan.rows / plan.batchSize) : undefined;
    if (learningRate === undefined && stepsPerEpoch !== undefined) {
      const left = (epochs - progress.epochs) * stepsPerEpoch - progress.steps;
      checkWarmup(state.settings.optimizer.learningRate, state.step + left);
    }
    const rates =
      learningRate === undefined
        ? new LearningRates(state.settings.optimizer.learningRate, state)
        : new LearningRates(learningRate, { rateFactor: 1 });
    const training = new LiveTraining(state, {
      epochs,
      stepsPerEpoch,
      hasValidation: validation !== undefined,
      progress,
      rates,
      maxSteps: options.maxSteps,
    });
    const hooks = new Hooks(options.callbacks ?? [], training);
    const observer = new Observer(state, options);
    if (source.examples !== undefined) observer.inspect(source.examples);
    const run = { epochs, slabs: source.slabs, validation, progress, rates, observer, training, hooks };
    return await withHooks(state, hooks, training, () => {
      // Not before the callbacks have agreed: what was stopped before could not be resumed any more.
      state.progress = progress;
      state.leave();
      return trainAll(state, options, run);
    });
  } finally {
    await source?.stream?.close();
  }
}

type Given = FitOptions;

const callbacksOption: Kind<Given["callbacks"]> = (_, __, given) => {
  if (given !== undefined) checkCallbacks(given as readonly Callback[]);
  return given;
};

const healthOption: Kind<Given["health"]> = (who, name, given) =>
  given === undefined || typeof given === "function" ? given : flag()(who, name, given);

/** What depends on the data or the model is checked with it. */
const takeOptions = (options: Given) =>
  take(
    "fit",
    options,
    {
      epochs: integer(1, 1),
      batchSize: optional(integer(1)),
      accumulate: optional(integer(1)),
      shuffle: optional(flag()),
      validation: later<Given["validation"]>(),
      validationSplit: later<Given["validationSplit"]>(),
      dataMemory: optional(numberOf("a positive number of bytes", (bytes) => bytes > 0)()),
      callbacks: callbacksOption,
      onEpoch: optional(functionOf<Given["onEpoch"] & {}>()),
      onStep: optional(functionOf<Given["onStep"] & {}>()),
      health: healthOption,
      statistics: optional(flag()),
      onDivergence: optional(oneOf({ stop: 0, rollBack: 0 })),
      resume: optional(flag()),
      maxSteps: optional(integer(1)),
      signal: later<Given["signal"]>(),
    },
    ELSEWHERE,
  );
