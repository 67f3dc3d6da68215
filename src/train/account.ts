import type { Scoreboard } from "../compile/graphs.js";
import { setScores } from "../model/scores.js";
import type { ModelState } from "../model/state.js";
import { type Pass, type Staged, startPass } from "../runtime/machine.js";
import type { Slabs } from "./feed/slabs.js";
import type { StepClock } from "./feed/slices.js";
import type { Observer } from "./health/observer.js";
import type { Progress } from "./progress.js";
import type { LearningRates } from "./rates.js";
import type { EpochReport } from "./scoring/reports.js";
import type { Slice } from "./slice.js";

export interface AccountOptions {
  readonly state: ModelState;
  readonly progress: Progress;
  readonly rates: LearningRates;
  readonly observer: Observer;
  readonly clock: StepClock;
  readonly slabs: Slabs;
}

/** Accounts for the slices of epochs that are trained together: moves progress on, and reports the epochs that end. */
export class Account {
  readonly #options: AccountOptions;
  readonly #scores: Scoreboard;
  /** Steps that the first epoch had before. */
  readonly #stepsBefore: number;
  /** Steps since. */
  #steps = 0;
  /** An epoch that ended within a slice. */
  readonly #ended = startPass();
  readonly reports: EpochReport[] = [];
  /** Of the last step. */
  learningRate = 0;

  constructor(options: AccountOptions) {
    this.#options = options;
    this.#scores = options.state.programs.scores;
    this.#stepsBefore = options.progress.steps;
  }

  /** Sums that are reported of an epoch. */
  get slots(): number {
    return this.#scores.slots;
  }

  /** Whether the next step is the first of the first epoch. */
  get isFirst(): boolean {
    return this.#steps === 0 && this.#stepsBefore === 0;
  }

  take(staged: Staged, { reply, step, isObserved, rows, failure }: Slice): void {
    const { progress, rates, observer, slabs } = this.#options;
    const { batchRows } = slabs;
    const { done } = reply;
    if (isObserved && done === 1) observer.take(step, progress.epochs + 1, reply, this.isFirst);
    this.#finishEnded(reply.epochs, Math.ceil(staged.epochRows / batchRows));
    this.#steps += done;
    progress.advance(staged, { rows, steps: done, batchRows });
    if (failure === undefined) this.learningRate = rates.at(done - 1);
  }

  /** Reports the epochs that ended within a slice, whose rows and sums the engine has logged one after the other. */
  #finishEnded(log: Float64Array, stepsPerEpoch: number): void {
    const { sums } = this.#ended;
    for (let at = 0; at < log.length; at += 1 + this.slots) {
      const lastStep = (this.reports.length + 1) * stepsPerEpoch - 1 - this.#steps;
      this.#ended.rowsSeen = log[at] as number;
      for (let i = 0; i < this.slots; i++) sums[i] = log[at + 1 + i] as number;
      this.#finish(this.#ended, stepsPerEpoch, this.#options.rates.at(lastStep));
    }
  }

  /** Finishes an epoch that is trained by itself, once its rows are at an end. */
  close(): void {
    const { state, progress, rates } = this.#options;
    // All steps of the epoch were made before: only its report was missing.
    if (this.#steps === 0) {
      rates.next(state.step - 1, 1);
      this.learningRate = rates.at(0);
    }
    this.#finish(progress.pass, this.#stepsBefore + this.#steps, this.learningRate);
    progress.beginEpoch();
  }

  #finish(pass: Pass, steps: number, learningRate: number): void {
    const { state, progress, clock } = this.#options;
    state.epochs++;
    progress.epochs++;
    const report = {
      epoch: progress.epochs,
      steps,
      loss: 0,
      learningRate,
      samplesPerSecond: clock.rowsPerSecond,
    };
    this.reports.push(setScores(report, pass, this.#scores));
  }
}
