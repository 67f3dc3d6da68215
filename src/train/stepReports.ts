/** Reports of steps in batches, for whom they must not slow down: the engine logs the steps of a run in any case. */

import { StepRecord } from "../../assembly/isa/control.js";
import type { Staged } from "../runtime/machine.js";
import { isPromise } from "../runtime/port.js";
import { Timer } from "../runtime/timer.js";
import type { Course } from "./course.js";
import type { Progress } from "./progress.js";
import type { LearningRates } from "./rates.js";
import type { StepReport } from "./scoring/reports.js";
import type { Slice } from "./slice.js";

/** Who draws a curve draws it so often. */
const MILLISECONDS = 100;
/** Reports that are kept until then at most: small networks make a million steps a second. */
const MOST = 4096;

export interface StepReporting {
  readonly onSteps: (reports: readonly StepReport[]) => unknown;
  readonly training: Course;
  readonly progress: Progress;
  readonly rates: LearningRates;
  /** Rows of a step. */
  readonly batchRows: number;
}

/** Collects what steps came to, and tells of it now and then. */
export class StepReports {
  readonly #reporting: StepReporting;
  readonly #timer = new Timer(MILLISECONDS);
  #reports: StepReport[] = [];

  constructor(reporting: StepReporting) {
    this.#reporting = reporting;
  }

  /** Takes the steps of a slice, before progress moves on by them. */
  take({ epochRows }: Staged, { reply: { log }, step: first }: Slice): void {
    if (log === undefined) return;
    const { progress, rates, batchRows } = this.#reporting;
    const stepsPerEpoch = epochRows === 0 ? Number.POSITIVE_INFINITY : Math.ceil(epochRows / batchRows);
    const u32 = new Uint32Array(log.buffer);
    const f64 = new Float64Array(log.buffer);
    let epoch = progress.epochs + 1;
    let left = stepsPerEpoch - progress.steps;
    const steps = log.byteLength / StepRecord.bytes;
    for (let i = 0; i < steps; i++) {
      const at = i * StepRecord.bytes;
      this.#reports.push({
        epoch,
        step: first + i,
        rows: u32[(at + StepRecord.rows) >>> 2] as number,
        loss: f64[(at + StepRecord.loss) >>> 3] as number,
        gradientNorm: f64[(at + StepRecord.gradientNorm) >>> 3] as number,
        learningRate: rates.at(i),
      });
      if (--left > 0) continue;
      epoch++;
      left = stepsPerEpoch;
    }
  }

  get isDue(): boolean {
    return this.#reports.length >= MOST || (this.#reports.length > 0 && this.#timer.isDue);
  }

  /** Tells of the steps since the last time, if there are any; awaits the answer. */
  async tell(): Promise<void> {
    const reports = this.#reports;
    if (reports.length === 0) return;
    this.#reports = [];
    const { onSteps, training } = this.#reporting;
    const answer = onSteps(reports);
    if ((isPromise(answer) ? await answer : answer) === "stop") training.stop("onSteps");
    this.#timer.restart();
  }
}
