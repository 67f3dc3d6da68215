/**
 * Metrics of predictions, as `predict` gives them, against labels or targets: flat typed arrays or nested arrays. All
 * compute in f64; definitions are those of scikit-learn, with the predictions first.
 *
 * A flat list of labels has one for each row; give one-hot labels as nested rows, or tell metrics of decisions the
 * `classes`.
 *
 * @packageDocumentation
 */
export {
  accuracy,
  type BalancedAccuracyOptions,
  type BinaryAccuracyOptions,
  balancedAccuracy,
  binaryAccuracy,
  type TopKOptions,
  topKAccuracy,
} from "./accuracy.js";
export { cohenKappa, type KappaOptions, matthews } from "./agreement.js";
export { type AreaOptions, prAuc, rocAuc } from "./areas.js";
export {
  type ClassificationReport,
  type ClassScores,
  classificationReport,
  type ReportOptions,
} from "./classificationReport.js";
export { type ConfusionMatrix, type ConfusionOptions, confusionMatrix } from "./confusionMatrix.js";
export {
  type CurveOptions,
  type PrecisionRecallCurve,
  precisionRecallCurve,
  type RocCurve,
  type RocCurveOptions,
  rocCurve,
} from "./curves.js";
export type { DecisionOptions } from "./decisions.js";
export {
  type AverageOptions,
  type BetaOptions,
  type ClassMetric,
  f1,
  fBeta,
  type PerClassOptions,
  precision,
  recall,
  specificity,
} from "./precision.js";
export { brierScore, type LogLossOptions, logLoss, perplexity } from "./probabilities.js";
export type { Average } from "./ratios.js";
export {
  meanAbsoluteError,
  meanAbsolutePercentageError,
  meanSquaredError,
  type RegressionOptions,
  type RSquaredOptions,
  rootMeanSquaredError,
  rSquared,
} from "./regression.js";
