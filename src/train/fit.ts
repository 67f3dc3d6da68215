import type { Examples } from "../data/examples.js";
import type { Node } from "../layers/layer.js";
import type { Ends } from "../network/ends.js";
import { checkData, checkInteger, checkKeys, checkNumber, checkType } from "../options.js";
import { isPromise } from "../runtime/port.js";
import { checkSignal } from "./abort.js";
import { trainEpochs } from "./epochs.js";
import { evaluateState } from "./evaluate.js";
import type { MetricName } from "./metrics.js";
import { checkProgress, startProgress } from "./progress.js";
import type { EpochReport, StepReport, ValidatedReport } from "./reports.js";
import type { Batches } from "./slabs.js";
import { Slices, Timer } from "./slices.js";
import { openSource, openValidation, type Source, type SourceOptions } from "./source.js";
import type { ModelState } from "./state.js";

export interface FitOptions<M extends MetricName = never, O extends Ends = Node> extends SourceOptions {
  /** Evaluated after each epoch. */
  readonly validation?: Examples | Batches | (() => Batches);
  /** Called, and awaited, after each epoch. When it answers "stop", training ends there, with the reports so far. */
  readonly onEpoch?: (report: EpochReport<M, O>) => unknown;
  /** Called, and awaited, after each step. */
  readonly onStep?: (report: StepReport) => unknown;
  /**
   * Goes on where the last `fit` stopped, by its signal, an error or `maxSteps`, or where a snapshot was taken, in the
   * midst of an epoch: with the same data, batchSize, accumulate and shuffle it ends in the bits of a `fit` that was
   * not stopped. `epochs` counts those before too, so when all are done nothing is left to do. Default false.
   */
  readonly resume?: boolean;
  /** Steps after which `fit` ends, in the midst of an epoch if need be; `resume` goes on. Default: no limit. */
  readonly maxSteps?: number;
}

/** Options of a training with validation: its reports have the validation's scores. */
export type ValidatedFitOptions<M extends MetricName = never, O extends Ends = Node> = Omit<
  FitOptions<M, O>,
  "validation" | "onEpoch"
> & {
  readonly validation: Examples | Batches | (() => Batches);
  readonly onEpoch?: (report: ValidatedReport<M, O>) => unknown;
};

const OPTION_NAMES = [
  "epochs",
  "batchSize",
  "accumulate",
  "shuffle",
  "validation",
  "dataMemory",
  "onEpoch",
  "onStep",
  "resume",
  "maxSteps",
  "signal",
];
/** A worker that dies takes at most the training of so long with it, however short the epochs are. */
const REFRESH_MILLISECONDS = 1000;

/** Trains; see Model.fit. */
export async function fitState(
  state: ModelState,
  data: Examples | Batches | (() => Batches),
  options: FitOptions,
): Promise<EpochReport[]> {
  checkData("fit", options);
  checkKeys("fit", options, OPTION_NAMES);
  const epochs = checkInteger("fit", "epochs", options.epochs === undefined ? 1 : options.epochs, 1);
  checkOptions(options);
  state.machine("fit");
  state.checkIdle("fit");
  state.checkLoss("fit");
  state.checkTrained("fit");
  checkSignal("fit", options.signal);
  state.fitting = true;
  state.leave();
  try {
    const history = await trainFrom(state, data, options, epochs);
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
): Promise<EpochReport[]> {
  let source: Source | undefined;
  try {
    const { validation, checkValidation } = openValidation(state, options.validation, epochs);
    source = await openSource(state, data, options);
    checkValidation();
    const { slabs } = source;
    const { onEpoch, onStep } = options;
    // Whoever looks on must see the weights of that epoch, and no later ones.
    const isWatched = validation !== undefined || onEpoch !== undefined || onStep !== undefined;
    const progress = options.resume ? checkProgress(state.progress, source.plan) : startProgress(source.plan);
    state.progress = progress;
    state.leave();
    const lastStep = state.step + (options.maxSteps ?? Number.POSITIVE_INFINITY);
    const history: EpochReport[] = [];
    const slices = new Slices(state.machine("fit").port.sliceMilliseconds);
    const refreshed = new Timer(REFRESH_MILLISECONDS);
    while (progress.epochs < epochs) {
      const isAlone = isWatched || progress.rows > 0;
      const together = isAlone ? 1 : Math.min(slabs.epochsAtOnce, epochs - progress.epochs);
      slabs.start(state.epochs, together, progress.rows);
      const stepsLeft = lastStep - state.step;
      const trained = await trainEpochs(
        state,
        slabs,
        { together, progress, stepsLeft, refreshed },
        options,
        slices,
      );
      if (isWatched) await state.refresh();
      for (const one of trained) {
        const scores =
          validation === undefined
            ? undefined
            : await evaluateState(state, "fit: validation", validation, options.signal);
        const report: EpochReport = scores === undefined ? one : { ...one, validation: scores };
        history.push(report);
        const answer = onEpoch?.(report);
        if ((isPromise(answer) ? await answer : answer) === "stop") return history;
      }
      // In the midst of an epoch: what is left waits for the next call.
      if (state.step === lastStep && progress.epochs < epochs) return history;
    }
    return history;
  } finally {
    await source?.stream?.close();
  }
}

function checkOptions(options: FitOptions): void {
  const { batchSize, accumulate, dataMemory, shuffle, onEpoch, onStep, resume, maxSteps } = options;
  if (resume !== undefined) checkType("fit", "resume", resume, "boolean");
  if (maxSteps !== undefined) checkInteger("fit", "maxSteps", maxSteps, 1);
  if (batchSize !== undefined) checkInteger("fit", "batchSize", batchSize, 1);
  if (accumulate !== undefined) checkInteger("fit", "accumulate", accumulate, 1);
  if (dataMemory !== undefined) {
    checkNumber("fit", "dataMemory", dataMemory, "a positive number of bytes", (bytes) => bytes > 0);
  }
  if (shuffle !== undefined) checkType("fit", "shuffle", shuffle, "boolean");
  if (onEpoch !== undefined) checkType("fit", "onEpoch", onEpoch, "function");
  if (onStep !== undefined) checkType("fit", "onStep", onStep, "function");
}
