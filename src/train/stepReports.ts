/** Reports of steps in batches, for whom they must not slow down: the engine logs the steps of a run in any case. */

import { StepRecord } from "../../assembly/isa/control.js";
import type { Machine, Run, Staged } from "../runtime/machine.js";
import { isPromise } from "../runtime/port.js";
import { Timer } from "../runtime/timer.js";
import type { Course } from "./course.js";
import type { Progress } from "./progress.js";
import type { LearningRates } from "./rates.js";
import type { StepReport, StepReports } from "./scoring/reports.js";
import type { Slice } from "./slice.js";

/** Who draws a curve draws it so often. */
const MILLISECONDS = 100;
/** Steps that are kept until then, about: small networks make two millions a second. */
const MOST = 16_384;

/** Steps that the engine made in one run, as it logged them: an object for each would take as long as a small step. */
interface Logged {
  readonly u32: Uint32Array;
  readonly f64: Float64Array;
  readonly steps: number;
  readonly rates: Float64Array;
  /** The first of them. */
  readonly step: number;
  readonly epoch: number;
  /** Steps that its epoch had before, and those that an epoch has; not finite where the host ends epochs. */
  readonly before: number;
  readonly stepsPerEpoch: number;
}

const entry = (step: number, field: StepRecord) => step * StepRecord.bytes + field;

class LoggedSteps implements StepReports {
  readonly #logs: readonly Logged[];
  readonly length: number;

  constructor(logs: readonly Logged[]) {
    this.#logs = logs;
    this.length = logs.reduce((sum, { steps }) => sum + steps, 0);
  }

  get losses(): Float64Array {
    return this.#column((log, i) => log.f64[entry(i, StepRecord.loss) >>> 3] as number);
  }

  get gradientNorms(): Float64Array {
    return this.#column((log, i) => log.f64[entry(i, StepRecord.gradientNorm) >>> 3] as number);
  }

  get learningRates(): Float64Array {
    return this.#column(({ rates }, i) => rates[i] as number);
  }

  #column(numberOf: (log: Logged, step: number) => number): Float64Array {
    const column = new Float64Array(this.length);
    let to = 0;
    for (const log of this.#logs) for (let i = 0; i < log.steps; i++) column[to++] = numberOf(log, i);
    return column;
  }

  at(index: number): StepReport | undefined {
    let left = Math.trunc(index) + (index < 0 ? this.length : 0);
    for (const log of left < 0 ? [] : this.#logs) {
      if (left < log.steps) return reportOf(log, left);
      left -= log.steps;
    }
    return undefined;
  }

  *[Symbol.iterator](): Iterator<StepReport> {
    for (const log of this.#logs) for (let i = 0; i < log.steps; i++) yield reportOf(log, i);
  }
}

function reportOf({ u32, f64, rates, step, epoch, before, stepsPerEpoch }: Logged, i: number): StepReport {
  return {
    epoch: epoch + Math.floor((before + i) / stepsPerEpoch),
    step: step + i,
    rows: u32[entry(i, StepRecord.rows) >>> 2] as number,
    loss: f64[entry(i, StepRecord.loss) >>> 3] as number,
    gradientNorm: f64[entry(i, StepRecord.gradientNorm) >>> 3] as number,
    learningRate: rates[i] as number,
  };
}

export interface StepReporting {
  readonly onSteps: (reports: StepReports) => unknown;
  readonly training: Course;
  readonly progress: Progress;
  readonly rates: LearningRates;
  /** Rows of a step. */
  readonly batchRows: number;
}

/** Collects what steps came to, and tells of it now and then. */
export class StepReporter {
  readonly #reporting: StepReporting;
  readonly #timer = new Timer(MILLISECONDS);
  #logs: Logged[] = [];
  #steps = 0;

  constructor(reporting: StepReporting) {
    this.#reporting = reporting;
  }

  /** What a run of so many steps is to read: its log, which lies before the segments, as floats. */
  reads({ layout: { log, bases } }: Machine, steps: number): Run["reads"] {
    const count = (Math.max(1, steps) * StepRecord.bytes) / 4;
    return [{ place: { segment: "parameters", offset: log - bases.parameters }, count }];
  }

  /** Takes the steps of a slice, before progress moves on by them. */
  take({ epochRows }: Staged, { reply, step }: Slice): void {
    const { done } = reply;
    const log = reply.reads[0];
    if (log === undefined || done === 0) return;
    const { progress, rates, batchRows } = this.#reporting;
    const ofSteps = new Float64Array(done);
    for (let i = 0; i < done; i++) ofSteps[i] = rates.at(i);
    this.#steps += done;
    this.#logs.push({
      u32: new Uint32Array(log.buffer),
      f64: new Float64Array(log.buffer),
      steps: done,
      rates: ofSteps,
      step,
      epoch: progress.epochs + 1,
      before: progress.steps,
      stepsPerEpoch: epochRows === 0 ? Number.POSITIVE_INFINITY : Math.ceil(epochRows / batchRows),
    });
  }

  get isDue(): boolean {
    return this.#steps >= MOST || (this.#steps > 0 && this.#timer.isDue);
  }

  /** Tells of the steps since the last time, if there are any; awaits the answer. */
  async tell(): Promise<void> {
    if (this.#steps === 0) return;
    const reports = new LoggedSteps(this.#logs);
    this.#logs = [];
    this.#steps = 0;
    const { onSteps, training } = this.#reporting;
    const answer = onSteps(reports);
    if ((isPromise(answer) ? await answer : answer) === "stop") training.stop("onSteps");
    this.#timer.restart();
  }
}
