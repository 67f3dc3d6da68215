/** The metrics by their names. */
import { OptionError } from "../../check/errors.js";
import { chooseNamed, type Imported, type Names, type RareOf } from "../../check/names.js";
import { accuracyOf } from "./accuracy.js";
import { isMetric, type Metric, plain } from "./metric.js";
import { meanAbsoluteErrorOf, meanSquaredErrorOf } from "./regression.js";

/**
 * Metrics that need all rows at once: `evaluate` and the validation of `fit` collect outputs and targets for them.
 * Reports of training have none, as the weights change from step to step.
 */
export type CollectedName = "rocAuc" | "prAuc";

/**
 * Of decisions, by crossEntropy or binaryCrossEntropy:
 *
 * - `accuracy`: share of rows whose largest output is the labeled class; for binaryCrossEntropy as `binaryAccuracy`
 * - `binaryAccuracy`: share of outputs on the target's side of one half
 * - `topKAccuracy`: share of rows whose labeled class is among the 5 largest outputs, or `topKAccuracy({ k })`
 * - `precision`, `recall`, `specificity`, `f1`, `fBeta`: of yes, or the mean over classes
 * - `balancedAccuracy`: mean of the recalls of the classes that labels have
 * - `matthews`, `cohenKappa`: agreement beyond chance
 * - `logLoss`: mean of −ln p, p the probability of the label; `perplexity`: e to that
 * - `rocAuc`, `prAuc`: area under the ROC curve, and average precision; in `evaluate` and validation only, NaN where a
 *   class has no row
 *
 * Of numbers:
 *
 * - `meanSquaredError`: mean of (prediction − target)²; `rootMeanSquaredError`: its root
 * - `meanAbsoluteError`: mean of |prediction − target|
 * - `meanAbsolutePercentageError`: mean of |prediction − target| / |target|, as a share
 * - `rSquared`: 1 − Σ (prediction − target)² / Σ (target − mean)²
 *
 * All are those of `wasmgrad/metrics` on the same rows, whatever the batches. Rows count alike: sample weights are for
 * the loss.
 */
export type MetricName =
  | "accuracy"
  | "binaryAccuracy"
  | "topKAccuracy"
  | "precision"
  | "recall"
  | "specificity"
  | "f1"
  | "fBeta"
  | "balancedAccuracy"
  | "matthews"
  | "cohenKappa"
  | "logLoss"
  | "perplexity"
  | "meanSquaredError"
  | "rootMeanSquaredError"
  | "meanAbsoluteError"
  | "meanAbsolutePercentageError"
  | "rSquared"
  | CollectedName;

/** A metric by its name, or as configured. */
export type MetricOption = MetricName | Metric;

/** The place of a metric in reports. */
export type MetricKey<L extends MetricOption> = L extends Metric<infer N> ? N : L;

/** Makes a metric with its defaults. */
export type MakeMetric = (name: string) => Metric;

/** The others are in rare.ts. */
export const METRICS = {
  accuracy: /* @__PURE__ */ plain(accuracyOf, "higher"),
  binaryAccuracy: null,
  topKAccuracy: null,
  precision: null,
  recall: null,
  specificity: null,
  f1: null,
  fBeta: null,
  balancedAccuracy: null,
  matthews: null,
  cohenKappa: null,
  logLoss: null,
  perplexity: null,
  meanSquaredError: /* @__PURE__ */ plain(meanSquaredErrorOf, "lower"),
  rootMeanSquaredError: null,
  meanAbsoluteError: /* @__PURE__ */ plain(meanAbsoluteErrorOf, "lower"),
  meanAbsolutePercentageError: null,
  rSquared: null,
  rocAuc: null,
  prAuc: null,
} satisfies Names<MetricName, MakeMetric>;

export type RareMetricName = RareOf<typeof METRICS>;

/** A metric by its name, or as configured. @throws OptionError with the nearest known name */
export const chooseMetric = (given: MetricOption, rare: Imported<MakeMetric>): Metric =>
  isMetric(given) ? given : chooseNamed<MakeMetric>("compile", "metric", given, METRICS, rare)(given);

/** @throws OptionError when two metrics of an output have one place in its reports */
export function checkDistinct(metrics: readonly Metric[]): void {
  const names = metrics.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice === undefined) return;
  throw new OptionError(`compile: metric "${twice}" is named twice; needs it once.`);
}
