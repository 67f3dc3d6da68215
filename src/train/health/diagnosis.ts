import type { Measured } from "../../compile/observe.js";
import type { ModelState } from "../../model/state.js";
import type { ExampleTables } from "../../rows/examples.js";
import type { Table } from "../../rows/table.js";
import type { FitPlan } from "../progress.js";
import { reductionOf } from "../scoring/outputs.js";
import type { EpochReport } from "../scoring/reports.js";
import { constantLoss, constants, unscaledTargets } from "./arrays.js";
import { canBeLearned, stuckBeside } from "./besides.js";
import { unseenClasses } from "./classes.js";
import type { Outlook } from "./outlook.js";
import { outputLayers } from "./outputLayers.js";
import { type OutputReaches, outputReaches } from "./outputs.js";
import { type Evidence, type Suspicion, stuck, suspicions } from "./rules.js";
import { kernelsOf, NO_BETTER } from "./sound.js";
import * as statistics from "./statistics.js";

export { listenerOf } from "./warning.js";

/** The statistics of a step by layer, in the order of computation. */
export const statisticsOf = (step: number, measured: readonly Measured[], numbers: Float64Array) =>
  statistics.statisticsOf(step, statistics.entriesOf(measured, numbers));

/** Steps of standing still after which it is worth looking at single rows. */
const LOOK_STEPS = 200;

/** Says what is wrong with a training that does not look sound: each finding once, and what is not certain when it is confirmed. */
export class Diagnosis {
  readonly #state: ModelState;
  readonly #outlook: Outlook;
  readonly #outputs: OutputReaches;
  /** Examples few enough to be looked at one by one. */
  #few: ExampleTables | undefined;
  /** Steps without progress, and at how many single rows are looked at next. */
  #still = 0;
  #look = LOOK_STEPS;
  readonly #evidence: Omit<Evidence, "entries">;
  #suspected: ReadonlySet<string> = new Set();
  readonly #told = new Set<string>();
  /** Of a network that always gives the same answer: worked out when it matters. */
  #base: { readonly loss: number | undefined } | undefined;

  constructor(state: ModelState, outlook: Outlook) {
    this.#state = state;
    this.#outlook = outlook;
    this.#outputs = outputReaches(state);
    const { examples } = outlook;
    if (examples !== undefined && canBeLearned(state, examples)) this.#few = examples;
    const { network, outputs } = state.settings;
    this.#evidence = {
      outputs: outputLayers(network.wiring),
      kernels: kernelsOf(state),
      areNumbers: outputs.every(({ loss }) => loss === undefined || loss.decision === "none"),
      isSum: reductionOf(state.settings) === "sum",
    };
  }

  /** Of the network, and of arrays, which are all there beforehand. */
  ofOutlook(): Suspicion[] {
    const { examples, validation, plan } = this.#outlook;
    const state = this.#state;
    const found = this.#outputs.constants();
    if (examples !== undefined) {
      found.push(...constants(state, examples), ...unscaledTargets(state, examples));
      found.push(...this.#unreachable(examples));
      if (hasSingleRow(plan)) found.push(...this.#outputs.oneRow());
      if (validation?.examples) found.push(...unseenClasses(state, examples, validation.examples));
    }
    return this.#untold(found);
  }

  #unreachable({ tables }: ExampleTables): Suspicion[] {
    const { inputs, targets } = this.#state.shapes;
    return targets.flatMap((_, i) => {
      if (!this.#outputs.isBounded(i)) return [];
      const { values } = tables[inputs.length + i] as Table;
      let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
      for (const value of values) {
        if (value < least) least = value;
        if (value > most) most = value;
      }
      return this.#outputs.unreachable(i, least, most);
    });
  }

  /** Of a step, by what it showed: they are confirmed by the next one. */
  ofStep(measured: readonly Measured[], numbers: Float64Array): Suspicion[] {
    const entries = statistics.entriesOf(measured, numbers);
    const targets = entries.filter(({ what }) => what === "target");
    const found = [
      ...suspicions({ ...this.#evidence, entries }),
      ...targets.flatMap(({ tensor }, i) => this.#outputs.unreachable(i, tensor.minimum, tensor.maximum)),
      ...(this.#outputs.isOneRow(entries) ? this.#outputs.oneRow() : []),
    ];
    const confirmed = found.filter((one) => one.isCertain || this.#suspected.has(keyOf(one)));
    this.#suspected = new Set(found.map(keyOf));
    return this.#untold(confirmed);
  }

  /** Of an epoch that ended with a rate of 0, or after which a training on arrays has stood still for long. */
  async ofEpoch(report: EpochReport, step: number, isStill: boolean): Promise<Suspicion[]> {
    const found = withoutRate(this.#state, report, step) ? this.#untold([noRate()]) : [];
    if (!isStill) return found;
    this.#still += report.steps;
    if (this.#few !== undefined && this.#still >= this.#look) {
      this.#look = 2 * this.#still;
      found.push(...this.#untold(await stuckBeside(this.#state, this.#few)));
    }
    return [...found, ...this.#ofStandstill(report)];
  }

  #ofStandstill(report: EpochReport): Suspicion[] {
    const { examples } = this.#outlook;
    if (examples === undefined) return [];
    this.#base ??= { loss: constantLoss(this.#state, examples) };
    const { loss } = this.#base;
    const isStuck = loss !== undefined && loss > 0 && report.loss > NO_BETTER * loss;
    return isStuck ? this.#untold([stuck(report, loss)]) : [];
  }

  #untold(found: readonly Suspicion[]): Suspicion[] {
    return found.filter((one) => {
      const isNew = !this.#told.has(keyOf(one));
      this.#told.add(keyOf(one));
      return isNew;
    });
  }
}

const noRate = (): Suspicion => ({
  kind: "noLearningRate",
  layer: undefined,
  message: "the learning rate is 0: nothing is learned any more",
  mend: "Its decay has run out: give the schedule more steps, of all epochs and calls of fit together, or an end above 0.",
  isCertain: true,
});

/** Whether the rate of a whole epoch is 0; a decay may end with a single rate of 0. @param step after the epoch */
function withoutRate({ settings }: ModelState, { learningRate, steps }: EpochReport, step: number): boolean {
  const { learningRate: rate } = settings.optimizer;
  return learningRate === 0 && (typeof rate === "number" || (steps > 1 && rate(step - steps) === 0));
}

/** Whether some step of arrays, or micro-batch of one, has a single row. */
function hasSingleRow({ rows, batchSize, accumulate }: FitPlan): boolean {
  const part = Math.ceil(batchSize / accumulate);
  return [Math.min(rows, batchSize), rows % batchSize].some(
    (step) => step > 0 && (step % part === 1 || part === 1),
  );
}

const keyOf = ({ kind, layer }: Pick<Suspicion, "kind" | "layer">) => `${kind} ${layer}`;
