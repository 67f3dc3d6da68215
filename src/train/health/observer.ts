import type { ModelState } from "../../model/state.js";
import type { ExampleTables } from "../../rows/examples.js";
import type { Table } from "../../rows/table.js";
import type { RunReply } from "../../runtime/port.js";
import type { FitPlan } from "../progress.js";
import { reductionOf } from "../scoring/outputs.js";
import type { EpochReport } from "../scoring/reports.js";
import { constantLoss, constants, unscaledTargets } from "./arrays.js";
import { canBeLearned, stuckBeside } from "./besides.js";
import { unseenClasses } from "./classes.js";
import type { Finding } from "./finding.js";
import { outputLayers } from "./outputLayers.js";
import { type OutputReaches, outputReaches } from "./outputs.js";
import { type Evidence, type Suspicion, suspicions } from "./rules.js";
import { Standstill } from "./standstill.js";
import { type Entry, entriesOf, type StepStatistics, statisticsOf } from "./statistics.js";
import { type Listeners, listenerOf } from "./warning.js";

/** Steps between the first two observations; each later gap is half as long again. */
const FIRST_GAP = 4;
const GROWTH = 1.5;
/** Steps without observation from one `fit` to the next: who calls it for every batch must not pay for it each time. */
const REST = 16;

export interface ObserverOptions extends Listeners {
  /** Whether each epoch reports what its first step went through. */
  readonly statistics?: boolean | undefined;
}

/** Looks on while a training runs: says which of its steps are observed, and what they tell. */
export interface Observer {
  /** Steps until the next one that is observed; 0 when it is this one. */
  stepsUntilNext(step: number, isFirstOfEpoch: boolean): number;
  /** Takes what an observed step showed. */
  take(step: number, reply: RunReply, isFirstOfEpoch: boolean): void;
  /** Notes what happened to the training. */
  note(event: Omit<Finding, "step">): void;
  /** Whether there is anything to tell: whoever has not, need not wait. */
  readonly hasNews: boolean;
  /** Tells who wants to know at once what was found since; awaits the answers. */
  tell(): Promise<void>;
  /** Keeps what was found in epochs that are made again for the next report. */
  takeBack(reports: readonly EpochReport[]): void;
  /** Adds what was found and measured to the report of an epoch. */
  finish(report: EpochReport): EpochReport;
}

/** What is known of a training before its first step. */
export interface Outlook {
  /** Arrays, which are all there beforehand. */
  readonly examples: ExampleTables | undefined;
  readonly validated: ExampleTables | undefined;
  readonly plan: FitPlan;
}

export function openObserver(state: ModelState, options: ObserverOptions, outlook: Outlook): Observer {
  const observer = new HealthObserver(state, options);
  observer.inspect(outlook);
  return observer;
}

class HealthObserver implements Observer {
  readonly #state: ModelState;
  readonly #looks: boolean;
  readonly #tell: ((finding: Finding) => unknown) | undefined;
  readonly #reportsAll: boolean;
  readonly #evidence: Omit<Evidence, "entries">;
  #next: number;
  #gap = FIRST_GAP;
  #standstill: Standstill | undefined;
  /** Examples few enough to be looked at one by one. */
  #few: ExampleTables | undefined;
  #isLookDue = false;
  /** Epochs in a row that ended with a learning rate of 0. */
  #without = 0;
  #outputs: OutputReaches | undefined;
  #suspected: ReadonlySet<string> = new Set();
  readonly #told = new Set<string>();
  /** For the next report. */
  #findings: Finding[] = [];
  /** Those that nobody was told of yet. */
  #untold: Finding[] = [];
  #statistics: StepStatistics | undefined;

  constructor(state: ModelState, options: ObserverOptions) {
    this.#state = state;
    this.#looks = options.health !== false;
    this.#tell = listenerOf(state, options);
    this.#reportsAll = options.statistics ?? false;
    const rested = state.lookedAt + REST;
    const isRested = state.step >= rested || state.step <= state.lookedAt;
    this.#next = isRested ? state.step : rested;
    const { network, outputs } = state.settings;
    this.#evidence = {
      outputs: outputLayers(network.wiring),
      kernels: new Set(state.parameters.filter(({ shape }) => shape.length > 1).map(({ name }) => name)),
      areNumbers: outputs.every(({ loss }) => loss === undefined || loss.decision === "none"),
      isSum: reductionOf(state.settings) === "sum",
    };
  }

  /** Looks at what is there beforehand. */
  inspect({ examples, validated, plan }: Outlook): void {
    if (!this.#looks) return;
    const state = this.#state;
    this.#outputs = outputReaches(state);
    const found = [...this.#outputs.constants(), ...withoutRate(state)];
    if (examples !== undefined) {
      found.push(...constants(state, examples), ...unscaledTargets(state, examples));
      found.push(...this.#unreachable(examples));
      if (hasSingleRow(plan)) found.push(...this.#outputs.oneRow());
      if (validated !== undefined) found.push(...unseenClasses(state, examples, validated));
      this.#standstill = new Standstill(() => constantLoss(state, examples));
      if (canBeLearned(state, examples)) this.#few = examples;
    }
    for (const one of found) this.#add(one);
  }

  #unreachable({ tables }: ExampleTables): Suspicion[] {
    const { inputs, targets } = this.#state.shapes;
    return targets.flatMap((_, i) => {
      if (!this.#outputs?.isBounded(i)) return [];
      const { values } = tables[inputs.length + i] as Table;
      let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
      for (const value of values) {
        if (value < least) least = value;
        if (value > most) most = value;
      }
      return this.#outputs?.unreachable(i, least, most) ?? [];
    });
  }

  /** What the targets and the rows of an observed step say: of batches, nothing is known before. */
  #ofStep(entries: readonly Entry[], { last }: RunReply): Suspicion[] {
    const targets = entries.filter(({ what }) => what === "target");
    return [
      ...targets.flatMap(
        ({ tensor }, i) => this.#outputs?.unreachable(i, tensor.minimum, tensor.maximum) ?? [],
      ),
      ...(last.rows === 1 ? (this.#outputs?.oneRow() ?? []) : []),
    ];
  }

  stepsUntilNext(step: number, isFirstOfEpoch: boolean): number {
    if (this.#reportsAll && isFirstOfEpoch) return 0;
    return this.#looks ? Math.max(0, this.#next - step) : Number.POSITIVE_INFINITY;
  }

  take(step: number, reply: RunReply, isFirstOfEpoch: boolean): void {
    const entries = entriesOf(this.#state.machine("fit").program.measured, reply.statistics);
    if (this.#reportsAll && isFirstOfEpoch) this.#statistics = statisticsOf(step, entries);
    if (!this.#looks) return;
    this.#state.lookedAt = step;
    this.#next = step + 1 + Math.floor(this.#gap);
    this.#gap *= GROWTH;
    const found = [...suspicions({ ...this.#evidence, entries }), ...this.#ofStep(entries, reply)];
    for (const one of found) {
      if (one.isCertain || this.#suspected.has(keyOf(one))) this.#add(one);
    }
    this.#suspected = new Set(found.map(keyOf));
  }

  note(event: Omit<Finding, "step">): void {
    if (!this.#looks) return;
    const finding = { ...event, step: this.#state.step };
    this.#findings.push(finding);
    this.#untold.push(finding);
  }

  /** Notes a suspicion as a finding, the first time. */
  #add({ isCertain: _, ...one }: Suspicion): void {
    if (this.#told.has(keyOf(one))) return;
    this.#told.add(keyOf(one));
    this.note(one);
  }

  async tell(): Promise<void> {
    if (this.#isLookDue && this.#few !== undefined) {
      this.#isLookDue = false;
      for (const one of await stuckBeside(this.#state, this.#few)) {
        this.#add(one);
        this.#few = undefined;
      }
    }
    const untold = this.#untold;
    this.#untold = [];
    if (this.#tell !== undefined) for (const one of untold) await this.#tell(one);
  }

  get hasNews(): boolean {
    return this.#isLookDue || (this.#tell !== undefined && this.#untold.length > 0);
  }

  takeBack(reports: readonly EpochReport[]): void {
    this.#findings.unshift(...reports.flatMap(({ health = [] }) => health));
  }

  finish(report: EpochReport): EpochReport {
    const suspicion = this.#standstill?.judge(report);
    if (suspicion !== undefined) this.#add(suspicion);
    this.#isLookDue ||= this.#few !== undefined && this.#standstill?.isDue === true;
    this.#without = report.learningRate === 0 ? this.#without + 1 : 0;
    if (this.#looks && this.#without === 2) this.#add(noRate());
    const [findings, statistics] = [this.#findings, this.#statistics];
    if (findings.length === 0 && statistics === undefined) return report;
    this.#findings = [];
    this.#statistics = undefined;
    return {
      ...report,
      ...(findings.length === 0 ? {} : { health: findings }),
      ...(statistics === undefined ? {} : { statistics }),
    };
  }
}

const noRate = (): Suspicion => ({
  kind: "noLearningRate",
  layer: undefined,
  message: "the learning rate is 0: nothing is learned any more",
  mend: "Its decay has run out: give the schedule more steps, of all epochs and calls of fit together, or an end above 0.",
  isCertain: true,
});

/** A schedule that has run out before this training; a warmup begins with a single rate of 0. */
function withoutRate({ settings, step }: ModelState): Suspicion[] {
  const { learningRate } = settings.optimizer;
  const isZero = (at: number) => (typeof learningRate === "number" ? learningRate : learningRate(at)) === 0;
  return isZero(step) && isZero(step + 1) ? [noRate()] : [];
}

/** Whether some step of arrays, or micro-batch of one, has a single row. */
function hasSingleRow({ rows, batchSize, accumulate }: FitPlan): boolean {
  const part = Math.ceil(batchSize / accumulate);
  return [Math.min(rows, batchSize), rows % batchSize].some(
    (step) => step > 0 && (step % part === 1 || part === 1),
  );
}

const keyOf = ({ kind, layer }: Pick<Suspicion, "kind" | "layer">) => `${kind} ${layer}`;
