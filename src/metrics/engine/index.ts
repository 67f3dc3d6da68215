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
import { isMetric, type Metric } from "./metric.js";
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

const METRICS: Readonly<Record<MetricName, Metric["measure"]>> = {
  accuracy: accuracyOf,
  binaryAccuracy: (judged) => binaryAccuracy().measure(judged),
  topKAccuracy: (judged) => topKAccuracy().measure(judged),
  precision: (judged) => precision().measure(judged),
  recall: (judged) => recall().measure(judged),
  specificity: (judged) => specificity().measure(judged),
  f1: (judged) => f1().measure(judged),
  fBeta: (judged) => fBeta().measure(judged),
  matthews: (judged) => matthews().measure(judged),
  cohenKappa: (judged) => cohenKappa().measure(judged),
  logLoss: logLossOf,
  perplexity: perplexityOf,
  meanSquaredError: meanSquaredErrorOf,
  rootMeanSquaredError: rootMeanSquaredErrorOf,
  meanAbsoluteError: meanAbsoluteErrorOf,
  meanAbsolutePercentageError: meanAbsolutePercentageErrorOf,
  rSquared: rSquaredMeasure,
  rocAuc: rocAucMeasure,
  prAuc: prAucMeasure,
};

/** A metric by its name, or as configured. @throws OptionError with the nearest known name */
export function chooseMetric(given: MetricOption): Metric {
  if (isMetric(given)) return given;
  return { name: given, measure: choose("compile", "metric", given, METRICS) };
}

/** @throws OptionError when two metrics of an output have one place in its reports */
export function checkDistinct(metrics: readonly Metric[]): void {
  const names = metrics.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice === undefined) return;
  throw new OptionError(`compile: metric "${twice}" is named twice; needs it once.`);
}
