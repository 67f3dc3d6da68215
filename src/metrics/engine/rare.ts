/** Metrics that are imported when one of them is named. */
import {
  balancedAccuracy,
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
import type { MakeMetric, RareMetricName } from "./index.js";
import { plain } from "./metric.js";
import { prAucMeasure, rocAucMeasure } from "./ranking.js";
import { meanAbsolutePercentageErrorOf, rootMeanSquaredErrorOf } from "./regression.js";
import { rSquaredMeasure } from "./rSquared.js";

export const RARE: Readonly<Record<RareMetricName, MakeMetric>> = {
  binaryAccuracy: () => binaryAccuracy(),
  topKAccuracy: () => topKAccuracy(),
  precision: () => precision(),
  recall: () => recall(),
  specificity: () => specificity(),
  f1: () => f1(),
  fBeta: () => fBeta(),
  balancedAccuracy: () => balancedAccuracy(),
  matthews: () => matthews(),
  cohenKappa: () => cohenKappa(),
  logLoss: /* @__PURE__ */ plain(logLossOf, "lower"),
  perplexity: /* @__PURE__ */ plain(perplexityOf, "lower"),
  rootMeanSquaredError: /* @__PURE__ */ plain(rootMeanSquaredErrorOf, "lower"),
  meanAbsolutePercentageError: /* @__PURE__ */ plain(meanAbsolutePercentageErrorOf, "lower"),
  rSquared: /* @__PURE__ */ plain(rSquaredMeasure, "higher"),
  rocAuc: /* @__PURE__ */ plain(rocAucMeasure, "higher"),
  prAuc: /* @__PURE__ */ plain(prAucMeasure, "higher"),
};
