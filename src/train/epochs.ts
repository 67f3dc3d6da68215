import { Method, Status } from "../../assembly/isa/control.js";
import { type DataError, DisposedError, type DivergedError } from "../check/errors.js";
import { setScores } from "../model/evaluate.js";
import type { ModelState } from "../model/state.js";
import { type Machine, type Pass, type Staged, startPass } from "../runtime/machine.js";
import { type Awaitable, isPromise, type RunReply } from "../runtime/port.js";
import type { Timer } from "../runtime/timer.js";
import { divergedError } from "./diverged.js";
import type { Slabs } from "./feed/slabs.js";
import { type Slices, StepClock } from "./feed/slices.js";
import type { Observer } from "./health/observer.js";
import type { Progress } from "./progress.js";
import type { LearningRates } from "./rates.js";
import type { EpochReport, StepReport } from "./scoring/reports.js";

/** The epochs that are trained together: more than one when nobody watches and the epochs are short. */
export interface Epochs {
  readonly together: number;
  /** Moves on with every slice of steps; where it stands in an epoch is where training begins. */
  readonly progress: Progress;
  /** How far it may go: looked at before each slice. */
  readonly limits: { readonly isOver: boolean; readonly stepsLeft: number };
  readonly rates: LearningRates;
  readonly observer: Observer;
  /** Says when the weights are wanted from an engine elsewhere. */
  readonly refreshed: Timer;
}

export interface Watching {
  readonly onStep: ((report: StepReport) => unknown) | undefined;
  /** Called, and awaited, whenever the engine hands back. */
  readonly onSlice: (() => Awaitable<void>) | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Trains epochs that `slabs` was told to start, or as far as the steps go. @throws DivergedError, DisposedError, the signal's reason */
export async function trainEpochs(
  state: ModelState,
  slabs: Slabs,
  { together, progress, limits, rates, observer, refreshed }: Epochs,
  { onStep, onSlice, signal }: Watching,
  slices: Slices,
): Promise<EpochReport[]> {
  const { scores } = state;
  const pass = startPass();
  pass.rowsSeen = progress.rowsSeen;
  pass.sums.set(progress.sums);
  const finished = startPass();
  const clock = new StepClock();
  const reports: EpochReport[] = [];
  const stepsBefore = progress.steps;
  let steps = 0;
  let learningRate = 0;
  const finish = (sums: Pass, stepsOfEpoch: number, rate: number) => {
    state.epochs++;
    progress.epochs++;
    const report = {
      epoch: progress.epochs,
      steps: stepsOfEpoch,
      loss: 0,
      learningRate: rate,
      samplesPerSecond: clock.rowsPerSecond,
    };
    reports.push(observer.finish(setScores(report, sums, scores)));
  };
  for (;;) {
    const next = slabs.next();
    const slab = isPromise(next) ? await next : next;
    if (slab === undefined) break;
    pass.cursor = slab.cursor ?? 0;
    const stepsPerEpoch = Math.ceil(slab.epochRows / slabs.batchRows);
    while (pass.cursor < slab.rows) {
      if (limits.isOver) return reports;
      signal?.throwIfAborted();
      if (state.disposed) throw new DisposedError("fit: the model was disposed while it was training.");
      const machine = state.machine("fit");
      // Whoever is told of a step must find its weights, and no later ones.
      const most = Math.min(
        onStep === undefined ? Math.max(1, clock.stepsWithin(slices.left)) : 1,
        limits.stepsLeft,
      );
      const cursor = pass.cursor;
      const { step } = machine;
      const isFirst = steps === 0 && stepsBefore === 0;
      const unobserved = observer.stepsUntilNext(step, isFirst);
      const isObserved = unobserved === 0;
      const slice = runSlice(machine, {
        method: isObserved ? Method.Observe : Method.Train,
        slab,
        pass,
        batchRows: slabs.batchRows,
        clock,
        rates,
        most: isObserved ? 1 : Math.min(most, unobserved),
        scores: scores.slots,
      });
      const isElsewhere = isPromise(slice);
      const { reply, failure } = isElsewhere ? await slice : slice;
      const { done } = reply;
      // Before its epoch is finished, whose report has what it showed.
      if (isObserved && done === 1) observer.take(step, reply, isFirst);
      const fields = 1 + scores.slots;
      for (let at = 0; at < reply.epochs.length; at += fields) {
        const lastStep = (reports.length + 1) * stepsPerEpoch - 1 - steps;
        finished.rowsSeen = reply.epochs[at] as number;
        for (let i = 0; i < scores.slots; i++) finished.sums[i] = reply.epochs[at + 1 + i] as number;
        finish(finished, stepsPerEpoch, rates.at(lastStep));
      }
      steps += done;
      advance(progress, pass, { rows: pass.cursor - cursor, steps: done, slab, batchRows: slabs.batchRows });
      if (observer.hasNews) await observer.tell();
      if (failure !== undefined) throw failure;
      learningRate = rates.at(done - 1);
      if (onStep !== undefined || refreshed.isDue) {
        const fresh = state.refresh();
        if (isPromise(fresh)) await fresh;
        refreshed.restart();
      }
      if (onStep !== undefined) {
        await onStep({ epoch: progress.epochs + 1, step: machine.step - 1, ...reply.last, learningRate });
      }
      if (onSlice !== undefined) await onSlice();
      // Whoever waited for another thread has let the tasks of this one run.
      if (isElsewhere) slices.restart();
      else if (slices.isFull(done) || clock.stepsWithin(slices.left) === 0) await slices.yield();
    }
  }
  if (together === 1) {
    // All steps of the epoch were made before: only its report was missing.
    if (steps === 0) {
      rates.next(state.step - 1, 1);
      learningRate = rates.at(0);
    }
    finish(pass, stepsBefore + steps, learningRate);
    Object.assign(progress, { rows: 0, steps: 0, rowsSeen: 0, sums: [] });
  }
  return reports;
}

/** Moves on by what a slice did. Where several epochs are staged, the one that it ended in counts. */
function advance(
  progress: Progress,
  { cursor, rowsSeen, sums }: Pass,
  { rows, steps, slab: { epochRows }, batchRows }: Advance,
): void {
  if (epochRows === 0) {
    progress.rows += rows;
    progress.steps += steps;
  } else {
    progress.rows = cursor % epochRows;
    progress.steps = Math.ceil(progress.rows / batchRows);
  }
  progress.rowsSeen = rowsSeen;
  // As where epochs are trained one by one: a snapshot must not tell which it was.
  progress.sums = progress.rows === 0 ? [] : sums;
}

interface Advance {
  readonly rows: number;
  readonly steps: number;
  readonly slab: Staged;
  readonly batchRows: number;
}

interface SliceInput {
  readonly method: Method;
  readonly slab: Staged;
  readonly pass: Pass;
  readonly batchRows: number;
  readonly clock: StepClock;
  readonly rates: LearningRates;
  /** Steps that it may take. */
  readonly most: number;
  /** Sums that are reported. */
  readonly scores: number;
}

interface Slice {
  readonly reply: RunReply;
  readonly failure: DivergedError | DataError | undefined;
}

function failureOf(machine: Machine, reply: RunReply, rates: LearningRates): Slice["failure"] {
  if (reply.status === Status.Diverged) return divergedError(machine, reply, rates.at(reply.done));
  return reply.status === Status.IndexOutOfRange ? machine.indexError(Method.Train, reply) : undefined;
}

/** Runs the steps of a slice. What failed is told apart from the steps that were done before. */
function runSlice(
  machine: Machine,
  { method, slab, pass, batchRows, clock, rates, most, scores }: SliceInput,
): Awaitable<Slice> {
  const left = Math.ceil((slab.rows - pass.cursor) / batchRows);
  const next = rates.next(machine.step, Math.min(left, most));
  const cursor = pass.cursor;
  const start = performance.now();
  const run = { staged: slab, pass, batchRows, steps: next.length, rates: next, scores };
  const finish = (reply: RunReply): Slice => {
    clock.add(next.length, pass.cursor - cursor, performance.now() - start);
    return { reply, failure: failureOf(machine, reply, rates) };
  };
  const reply = machine.run(method, run);
  return isPromise(reply) ? reply.then(finish) : finish(reply);
}
