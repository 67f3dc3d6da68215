import { OptionError } from "../../check/errors.js";
import { checkKeys, describe } from "../../check/options.js";
import type { CollectedFinish, Finish } from "../../compile/graphs.js";
import type { Value } from "../../graph/value.js";
import type { Loss } from "../../losses/index.js";

/** One output and its target, as metrics see them in a step. */
export interface Judged {
  readonly prediction: Value;
  readonly target: Value;
  readonly loss: Loss;
  /**
   * The slot of a sum over all rows of a pass: of a scalar of each step, which counts as often as the step has rows when
   * it is weighted. Metrics of an output that ask for the same key share one slot.
   */
  sum(key: string, value: () => Value, isWeighted?: boolean): number;
}

/** What a metric is: a function of sums, or of all outputs and targets of a pass. */
export type Measured = { readonly finish: Finish } | { readonly collect: CollectedFinish };

/** A metric as configured. */
export interface Metric<N extends string = string> {
  /** Its place in reports. */
  readonly name: N;
  /**
   * @throws OptionError, ShapeError when the output, its target or its loss do not fit
   * @internal
   */
  readonly measure: (judged: Judged) => Measured;
}

export interface MetricOptions<N extends string> {
  /** Its place in reports; default the name of the metric. */
  readonly name?: N;
}

/** What reports have beside metrics. */
const TAKEN: readonly string[] = [
  "loss",
  "losses",
  "outputs",
  "epoch",
  "steps",
  "step",
  "rows",
  "validation",
  "learningRate",
  "samplesPerSecond",
  "gradientNorm",
  "health",
  "statistics",
];

/** Makes a configured metric. @throws OptionError for options or a name that it cannot have */
export function makeMetric<N extends string>(
  kind: N,
  options: MetricOptions<N>,
  known: readonly string[],
  measure: Metric["measure"],
): Metric<N> {
  checkKeys(kind, options, [...known, "name"]);
  const { name = kind } = options;
  if (typeof name === "string" && name !== "" && !TAKEN.includes(name)) return { name, measure };
  const taken = TAKEN.includes(name) ? ", which reports have already" : "";
  throw new OptionError(
    `${kind}: name is ${describe(name)}${taken}; needs another name for its place in reports.`,
  );
}

/** Whether something is a metric as configured. */
export const isMetric = (given: unknown): given is Metric =>
  typeof given === "object" && given !== null && "measure" in given && typeof given.measure === "function";

/** @throws OptionError that says which losses a metric goes with */
export function unfit(who: string, { loss }: Judged, needs: string): never {
  throw new OptionError(`compile: metric "${who}" does not fit the loss ${loss.name}; needs ${needs}.`);
}
