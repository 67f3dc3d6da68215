import { OptionError } from "../../check/errors.js";
import { describe } from "../../check/options.js";
import type { Configured, Kind } from "../../check/schema.js";
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
   * it is weighted; of several, what one f32 would not hold. Metrics of an output that ask for the same key share one slot.
   */
  sum(key: string, value: () => Value | readonly Value[], isWeighted?: boolean): number;
}

/** What a metric is: a function of sums, or of all outputs and targets of a pass. */
export type Measured = { readonly finish: Finish } | { readonly collect: CollectedFinish };

/** Which of two values of a metric is the better one. */
export type Better = "higher" | "lower";

/** A metric as configured. */
export interface Metric<N extends string = string> extends Configured {
  /** Its place in reports. */
  readonly name: N;
  /** The name that it is known by: that of the function that made it. */
  readonly kind: string;
  /** Which of two values is the better one; undefined where it does not say. */
  readonly direction: Better | undefined;
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

/** The option that all metrics have. */
export const placeInReports = <N extends string>(fallback: N): { readonly name: Kind<N, N | undefined> } => ({
  name: (who, name, given = fallback) => {
    if (typeof given === "string" && given !== "" && !TAKEN.includes(given)) return given;
    const taken = TAKEN.includes(given) ? ", which reports have already" : "";
    throw new OptionError(
      `${who}: ${name} is ${describe(given)}${taken}; needs another name for its place in reports.`,
    );
  },
});

/** A configured metric: `name` is its place in reports, `kind` the function that made it. */
export const makeMetric = <N extends string>(
  kind: string,
  options: Metric<N>["options"] & { readonly name: N },
  direction: Metric["direction"],
  measure: Metric["measure"],
): Metric<N> => ({ kind, name: options.name, options, direction, measure });

/** A metric that has no options. */
export const plain =
  (measure: Metric["measure"], direction: Better) =>
  (name: string): Metric =>
    makeMetric(name, { name }, direction, measure);

/** Whether something is a metric as configured. */
export const isMetric = (given: unknown): given is Metric =>
  typeof given === "object" && given !== null && "measure" in given && typeof given.measure === "function";

/** @throws OptionError that says which losses a metric goes with */
export function unfit(who: string, { loss }: Judged, needs: string): never {
  throw new OptionError(`compile: metric "${who}" does not fit the loss ${loss.name}; needs ${needs}.`);
}
