/** A training from its first epoch to its end, with whoever looks on. */

import type { SavedCallback } from "../model/callbackState.js";
import type { Lease } from "../model/lease.js";
import type { ModelState } from "../model/state.js";
import { isPromise } from "../runtime/port.js";
import { Timer } from "../runtime/timer.js";
import type { Signal } from "./abort.js";
import type { Course } from "./course.js";
import { type Run, trainEpochs, type Watching } from "./epochs.js";
import type { Slabs } from "./feed/slabs.js";
import { Slices, StepClock } from "./feed/slices.js";
import type { Validation } from "./feed/validation.js";
import type { Observer } from "./health/observer.js";
import type { Hooks } from "./hooks.js";
import type { Progress } from "./progress.js";
import type { LearningRates } from "./rates.js";
import type { openRescue, Rescue } from "./rescue.js";
import type { EpochReport, StepReport, StepReports } from "./scoring/reports.js";
import type { StepReporter } from "./stepReports.js";

/** A worker that dies takes at most the training of so long with it, however short the epochs are. */
const REFRESH_MILLISECONDS = 1000;

interface Told {
  readonly hooks: Hooks | undefined;
  /** What callbacks go on with. */
  readonly before: readonly SavedCallback[];
}

/** Tells the callbacks when training begins and ends, however it ends. */
export async function withHooks(
  state: ModelState,
  { hooks, before }: Told,
  training: Course,
  train: () => Promise<EpochReport[]>,
): Promise<EpochReport[]> {
  let history: EpochReport[];
  try {
    await hooks?.begin(before);
    history = await train();
    training.end();
    if (hooks?.has("onTrainEnd")) await state.refresh();
  } catch (error) {
    training.fail(error);
    // What they throw now matters less than what ended training.
    const ignore = () => undefined;
    if (hooks?.has("onTrainEnd")) await Promise.resolve(state.refresh()).catch(ignore);
    await hooks?.end().catch(ignore);
    throw error;
  }
  await hooks?.end();
  return history;
}

/** Who is told of epochs and steps, beside the callbacks. */
interface Watchers {
  readonly onEpoch?: (report: EpochReport) => unknown;
  readonly onStep?: (report: StepReport) => unknown;
  readonly onSteps?: (reports: StepReports) => unknown;
  readonly signal?: Signal | undefined;
  readonly onDivergence?: "stop" | "rollBack";
  readonly statistics?: boolean;
}

/** What a training is made of. */
export interface Parties {
  readonly epochs: number;
  readonly slabs: Slabs;
  readonly validation: Validation | undefined;
  readonly progress: Progress;
  readonly rates: LearningRates;
  readonly observer: Observer;
  readonly training: Course;
  /** Undefined without callbacks. */
  readonly hooks: Hooks | undefined;
  /** Undefined unless a training that diverges is rolled back. */
  readonly openRescue: typeof openRescue | undefined;
  /** Undefined unless someone is told of many steps at a time. */
  readonly StepReporter: typeof StepReporter | undefined;
  readonly lease: Lease;
}

/** Epoch after epoch, each with its validation and reports, as far as the training may go. */
export async function trainAll(
  state: ModelState,
  watchers: Watchers,
  parties: Parties,
): Promise<EpochReport[]> {
  const { epochs, slabs, progress, observer, training, hooks, lease } = parties;
  const isWatched = isWatchedByEpoch(watchers, parties);
  const run = runOf(state, watchers, parties);
  const { steps } = run.watching;
  const rescue = parties.openRescue?.({ state, lease, observer });
  const history: EpochReport[] = [];
  while (progress.epochs < epochs && !training.isOver) {
    const isAlone = isWatched || watchers.statistics || progress.rows > 0;
    const together = isAlone ? 1 : Math.min(slabs.epochsAtOnce, epochs - progress.epochs);
    if (hooks?.has("onEpochBegin")) await hooks.epochBegin(progress.epochs + 1);
    // Whoever stops it there wants no step.
    if (training.isOver) break;
    slabs.start(state.epochs, together, progress.rows);
    training.isAfterEpoch = false;
    const ended = await trainEpochs(run, together).catch(async (error: unknown) => {
      // What they throw now matters less than what ended training.
      await steps?.tell().catch(() => undefined);
      if (rescue === undefined) throw error;
      await slabs.leave?.();
      await rescue.goBack(error, history);
      return [];
    });
    if (isWatched) {
      await steps?.tell();
      await state.refresh();
    }
    const trained = await observer.finish(ended);
    if (observer.hasNews) await observer.tell();
    if (isWatched) for (const one of trained) await reportEpoch(one, history, { watchers, parties, rescue });
    else for (const one of trained) history.push(one);
  }
  await steps?.tell();
  return history;
}

/** Whoever looks on must see the weights of that epoch, and no later ones. */
const isWatchedByEpoch = (
  { onEpoch, onStep, onDivergence }: Watchers,
  { validation, hooks }: Parties,
): boolean =>
  validation !== undefined ||
  onEpoch !== undefined ||
  onStep !== undefined ||
  onDivergence === "rollBack" ||
  hooks?.has("onEpochBegin", "onStepEnd", "onEpochEnd") === true;

function runOf(
  state: ModelState,
  watchers: Watchers,
  { training, hooks, StepReporter, ...parties }: Parties,
): Run {
  const { onStep, onSteps, signal } = watchers;
  const { progress, rates, slabs } = parties;
  const watching: Watching = {
    onStep: hooks?.has("onStepEnd")
      ? async (report) => {
          await hooks.stepEnd(report);
          await onStep?.(report);
        }
      : onStep,
    onSlice: hooks?.has("onSlice") ? () => hooks.slice() : undefined,
    signal,
    steps:
      StepReporter &&
      onSteps &&
      new StepReporter({ onSteps, training, progress, rates, batchRows: slabs.batchRows }),
  };
  return {
    ...parties,
    state,
    limits: training,
    watching,
    slices: new Slices(state.machine("fit").port.sliceMilliseconds),
    clock: new StepClock(),
    refreshed: new Timer(REFRESH_MILLISECONDS),
  };
}

interface Reporting {
  readonly watchers: Watchers;
  readonly parties: Parties;
  readonly rescue: Rescue | undefined;
}

/** Validates an epoch, and tells of it. */
async function reportEpoch(
  trained: EpochReport,
  history: EpochReport[],
  { watchers: { onEpoch }, parties: { validation, hooks, training }, rescue }: Reporting,
): Promise<void> {
  let report = trained;
  if (validation !== undefined) {
    if (hooks?.has("onValidationBegin")) await hooks.validationBegin();
    report = { ...report, validation: await validation.scores() };
    if (hooks?.has("onValidationEnd")) await hooks.validationEnd();
  }
  history.push(report);
  rescue?.keep(report);
  if (hooks?.has("onEpochEnd")) await hooks.epochEnd(report);
  const answer = onEpoch?.(report);
  if ((isPromise(answer) ? await answer : answer) === "stop") training.stop("onEpoch");
}
