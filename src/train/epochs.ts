import { DisposedError } from "../check/errors.js";
import type { ModelState } from "../model/state.js";
import type { Staged } from "../runtime/machine.js";
import { type Awaitable, isPromise } from "../runtime/port.js";
import type { Timer } from "../runtime/timer.js";
import type { Signal } from "./abort.js";
import { Account } from "./account.js";
import type { Course } from "./course.js";
import type { Slabs } from "./feed/slabs.js";
import type { Slices, StepClock } from "./feed/slices.js";
import type { Observer } from "./health/observer.js";
import type { Progress } from "./progress.js";
import type { LearningRates } from "./rates.js";
import type { EpochReport, StepReport } from "./scoring/reports.js";
import { runSlice, type Slice } from "./slice.js";
import type { StepReporter } from "./stepReports.js";

/** What a training goes on with from slice to slice. */
export interface Run {
  readonly state: ModelState;
  readonly slabs: Slabs;
  /** Moves on with every slice of steps; where it stands in an epoch is where training begins. */
  readonly progress: Progress;
  /** How far it may go: looked at before each slice. */
  readonly limits: Pick<Course, "isOver" | "stepsLeft" | "stepsToMark" | "isAtMark">;
  readonly rates: LearningRates;
  readonly observer: Observer;
  readonly watching: Watching;
  readonly slices: Slices;
  readonly clock: StepClock;
  /** Says when the weights are wanted from an engine elsewhere. */
  readonly refreshed: Timer;
}

export interface Watching {
  readonly onStep: ((report: StepReport) => unknown) | undefined;
  /** Called, and awaited, whenever the engine hands back. */
  readonly onSlice: (() => Awaitable<void>) | undefined;
  readonly signal: Signal | undefined;
  /** Of those who are told of many steps at a time. */
  readonly steps: StepReporter | undefined;
}

/**
 * Trains epochs that `slabs` was told to start, or as far as the steps go: runs a slice of steps, accounts for it, and
 * reports it.
 *
 * @param together epochs: more than one when nobody watches and the epochs are short
 * @throws DivergedError, DisposedError, the signal's reason
 */
export async function trainEpochs(run: Run, together: number): Promise<EpochReport[]> {
  const { slabs, limits, observer } = run;
  const { steps } = run.watching;
  const { pass } = run.progress;
  const account = new Account(run);
  run.clock.beginEpochs();
  for (;;) {
    const next = slabs.next();
    const staged = isPromise(next) ? await next : next;
    if (staged === undefined) break;
    pass.cursor = staged.cursor ?? 0;
    while (pass.cursor < staged.rows) {
      if (limits.isOver) return account.reports;
      checkLife(run);
      const running = trainSlice(run, account, staged);
      const isElsewhere = isPromise(running);
      const slice = isElsewhere ? await running : running;
      steps?.take(staged, slice);
      account.take(staged, slice);
      if (observer.hasNews) await observer.tell();
      if (slice.failure !== undefined) throw slice.failure;
      if (steps?.isDue) await steps.tell();
      if (hasListeners(run)) await tell(run, slice, account.learningRate);
      // Whoever waited for another thread has let the tasks of this one run.
      if (isElsewhere) run.slices.restart();
      else if (isOver(run, slice)) await run.slices.yield();
    }
  }
  if (together === 1) account.close();
  return account.reports;
}

/** @throws the signal's reason, DisposedError */
function checkLife({ state, watching }: Run): void {
  watching.signal?.throwIfAborted();
  if (state.disposed) throw new DisposedError("fit: the model was disposed while it was training.");
}

/** A step that is observed is a slice by itself. */
function trainSlice(run: Run, account: Account, staged: Staged): Awaitable<Slice> {
  const { state, slabs, progress, limits, rates, observer, watching, slices, clock } = run;
  const unobserved = observer.stepsUntilNext(state.step, account.isFirst);
  // Whoever is told of a step must find its weights, and no later ones.
  const most = watching.onStep === undefined ? Math.max(1, clock.stepsWithin(slices.left)) : 1;
  const steps = Math.min(most, limits.stepsLeft, limits.stepsToMark, unobserved);
  const machine = state.machine("fit");
  return runSlice(machine, {
    staged,
    pass: progress.pass,
    batchRows: slabs.batchRows,
    clock,
    rates,
    isObserved: unobserved === 0,
    most: steps,
    scores: account.slots,
    reads: watching.steps?.reads(machine, steps),
  });
}

const hasListeners = ({ watching, refreshed }: Run) =>
  watching.onStep !== undefined || watching.onSlice !== undefined || refreshed.isDue;

/** Tells who looks on of a slice, each with the weights that belong to it. */
async function tell(run: Run, { step, reply }: Slice, learningRate: number): Promise<void> {
  const { state, progress, refreshed, limits } = run;
  const { onStep, onSlice } = run.watching;
  if (onStep !== undefined || refreshed.isDue || limits.isAtMark) {
    const fresh = state.refresh();
    if (isPromise(fresh)) await fresh;
    refreshed.restart();
  }
  if (onStep !== undefined) {
    const last = { step: step + reply.done - 1, ...reply.last };
    await onStep({ epoch: progress.epochs + 1, ...last, learningRate });
  }
  if (onSlice !== undefined) await onSlice();
}

/** Whether other tasks must have their turn. */
const isOver = ({ slices, clock }: Run, { reply }: Slice) =>
  slices.isFull(reply.done) || clock.stepsWithin(slices.left) === 0;
