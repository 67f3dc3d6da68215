/** Shares of right decisions. */
import {
  checkSameShapes,
  HALF,
  labelsPerRow,
  largestHits,
  perRow,
  type Threshold,
  thresholdHits,
} from "./decisions.js";
import { type Judged, type Measured, unfit } from "./metric.js";

/** Share of outputs on the target's side. */
export const binaryAccuracyOf = (judged: Judged, threshold: Threshold): Measured => {
  checkSameShapes("binaryAccuracy", judged);
  const hits = thresholdHits(judged, threshold);
  const numbers = perRow(judged.prediction);
  return { finish: (sums, rows) => (sums[hits] as number) / (rows * numbers) };
};

/** Share of rows whose largest output is the labeled class; of binary decisions as `binaryAccuracy`. */
export function accuracyOf(judged: Judged): Measured {
  const { decision } = judged.loss;
  if (decision === "threshold") return binaryAccuracyOf(judged, HALF);
  if (decision !== "largest") {
    unfit(
      "accuracy",
      judged,
      'crossEntropy or binaryCrossEntropy. For a regression, use "meanAbsoluteError"',
    );
  }
  const hits = largestHits(judged);
  const labels = labelsPerRow(judged);
  return { finish: (sums, rows) => (sums[hits] as number) / (rows * labels) };
}
