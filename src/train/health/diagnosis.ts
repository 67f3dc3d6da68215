import type { Measured } from "../../compile/observe.js";
import type { ModelState } from "../../model/state.js";
import type { ExampleTables } from "../../rows/examples.js";
import { reductionOf } from "../scoring/outputs.js";
import type { EpochReport } from "../scoring/reports.js";
import { constantLoss, constants, unscaledTargets } from "./arrays.js";
import { outputLayers } from "./outputLayers.js";
import { type Evidence, type Suspicion, stuck, suspicions } from "./rules.js";
import { kernelsOf, NO_BETTER } from "./sound.js";
import * as statistics from "./statistics.js";

/** The statistics of a step by layer, in the order of computation. */
export const statisticsOf = (step: number, measured: readonly Measured[], numbers: Float64Array) =>
  statistics.statisticsOf(step, statistics.entriesOf(measured, numbers));

/** Says what is wrong with a training that does not look sound: each finding once, and what is not certain when it is confirmed. */
export class Diagnosis {
  readonly #state: ModelState;
  readonly #examples: ExampleTables | undefined;
  readonly #evidence: Omit<Evidence, "entries">;
  #suspected: ReadonlySet<string> = new Set();
  readonly #told = new Set<string>();
  /** Of a network that always gives the same answer: worked out when it matters. */
  #base: { readonly loss: number | undefined } | undefined;

  constructor(state: ModelState, examples: ExampleTables | undefined) {
    this.#state = state;
    this.#examples = examples;
    const { network, outputs } = state.settings;
    this.#evidence = {
      outputs: outputLayers(network.wiring),
      kernels: kernelsOf(state),
      areNumbers: outputs.every(({ loss }) => loss === undefined || loss.decision === "none"),
      isSum: reductionOf(state.settings) === "sum",
    };
  }

  /** Of arrays, which are all there beforehand. */
  ofArrays(): Suspicion[] {
    const examples = this.#examples;
    if (examples === undefined) return [];
    return this.#untold([...constants(this.#state, examples), ...unscaledTargets(this.#state, examples)]);
  }

  /** Of a step, by what it showed: they are confirmed by the next one. */
  ofStep(measured: readonly Measured[], numbers: Float64Array): Suspicion[] {
    const found = suspicions({ ...this.#evidence, entries: statistics.entriesOf(measured, numbers) });
    const confirmed = found.filter((one) => one.isCertain || this.#suspected.has(keyOf(one)));
    this.#suspected = new Set(found.map(keyOf));
    return this.#untold(confirmed);
  }

  /** Of an epoch after which a training on arrays has stood still for long. */
  ofStandstill(report: EpochReport): Suspicion[] {
    const examples = this.#examples;
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

const keyOf = ({ kind, layer }: Pick<Suspicion, "kind" | "layer">) => `${kind} ${layer}`;
