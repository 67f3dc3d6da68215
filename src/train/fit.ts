import type { Callback } from "../callbacks/callback.js";
import { flag, functionOf, integer, later, numberOf, oneOf, optional } from "../check/kinds.js";
import { checkData } from "../check/options.js";
import { type Kind, take } from "../check/schema.js";
import type { Late } from "../late.js";
import type { Node } from "../layers/layer.js";
import type { Lease } from "../model/lease.js";
import { leased } from "../model/leased.js";
import type { ModelData } from "../model/named.js";
import type { ModelState } from "../model/state.js";
import type { Ends } from "../network/ends.js";
import type { LearningRate } from "../optimizers/optimizer.js";
import { type Examples, isExamples } from "../rows/examples.js";
import { checkWarmup } from "../schedules/warmup.js";
import { checkSignal, unlessAborted } from "./abort.js";
import { Course, type CourseOptions } from "./course.js";
import { type Feed, type FeedOptions, feedOfArrays, type Given, readGiven } from "./feed/feed.js";
import type { Batches } from "./feed/slabs.js";
import type { Validation } from "./feed/validation.js";
import type { Finding } from "./health/finding.js";
import { Observer } from "./health/observer.js";
import * as late from "./parts.js";
import { Progress } from "./progress.js";
import { LearningRates } from "./rates.js";
import { checkProgress } from "./resume.js";
import type { EpochReport, StepReport, StepReports, ValidatedReport } from "./scoring/reports.js";
import { trainAll, withHooks } from "./trainAll.js";

export interface FitOptions<M extends string = never, O extends Ends = Node, I extends Ends = Ends>
  extends FeedOptions {
  /** Evaluated after each epoch. */
  readonly validation?: ModelData<I, O>;
  /** Share of the rows of arrays, in (0, 1), that is validated on in place of `validation`: the last ones, unshuffled, as in Keras. */
  readonly validationSplit?: number;
  /** Objects with hooks, called in order: earlyStopping, checkpoint, … or your own. */
  readonly callbacks?: readonly Callback<EpochReport<M, O>>[];
  /** Called, and awaited, after each epoch and the callbacks. When it answers "stop", training ends there, with the reports so far. */
  readonly onEpoch?: (report: EpochReport<M, O>) => unknown;
  /** Called, and awaited, after each step, with its weights in the model. The engine stops for it: see onSteps. */
  readonly onStep?: (report: StepReport) => unknown;
  /**
   * Called, and awaited, about ten times a second with the reports of all steps since, and before `onEpoch`: for curves of
   * the loss within an epoch, at next to no cost. The engine does not stop for it: the model's weights are later ones than
   * those of the steps, and in a worker those of the last epoch that was watched, or of a second ago. When it answers "stop",
   * training ends there, with the reports of the epochs so far. An error that ends training is preceded by the steps before it.
   */
  readonly onSteps?: (reports: StepReports) => unknown;
  /**
   * Goes on where the last `fit` stopped, by its signal, an error or `maxSteps`, or where a snapshot was taken, in the
   * midst of an epoch: with the same data, batchSize, accumulate and shuffle it ends in the bits of a `fit` that was
   * not stopped. `epochs` counts those before too, so when all are done nothing is left to do. Of the callbacks,
   * `earlyStopping`, `reduceOnPlateau` and those with a `saveState` go on where they were; the others start anew.
   * Default false.
   */
  readonly resume?: boolean;
  /**
   * Looks, in a few steps only, for gradients that vanish or explode, dead or saturated units, inputs that are not
   * scaled, targets that the output cannot reach, a learning rate of 0, and in arrays for targets that are not scaled,
   * inputs or targets that are constant, classes that only the validation has, and a loss that stays no better than a
   * constant answer: reports name the layer and the mend, in `health`. A function is told of each finding at once; see
   * `onWarning`. Costs about a hundredth. Default true.
   */
  readonly health?: boolean | ((finding: Finding) => unknown);
  /**
   * Takes the text of each finding that nobody else can have seen, there being no `onEpoch`, no `health` function and no
   * callback that shows reports; false: nobody does. Default: the console, as a warning, once for each.
   */
  readonly onWarning?: false | ((text: string) => unknown);
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
export type ValidatedFitOptions<
  M extends string = never,
  O extends Ends = Node,
  I extends Ends = Ends,
> = Omit<FitOptions<M, O, I>, "validation" | "validationSplit" | "onEpoch" | "callbacks"> &
  (
    | { readonly validation: ModelData<I, O>; readonly validationSplit?: never }
    | { readonly validationSplit: number; readonly validation?: never }
  ) & {
    readonly onEpoch?: (report: ValidatedReport<M, O>) => unknown;
    readonly callbacks?: readonly Callback<ValidatedReport<M, O>>[];
  };

/** What to do instead of options that Keras' fit has. */
const ELSEWHERE = {
  classweight: "Give it to the loss: crossEntropy({ classWeights }).",
  sampleweight: "Give it with the data: { x, y, sampleWeight }.",
  onbatchend: "Give onSteps or onStep, or a callback with onStepEnd.",
  onepochend: "Give onEpoch, or a callback with onEpochEnd.",
  ontrainend: "Give it in a callback: { callbacks: [{ onTrainEnd }] }.",
  verbose: "Give { callbacks: [progressLine()] }, or { onEpoch: console.log }.",
};

/** Trains; see Model.fit. A learning rate that is given stands in for the optimizer's, whatever its factor. */
export async function fitState(
  state: ModelState,
  data: Data,
  options: FitOptions,
  learningRate?: LearningRate,
): Promise<EpochReport[]> {
  checkData("fit", options);
  const { epochs } = takeOptions(options);
  state.machine("fit");
  state.access.check("fit");
  state.checkLoss("fit");
  state.checkTrained("fit");
  checkSignal("fit", options.signal);
  return leased(state, "fit", async (lease) => {
    const parts = await unlessAborted(partsFor(data, options), options.signal);
    return trainFrom(state, data, options, { epochs, lease, learningRate, parts });
  });
}

type Data = Examples | Batches | (() => Batches);

/** What only some trainings need, as far as this one does. */
async function partsFor(data: Data, options: FitOptions) {
  const { validation, validationSplit, callbacks, statistics, onDivergence, onSteps } = options;
  const isNone = (list: unknown) => Array.isArray(list) && list.length === 0;
  const areBatches = !isExamples(data) || (validation !== undefined && !isExamples(validation));
  const needed = <T extends object>(isNeeded: boolean | undefined, part: Late<T>) =>
    isNeeded ? part.load("fit") : undefined;
  const isValidated = validation !== undefined || validationSplit !== undefined;
  const [batches, hooks, rescue, split, evaluation, steps] = await Promise.all([
    needed(areBatches, late.batches),
    needed(callbacks !== undefined && !isNone(callbacks), late.callbacks),
    needed(onDivergence === "rollBack", late.rollBack),
    needed(validationSplit !== undefined, late.validationSplit),
    needed(isValidated, late.evaluation),
    needed(onSteps !== undefined, late.stepReports),
    needed(statistics, late.health),
  ]);
  hooks?.checkCallbacks(callbacks as readonly Callback[]);
  return { batches, hooks, rescue, split, evaluation, steps };
}

type Parts = Awaited<ReturnType<typeof partsFor>>;

/** What is known of a training before its data is opened. */
interface Terms {
  readonly epochs: number;
  readonly lease: Lease;
  readonly learningRate: LearningRate | undefined;
  readonly parts: Parts;
}

/** Opens the data, trains, and closes it. */
async function trainFrom(
  state: ModelState,
  data: Data,
  options: FitOptions,
  terms: Terms,
): Promise<EpochReport[]> {
  const { batches, split, evaluation } = terms.parts;
  const { validation: held, validationSplit = 0 } = options;
  const halves = split?.splitOff(state, data, { validation: held, validationSplit });
  let feed: Feed | undefined;
  try {
    const validated = held === undefined ? halves?.validation : readGiven("fit: validation", held, state);
    const validation =
      validated && evaluation?.openValidation(state, validated, options, batches?.checkBatches);
    if (options.statistics) await state.measureUpdates(terms.lease);
    const rows = halves?.data ?? readGiven("fit", data, state);
    feed = await openFeed(state, validation?.alike(rows) ?? rows, options, batches);
    validation?.begin();
    return await trainOn(state, feed, options, { ...terms, validation });
  } finally {
    await feed?.close?.();
  }
}

/** Takes arrays, or batches by their part. */
async function openFeed(state: ModelState, given: Given, options: FitOptions, batches: Parts["batches"]) {
  if ("examples" in given) return feedOfArrays(state, given.examples, options);
  const { feedOfBatches } = batches ?? (await late.batches.load("fit"));
  return feedOfBatches(state, given.batches, options, options.onDivergence === "rollBack");
}

/** Trains on data that is open, with its program loaded. */
function trainOn(
  state: ModelState,
  { plan, slabs, examples }: Feed,
  options: FitOptions,
  { epochs, lease, learningRate, parts, validation }: Terms & { validation: Validation | undefined },
): Promise<EpochReport[]> {
  const progress = options.resume ? checkProgress(state.progress, plan) : new Progress(plan);
  const stepsPerEpoch = plan.rows > 0 ? Math.ceil(plan.rows / plan.batchSize) : undefined;
  if (learningRate === undefined && stepsPerEpoch !== undefined) {
    const left = (epochs - progress.epochs) * stepsPerEpoch - progress.steps;
    checkWarmup(state.settings.optimizer.learningRate, state.step + left);
  }
  const rates =
    learningRate === undefined
      ? new LearningRates(state.settings.optimizer.learningRate, state)
      : new LearningRates(learningRate, { rateFactor: 1 });
  const hasValidation = validation !== undefined;
  const { maxSteps } = options;
  const told = { epochs, stepsPerEpoch, hasValidation, progress, rates, maxSteps, lease };
  const { training, hooks } = lookedOn(state, told, options.callbacks, parts.hooks);
  const outlook = { examples, validation, plan };
  const observer = new Observer(state, options, outlook);
  const { openRescue } = parts.rescue ?? {};
  const before = options.resume ? state.callbackStates() : [];
  const parties = {
    ...{ epochs, slabs, validation, progress, rates, observer },
    ...{ training, hooks, openRescue, lease, StepReporter: parts.steps?.StepReporter },
  };
  return withHooks(state, { hooks, before }, training, () => {
    // Not before the callbacks have agreed: what was stopped before could not be resumed any more.
    state.progress = progress;
    state.callbackStates = () => hooks?.states() ?? [];
    state.leave();
    return trainAll(state, options, parties);
  });
}

/** The training, with callbacks by their part. */
function lookedOn(
  state: ModelState,
  told: CourseOptions,
  callbacks: FitOptions["callbacks"],
  part: Parts["hooks"],
) {
  if (part === undefined) return { training: new Course(state, told), hooks: undefined };
  const training = new part.LiveTraining(state, told);
  return { training, hooks: new part.Hooks(callbacks ?? [], training) };
}

type Asked = FitOptions;

const healthOption: Kind<Asked["health"]> = (who, name, given) =>
  given === undefined || typeof given === "function" ? given : flag()(who, name, given);

const warningOption: Kind<Asked["onWarning"]> = (who, name, given) =>
  given === undefined || given === false ? given : functionOf<typeof given>()(who, name, given);

/** What depends on the data or the model is checked with it. */
const takeOptions = (options: Asked) =>
  take(
    "fit",
    options,
    {
      epochs: integer(1, 1),
      batchSize: optional(integer(1)),
      accumulate: optional(integer(1)),
      shuffle: optional(flag()),
      validation: later<Asked["validation"]>(),
      validationSplit: later<Asked["validationSplit"]>(),
      dataMemory: optional(numberOf("a positive number of bytes", (bytes) => bytes > 0)()),
      callbacks: later<Asked["callbacks"]>(),
      onEpoch: optional(functionOf<Asked["onEpoch"] & {}>()),
      onStep: optional(functionOf<Asked["onStep"] & {}>()),
      onSteps: optional(functionOf<Asked["onSteps"] & {}>()),
      health: healthOption,
      onWarning: warningOption,
      statistics: optional(flag()),
      onDivergence: optional(oneOf({ stop: 0, rollBack: 0 })),
      resume: optional(flag()),
      maxSteps: optional(integer(1)),
      signal: later<Asked["signal"]>(),
    },
    ELSEWHERE,
  );
