import type { ExampleTables } from "../../data/examples.js";
import type { Table } from "../../data/table.js";
import { targetColumns } from "../../data/target.js";
import { sizeOf } from "../../graph/shape.js";
import type { RunReply } from "../../runtime/port.js";
import type { EpochReport } from "../reports.js";
import type { ModelState } from "../state.js";
import { baseLoss, isConstant } from "./baseRate.js";
import type { Finding } from "./finding.js";
import { type Evidence, type Suspicion, suspicions } from "./rules.js";
import { entriesOf, type StepStatistics, statisticsOf } from "./statistics.js";

/** Steps between the first two observations; each later gap is half as long again. */
const FIRST_GAP = 4;
const GROWTH = 1.5;
/** Epochs and steps after which a loss at the base rate is no beginning any more. */
const PATIENT_EPOCHS = 3;
const PATIENT_STEPS = 50;
/** Share of the base rate's loss that counts as no better. */
const STUCK = 0.99;

export interface ObserverOptions {
  /** Whether to look for what is wrong, or who is told of it at once. */
  readonly health?: boolean | ((finding: Finding) => unknown) | undefined;
  /** Whether each epoch reports what its first step went through. */
  readonly statistics?: boolean | undefined;
}

/** Says which steps of a training are observed, and what they tell. */
export class Observer {
  readonly #state: ModelState;
  readonly #looks: boolean;
  readonly #tell: ((finding: Finding) => unknown) | undefined;
  readonly #reportsAll: boolean;
  readonly #evidence: Omit<Evidence, "entries">;
  #next: number;
  #gap = FIRST_GAP;
  #steps = 0;
  #base: number | undefined;
  #suspected: ReadonlySet<string> = new Set();
  readonly #told = new Set<string>();
  #findings: Finding[] = [];
  #statistics: StepStatistics | undefined;

  constructor(state: ModelState, { health = true, statistics = false }: ObserverOptions) {
    this.#state = state;
    this.#looks = health !== false;
    this.#tell = typeof health === "function" ? health : undefined;
    this.#reportsAll = statistics;
    this.#next = state.step;
    const { network } = state.settings;
    this.#evidence = {
      outputs: new Set(network.wiring.outputs.map(({ node }) => network.wiring.names.get(node.layer) ?? "")),
      kernels: new Set(state.parameters.filter(({ shape }) => shape.length > 1).map(({ name }) => name)),
    };
  }

  /** Looks at the targets of arrays, which are all there beforehand. */
  inspect({ tables, forms }: ExampleTables): void {
    if (!this.#looks) return;
    const { shapes, settings } = this.#state;
    const scored = settings.outputs.filter(({ loss }) => loss !== undefined);
    const losses = shapes.targets.map(({ name, shape }, i) => {
      const table = tables[shapes.inputs.length + i] as Table;
      if (isConstant(table)) this.#add(constantTarget(shapes.single.output ? "y" : `y.${name}`, table));
      const form = forms[i];
      const isLabels = form !== undefined && targetColumns(form) < sizeOf(shape).factor;
      const { loss, weight = 1 } = scored.find((one) => one.name === name) ?? {};
      const base = loss === undefined ? undefined : baseLoss(loss.name, table, isLabels);
      return base === undefined ? undefined : base * weight;
    });
    const isWhole = losses.length === scored.length && settings.lossLayers.length === 0;
    const isWeighted = forms.length > shapes.targets.length;
    const known = losses.filter((one) => one !== undefined);
    if (
      !isWhole ||
      isWeighted ||
      known.length < losses.length ||
      settings.outputs[0]?.loss?.reduction === "sum"
    )
      return;
    this.#base = known.reduce((sum, one) => sum + one, 0);
  }

  /** Steps until the next one that is observed; 0 when it is this one. */
  stepsUntilNext(step: number, isFirstOfEpoch: boolean): number {
    if (this.#reportsAll && isFirstOfEpoch) return 0;
    return this.#looks ? Math.max(0, this.#next - step) : Number.POSITIVE_INFINITY;
  }

  /** Takes what an observed step told. */
  async take(step: number, reply: RunReply, isFirstOfEpoch: boolean): Promise<void> {
    const entries = entriesOf(this.#state.machine("fit").program.measured, reply.statistics);
    if (this.#reportsAll && isFirstOfEpoch) this.#statistics = statisticsOf(step, entries);
    if (!this.#looks) return;
    this.#gap *= GROWTH;
    this.#next = step + 1 + Math.floor(this.#gap);
    const found = suspicions({ ...this.#evidence, entries });
    const keys = new Set(found.map(keyOf));
    for (const one of found) {
      if (one.isCertain || this.#suspected.has(keyOf(one))) await this.add(one);
    }
    this.#suspected = keys;
  }

  /** Notes a finding, the first time that it is made, and tells who wants to know at once. */
  async add(one: Suspicion): Promise<void> {
    const finding = this.#add(one);
    if (finding !== undefined) await this.#tell?.(finding);
  }

  #add({ kind, layer, message, mend }: Suspicion): Finding | undefined {
    const key = keyOf({ kind, layer });
    if (!this.#looks || this.#told.has(key)) return undefined;
    this.#told.add(key);
    const finding = { kind, layer, message, mend, step: this.#state.step };
    this.#findings.push(finding);
    return finding;
  }

  /** Keeps what was found in epochs that are made again for the next report. */
  takeBack(reports: readonly EpochReport[]): void {
    this.#findings.unshift(...reports.flatMap(({ health = [] }) => health));
  }

  /** Adds what was found and measured to the report of an epoch. */
  finish(report: EpochReport): EpochReport {
    this.#steps += report.steps;
    const base = this.#base;
    const isPatient = report.epoch >= PATIENT_EPOCHS && this.#steps >= PATIENT_STEPS;
    if (base !== undefined && base > 0 && isPatient && report.loss > STUCK * base) {
      this.#add(stuck(report, base));
    }
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

const constantTarget = (name: string, { values, columns }: Table): Suspicion => ({
  kind: "constantTarget",
  layer: undefined,
  message: `${name} is the same for every row: ${Array.from(values.subarray(0, Math.min(columns, 4))).join(", ")}`,
  mend: "There is nothing to learn from it: look at how the targets are read.",
  isCertain: true,
});

const stuck = ({ loss, epoch }: EpochReport, base: number): Suspicion => ({
  kind: "stuckAtBaseRate",
  layer: undefined,
  message:
    `after ${epoch} epochs the loss is ${loss.toPrecision(4)}; a network that always gives the same answer ` +
    `has ${base.toPrecision(4)}`,
  mend: "Raise or lower the learning rate by tens, scale the inputs, and see whether x and y belong together.",
  isCertain: true,
});
