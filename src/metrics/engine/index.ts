import { OptionError } from "../../check/errors.js";
import { choose } from "../../check/options.js";
import {
  accuracyOf,
  binaryAccuracy,
  cohenKappa,
  f1,
  fBeta,
  logLossOf,
  matthews,
  perplexityOf,
  precision,
  recall,
  specificity,
  topKAccuracy,
} from "./classification.js";
import { type Better, isMetric, type Metric, makeMetric } from "./metric.js";
import { prAucMeasure, rocAucMeasure } from "./ranking.js";
import {
  meanAbsoluteErrorOf,
  meanAbsolutePercentageErrorOf,
  meanSquaredErrorOf,
  rootMeanSquaredErrorOf,
  rSquaredMeasure,
} from "./regression.js";

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

/** A metric that has no options. */
const plain = (measure: Metric["measure"], direction: Better) => (name: string) =>
  makeMetric(name, { name }, direction, measure);

/** Each metric with its defaults. */
const METRICS: Readonly<Record<MetricName, (name: string) => Metric>> = {
  accuracy: /* @__PURE__ */ plain(accuracyOf, "higher"),
  binaryAccuracy: () => binaryAccuracy(),
  topKAccuracy: () => topKAccuracy(),
  precision: () => precision(),
  recall: () => recall(),
  specificity: () => specificity(),
  f1: () => f1(),
  fBeta: () => fBeta(),
  matthews: () => matthews(),
  cohenKappa: () => cohenKappa(),
  logLoss: /* @__PURE__ */ plain(logLossOf, "lower"),
  perplexity: /* @__PURE__ */ plain(perplexityOf, "lower"),
  meanSquaredError: /* @__PURE__ */ plain(meanSquaredErrorOf, "lower"),
  rootMeanSquaredError: /* @__PURE__ */ plain(rootMeanSquaredErrorOf, "lower"),
  meanAbsoluteError: /* @__PURE__ */ plain(meanAbsoluteErrorOf, "lower"),
  meanAbsolutePercentageError: /* @__PURE__ */ plain(meanAbsolutePercentageErrorOf, "lower"),
  rSquared: /* @__PURE__ */ plain(rSquaredMeasure, "higher"),
  rocAuc: /* @__PURE__ */ plain(rocAucMeasure, "higher"),
  prAuc: /* @__PURE__ */ plain(prAucMeasure, "higher"),
};

/** A metric by its name, or as configured. @throws OptionError with the nearest known name */
export const chooseMetric = (given: MetricOption): Metric =>
  isMetric(given) ? given : choose("compile", "metric", given, METRICS)(given);

/** @throws OptionError when two metrics of an output have one place in its reports */
export function checkDistinct(metrics: readonly Metric[]): void {
  const names = metrics.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice === undefined) return;
  throw new OptionError(`compile: metric "${twice}" is named twice; needs it once.`);
}
