import type { Measured } from "../../compile/observe.js";
import type { ModelState } from "../../model/state.js";
import type { RunReply } from "../../runtime/port.js";
import type { EpochReport } from "../scoring/reports.js";
import type { Diagnosis } from "./diagnosis.js";
import type { Finding } from "./finding.js";
import { health } from "./late.js";
import type { Outlook } from "./outlook.js";
import { isOutlookSound, isStepSound, kernelsOf, mayBeBounded } from "./sound.js";
import { Standstill } from "./standstill.js";
import type { StepStatistics } from "./statistics.js";
import type { Listeners } from "./warning.js";

/** Steps between the first two observations; each later gap is half as long again. */
const FIRST_GAP = 4;
const GROWTH = 1.5;
/** Steps without observation from one `fit` to the next: who calls it for every batch must not pay for it each time. */
const REST = 16;

export interface ObserverOptions extends Listeners {
  /** Whether each epoch reports what its first step went through. */
  readonly statistics?: boolean | undefined;
}

/** When something was found: in an epoch, of 0 for what belongs to whichever is reported next, and after so many steps. */
interface Time {
  readonly step: number;
  readonly epoch: number;
}

/** What an observed step showed. */
interface Observation extends Time {
  readonly measured: readonly Measured[];
  readonly numbers: Float64Array;
}

/** A finding with the epoch that it belongs to. */
interface Found {
  readonly epoch: number;
  readonly finding: Finding;
}

type Event = Omit<Finding, "step">;

/**
 * Looks on while a training runs: says which of its steps are observed, and has what does not look sound diagnosed before
 * it is told. What it finds comes with the report of the epoch.
 */
export class Observer {
  readonly #state: ModelState;
  readonly #options: ObserverOptions;
  readonly #outlook: Outlook;
  readonly #looks: boolean;
  readonly #reportsAll: boolean;
  /** Whether some output may not come to all numbers that a target may be. */
  readonly #isBounded: boolean;
  readonly #start: number;
  readonly #kernels: ReadonlySet<string>;
  #next: number;
  #gap = FIRST_GAP;
  readonly #standstill = new Standstill();
  #diagnosis: Diagnosis | undefined;
  /** Whether the arrays are to be looked at, and what is to be diagnosed with them. */
  #isSuspect: boolean;
  #observed: Observation[] = [];
  /** For the next reports. */
  #found: Found[] = [];
  /** Those that nobody was told of yet. */
  #untold: Finding[] = [];
  #statistics: StepStatistics | undefined;

  constructor(state: ModelState, options: ObserverOptions, outlook: Outlook) {
    this.#state = state;
    this.#options = options;
    this.#outlook = outlook;
    this.#looks = options.health !== false;
    this.#reportsAll = options.statistics ?? false;
    this.#isBounded = mayBeBounded(state);
    this.#start = state.step;
    this.#kernels = kernelsOf(state);
    const rested = state.lookedAt + REST;
    const isRested = state.step >= rested || state.step <= state.lookedAt;
    this.#next = isRested ? state.step : rested;
    this.#isSuspect = this.#looks && !isOutlookSound(state, outlook, this.#isBounded);
  }

  /** Steps until the next one that is observed; 0 when it is this one. */
  stepsUntilNext(step: number, isFirstOfEpoch: boolean): number {
    if (this.#reportsAll && isFirstOfEpoch) return 0;
    return this.#looks ? Math.max(0, this.#next - step) : Number.POSITIVE_INFINITY;
  }

  /** Takes what an observed step of an epoch showed. */
  take(step: number, epoch: number, { statistics: numbers }: RunReply, isFirstOfEpoch: boolean): void {
    const { measured } = this.#state.machine("fit").program;
    const observation = { step: this.#state.step, epoch, measured, numbers };
    if (this.#reportsAll && isFirstOfEpoch) {
      this.#statistics = health.loaded?.statisticsOf(step, measured, numbers);
    }
    if (!this.#looks) return;
    this.#state.lookedAt = step;
    this.#next = step + 1 + Math.floor(this.#gap);
    this.#gap *= GROWTH;
    // A sound step matters to what is suspected already: it does not confirm it.
    this.#isSuspect ||= !isStepSound(measured, numbers, this.#kernels, this.#isBounded);
    if (this.#isSuspect || this.#diagnosis !== undefined) this.#observed.push(observation);
  }

  /** Notes what happened to the training. */
  note(event: Event, { step, epoch }: Time = { step: this.#state.step, epoch: 0 }): void {
    if (!this.#looks) return;
    const { kind, layer, message, mend } = event;
    const finding = { kind, layer, message, mend, step };
    this.#found.push({ epoch, finding });
    this.#untold.push(finding);
  }

  /** Whether there may be anything to tell: whoever has not, need not wait. */
  get hasNews(): boolean {
    return this.#needsDiagnosis || this.#untold.length > 0;
  }

  /** Tells who wants to know at once what was found since; awaits the answers. */
  async tell(): Promise<void> {
    if (this.#needsDiagnosis) await this.#diagnose();
    const untold = this.#untold;
    this.#untold = [];
    if (untold.length === 0) return;
    const part = health.loaded ?? (await health.load("fit").catch(() => undefined));
    const tell = part?.listenerOf(this.#state, this.#options);
    if (tell !== undefined) for (const one of untold) await tell(one);
  }

  /** Keeps what was found in epochs that are made again for the next report. */
  takeBack(reports: readonly EpochReport[]): void {
    const back = reports.flatMap(({ health: findings = [] }) => findings.map((finding) => ({ finding })));
    this.#found = [...back, ...this.#found].map(({ finding }) => ({ epoch: 0, finding }));
    this.#observed = this.#observed.map((one) => ({ ...one, epoch: 0 }));
  }

  /** Adds what was found and measured to the reports of epochs. */
  async finish(reports: readonly EpochReport[]): Promise<readonly EpochReport[]> {
    if (this.#needsDiagnosis) await this.#diagnose();
    let { step } = this.#state;
    for (const one of reports) step -= one.steps;
    for (const one of this.#looks ? reports : []) {
      step += one.steps;
      const isStill = this.#outlook.examples !== undefined && this.#standstill.judge(one);
      if (!isStill && one.learningRate > 0) continue;
      const diagnosis = this.#diagnosis ?? (await this.#open());
      const found = (await diagnosis?.ofEpoch(one, step, isStill)) ?? [];
      for (const event of found) this.note(event, { step: this.#state.step, epoch: one.epoch });
    }
    const hasNone = this.#found.length === 0 && this.#statistics === undefined;
    return hasNone ? reports : reports.map((one) => this.#completed(one));
  }

  #completed(report: EpochReport): EpochReport {
    const findings = this.#found.filter(({ epoch }) => epoch <= report.epoch);
    this.#found = this.#found.filter(({ epoch }) => epoch > report.epoch);
    const statistics = this.#statistics;
    this.#statistics = undefined;
    return {
      ...report,
      ...(findings.length === 0 ? {} : { health: findings.map(({ finding }) => finding) }),
      ...(statistics === undefined ? {} : { statistics }),
    };
  }

  get #needsDiagnosis(): boolean {
    return this.#isSuspect || this.#observed.length > 0;
  }

  async #diagnose(): Promise<void> {
    const diagnosis = await this.#open();
    const observed = this.#observed;
    this.#observed = [];
    this.#isSuspect = false;
    for (const one of observed)
      for (const event of diagnosis?.ofStep(one.measured, one.numbers) ?? []) this.note(event, one);
  }

  /** The diagnosis, with what the arrays say of the training. Where it does not load, a training goes on without. */
  async #open(): Promise<Diagnosis | undefined> {
    if (this.#diagnosis !== undefined) return this.#diagnosis;
    const part = await health.load("fit").catch(() => undefined);
    this.#diagnosis = part && new part.Diagnosis(this.#state, this.#outlook);
    for (const event of this.#diagnosis?.ofOutlook() ?? []) this.note(event, { step: this.#start, epoch: 0 });
    return this.#diagnosis;
  }
}
