/** A training from its first epoch to its end, with whoever looks on. */

import { evaluateState } from "../model/evaluate.js";
import type { ModelState } from "../model/state.js";
import type { Examples } from "../rows/examples.js";
import { isPromise } from "../runtime/port.js";
import { Timer } from "../runtime/timer.js";
import { trainEpochs } from "./epochs.js";
import type { Batches, Slabs } from "./feed/slabs.js";
import { Slices } from "./feed/slices.js";
import type { Observer } from "./health/observer.js";
import type { Hooks } from "./hooks.js";
import type { LiveTraining } from "./liveTraining.js";
import type { Progress } from "./progress.js";
import type { LearningRates } from "./rates.js";
import { Rescue } from "./rescue.js";
import type { EpochReport, Scores, StepReport } from "./scoring/reports.js";

/** A worker that dies takes at most the training of so long with it, however short the epochs are. */
const REFRESH_MILLISECONDS = 1000;

/** Tells the callbacks when training begins and ends, however it ends. */
export async function withHooks(
  state: ModelState,
  hooks: Hooks,
  training: LiveTraining,
  train: () => Promise<EpochReport[]>,
): Promise<EpochReport[]> {
  let history: EpochReport[];
  try {
    await hooks.begin();
    history = await train();
    training.end();
    if (hooks.has("onTrainEnd")) await state.refresh();
  } catch (error) {
    training.fail(error);
    // What they throw now matters less than what ended training.
    const ignore = () => undefined;
    if (hooks.has("onTrainEnd")) await Promise.resolve(state.refresh()).catch(ignore);
    await hooks.end().catch(ignore);
    throw error;
  }
  await hooks.end();
  return history;
}

/** Who is told of epochs and steps, beside the callbacks. */
interface Watchers {
  readonly onEpoch?: (report: EpochReport) => unknown;
  readonly onStep?: (report: StepReport) => unknown;
  readonly signal?: AbortSignal;
  readonly onDivergence?: "stop" | "rollBack";
  readonly statistics?: boolean;
}

interface Run {
  readonly epochs: number;
  readonly slabs: Slabs;
  readonly validation: Examples | Batches | (() => Batches) | undefined;
  readonly progress: Progress;
  readonly rates: LearningRates;
  readonly observer: Observer;
  readonly training: LiveTraining;
  readonly hooks: Hooks;
}

/** Epoch after epoch, each with its validation and reports, as far as the training may go. */
export async function trainAll(
  state: ModelState,
  { onEpoch, onStep, signal, onDivergence, statistics }: Watchers,
  { epochs, slabs, validation, progress, rates, observer, training, hooks }: Run,
): Promise<EpochReport[]> {
  const watchesSteps = hooks.has("onStepEnd");
  // Whoever looks on must see the weights of that epoch, and no later ones.
  const isWatched =
    validation !== undefined ||
    onEpoch !== undefined ||
    onStep !== undefined ||
    onDivergence === "rollBack" ||
    hooks.has("onEpochBegin", "onStepEnd", "onEpochEnd");
  const watching = {
    onStep: watchesSteps
      ? async (report: StepReport) => {
          await hooks.stepEnd(report);
          await onStep?.(report);
        }
      : onStep,
    onSlice: hooks.has("onSlice") ? () => hooks.slice() : undefined,
    signal,
  };
  const rescue = onDivergence === "rollBack" ? new Rescue(state, observer) : undefined;
  const history: EpochReport[] = [];
  const slices = new Slices(state.machine("fit").port.sliceMilliseconds);
  const refreshed = new Timer(REFRESH_MILLISECONDS);
  while (progress.epochs < epochs && !training.isOver) {
    const isAlone = isWatched || statistics || progress.rows > 0;
    const together = isAlone ? 1 : Math.min(slabs.epochsAtOnce, epochs - progress.epochs);
    if (hooks.has("onEpochBegin")) await hooks.epochBegin(progress.epochs + 1);
    // Whoever stops it there wants no step.
    if (training.isOver) break;
    slabs.start(state.epochs, together, progress.rows);
    training.isAfterEpoch = false;
    const run = { together, progress, limits: training, rates, observer, refreshed };
    const trained = await trainEpochs(state, slabs, run, watching, slices).catch(async (error: unknown) => {
      if (rescue === undefined) throw error;
      await slabs.leave?.();
      return rescue.after(error, progress, history);
    });
    if (isWatched) await state.refresh();
    if (observer.hasNews) await observer.tell();
    for (const one of trained) {
      let scores: Scores | undefined;
      if (validation !== undefined) {
        if (hooks.has("onValidationBegin")) await hooks.validationBegin();
        scores = await evaluateState(state, "fit: validation", validation, signal);
        if (hooks.has("onValidationEnd")) await hooks.validationEnd();
      }
      const report: EpochReport = scores === undefined ? one : { ...one, validation: scores };
      history.push(report);
      rescue?.keep(report);
      if (hooks.has("onEpochEnd")) await hooks.epochEnd(report);
      const answer = onEpoch?.(report);
      if ((isPromise(answer) ? await answer : answer) === "stop") training.stop("onEpoch");
    }
  }
  return history;
}
