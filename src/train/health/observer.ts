import type { ModelState } from "../../model/state.js";
import type { ExampleTables } from "../../rows/examples.js";
import type { RunReply } from "../../runtime/port.js";
import { reductionOf } from "../scoring/outputs.js";
import type { EpochReport } from "../scoring/reports.js";
import { constantLoss, constants, unscaledTargets } from "./arrays.js";
import type { Finding } from "./finding.js";
import { outputLayers } from "./outputLayers.js";
import { type Evidence, type Suspicion, suspicions } from "./rules.js";
import { Standstill } from "./standstill.js";
import { entriesOf, type StepStatistics, statisticsOf } from "./statistics.js";

/** Steps between the first two observations; each later gap is half as long again. */
const FIRST_GAP = 4;
const GROWTH = 1.5;
/** Steps without observation from one `fit` to the next: who calls it for every batch must not pay for it each time. */
const REST = 16;

export interface ObserverOptions {
  /** Whether to look for what is wrong, or who is told of it at once. */
  readonly health?: boolean | ((finding: Finding) => unknown) | undefined;
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

/** @param examples of a training on arrays, which are all there beforehand */
export function openObserver(
  state: ModelState,
  options: ObserverOptions,
  examples: ExampleTables | undefined,
): Observer {
  const observer = new HealthObserver(state, options);
  if (examples !== undefined) observer.inspect(examples);
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
  #suspected: ReadonlySet<string> = new Set();
  readonly #told = new Set<string>();
  /** For the next report. */
  #findings: Finding[] = [];
  /** Those that nobody was told of yet. */
  #untold: Finding[] = [];
  #statistics: StepStatistics | undefined;

  constructor(state: ModelState, { health = true, statistics = false }: ObserverOptions) {
    this.#state = state;
    this.#looks = health !== false;
    this.#tell = typeof health === "function" ? health : undefined;
    this.#reportsAll = statistics;
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

  /** Looks at arrays, which are all there beforehand. */
  inspect(examples: ExampleTables): void {
    if (!this.#looks) return;
    const found = [...constants(this.#state, examples), ...unscaledTargets(this.#state, examples)];
    for (const one of found) this.#add(one);
    this.#standstill = new Standstill(() => constantLoss(this.#state, examples));
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
    const found = suspicions({ ...this.#evidence, entries });
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
    const untold = this.#untold;
    this.#untold = [];
    if (this.#tell !== undefined) for (const one of untold) await this.#tell(one);
  }

  get hasNews(): boolean {
    return this.#tell !== undefined && this.#untold.length > 0;
  }

  takeBack(reports: readonly EpochReport[]): void {
    this.#findings.unshift(...reports.flatMap(({ health = [] }) => health));
  }

  finish(report: EpochReport): EpochReport {
    const suspicion = this.#standstill?.judge(report);
    if (suspicion !== undefined) this.#add(suspicion);
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

const keyOf = ({ kind, layer }: Pick<Suspicion, "kind" | "layer">) => `${kind} ${layer}`;
