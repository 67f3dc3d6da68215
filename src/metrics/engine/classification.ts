/** Metrics of decisions that `compile` knows. */
import { OptionError } from "../../check/errors.js";
import { integer, numberOf, oneOf, optional, positive } from "../../check/kinds.js";
import { type Settled, take } from "../../check/schema.js";
import { checkSurplus } from "../../check/surplus.js";
import { binaryCrossEntropy, crossEntropy } from "../../losses/crossEntropy.js";
import type { LogitsOptions } from "../../losses/loss.js";
import { exp, log } from "../../numeric/exactMath.js";
import { kappaOf, matthewsOf } from "../agreement.js";
import { bothClasses, type ClassCounts } from "../counts.js";
import {
  type Average,
  averageClasses,
  balancedOf,
  fRatio,
  occurring,
  PRECISION,
  type Ratio,
  RECALL,
  SPECIFICITY,
} from "../ratios.js";
import { binaryAccuracyOf } from "./accuracy.js";
import { countDecisions, countLabels, topHits } from "./counting.js";
import { checkSameShapes, labelsPerRow, perRow, sumAll, type Threshold } from "./decisions.js";
import {
  type Judged,
  type Measured,
  type Metric,
  type MetricOptions,
  makeMetric,
  placeInReports,
  unfit,
} from "./metric.js";

const threshold = /* @__PURE__ */ numberOf(
  "a number between 0 and 1",
  (value) => value > 0 && value < 1,
)(0.5);

const at = (probability: number): Threshold => ({ probability, logit: log(probability / (1 - probability)) });

/** The options of metrics of decisions. */
const thresholdSchema = <N extends string>(kind: N) => ({ threshold, ...placeInReports(kind) });

export interface ThresholdOptions<N extends string> extends MetricOptions<N> {
  /** Yes is said where the probability is above it; default 0.5. Of logits, where their sigmoid is. */
  readonly threshold?: number;
}

/** Share of outputs on the target's side: their probabilities of the threshold, targets of one half. */
export function binaryAccuracy<const N extends string = "binaryAccuracy">(
  options: ThresholdOptions<N> = {},
): Metric<N> {
  checkSurplus("binaryAccuracy", arguments, 1);
  const kind = "binaryAccuracy";
  const settled = take(kind, options, thresholdSchema(kind as N));
  return makeMetric(kind, settled, "higher", (judged) => binaryAccuracyOf(judged, at(settled.threshold)));
}

export interface TopKAccuracyOptions<N extends string> extends MetricOptions<N> {
  /** Default 5, as in Keras. */
  readonly k?: number;
}

/**
 * Share of rows whose labeled class is among the k largest outputs. Of equal outputs the first comes first, so that
 * k = 1 is `accuracy`. `compile` refuses k larger than the number of classes.
 */
export function topKAccuracy<const N extends string = "topKAccuracy">(
  options: TopKAccuracyOptions<N> = {},
): Metric<N> {
  checkSurplus("topKAccuracy", arguments, 1);
  const kind = "topKAccuracy";
  const settled = take(kind, options, { k: integer(1, 5), ...placeInReports(kind as N) });
  const { k } = settled;
  return makeMetric(kind, settled, "higher", (judged) => {
    if (judged.loss.decision !== "largest") {
      unfit("topKAccuracy", judged, "crossEntropy or another of several classes");
    }
    const classes = judged.prediction.shape.at(-1) as number;
    if (k > classes) {
      throw new OptionError(
        `compile: metric "topKAccuracy" has k = ${k}, and there are ${classes} classes; needs k of at most ` +
          `${classes}, as topKAccuracy({ k: ${Math.min(2, classes)} }).`,
      );
    }
    const hits = topHits(judged, k);
    const labels = labelsPerRow(judged);
    return { finish: (sums, rows) => (sums[hits] as number) / (rows * labels) };
  });
}

/** A metric of the counts of all classes; of binary decisions, of yes and no. */
function ofAllClasses<N extends string>(
  kind: N,
  options: ThresholdOptions<N>,
  score: (counts: ClassCounts) => number,
): Metric<N> {
  const settled = take(kind, options, thresholdSchema(kind));
  return makeMetric(kind, settled, "higher", (judged) => {
    const read = countDecisions(kind, judged, at(settled.threshold));
    const isBinary = judged.loss.decision === "threshold";
    return {
      finish: (sums, rows) => {
        const counts = read(sums, rows);
        return score(isBinary ? bothClasses(counts) : counts);
      },
    };
  });
}

/** Matthews' correlation of predicted and labeled classes: `matthews` of `wasmgrad/metrics`. */
export function matthews<const N extends string = "matthews">(options: ThresholdOptions<N> = {}): Metric<N> {
  checkSurplus("matthews", arguments, 1);
  return ofAllClasses("matthews" as N, options, matthewsOf);
}

/** Mean of the recalls of the classes that labels have: `balancedAccuracy` of `wasmgrad/metrics`. */
export function balancedAccuracy<const N extends string = "balancedAccuracy">(
  options: ThresholdOptions<N> = {},
): Metric<N> {
  checkSurplus("balancedAccuracy", arguments, 1);
  return ofAllClasses("balancedAccuracy" as N, options, balancedOf);
}

/** Cohen's kappa, agreement beyond chance: `cohenKappa` of `wasmgrad/metrics`. NaN where all is of one class. */
export function cohenKappa<const N extends string = "cohenKappa">(
  options: ThresholdOptions<N> = {},
): Metric<N> {
  checkSurplus("cohenKappa", arguments, 1);
  return ofAllClasses("cohenKappa" as N, options, kappaOf);
}

export interface AverageOptions<N extends string> extends ThresholdOptions<N> {
  /**
   * Of crossEntropy: how the scores of classes become one number, as in `wasmgrad/metrics`; `binary` is that of class 1
   * of two. Default `macro`, the mean over the classes that occur. With binaryCrossEntropy, default `binary`, over all
   * numbers of a row alike; with the others each number of a row is a label of its own.
   */
  readonly average?: Average;
}

const AVERAGES = { binary: true, macro: true, micro: true, weighted: true };

const averageSchema = <N extends string>(kind: N) => ({
  threshold,
  average: optional(oneOf(AVERAGES)),
  ...placeInReports(kind),
});

function ofEachClass<N extends string>(
  kind: string,
  settled: Settled<ReturnType<typeof averageSchema<N>>>,
  ratio: Ratio,
): Metric<N> {
  const { average, threshold } = settled;
  return makeMetric(kind, settled, "higher", (judged) => {
    const isBinary = judged.loss.decision === "threshold";
    const chosen = average ?? (isBinary ? "binary" : "macro");
    if (isBinary && chosen !== "binary") return ofLabels(kind, judged, settled, ratio);
    const read = countDecisions(kind, judged, at(threshold));
    const classes = isBinary ? 2 : (judged.prediction.shape.at(-1) as number);
    if (isBinary !== (chosen === "binary") && classes !== 2) {
      throw new OptionError(
        `compile: metric "${kind}" has the average "binary", and there are ${classes} classes; needs "macro", "micro" or "weighted".`,
      );
    }
    return {
      finish: (sums, rows) => {
        const counts = read(sums, rows);
        return averageClasses(ratio, counts, { average: chosen, zeroDivision: 0, among: occurring(counts) });
      },
    };
  });
}

/** The mean over labels, each a yes or no by itself. @throws OptionError where a row has one number */
function ofLabels(
  kind: string,
  judged: Judged,
  { average, threshold }: { readonly average: Average | undefined; readonly threshold: number },
  ratio: Ratio,
): Measured {
  if ((judged.prediction.shape.length < 2 ? 1 : (judged.prediction.shape.at(-1) as number)) < 2) {
    throw new OptionError(
      `compile: metric "${kind}" has the average "${average}", and the output has one number a row; needs "binary", or ` +
        `none: with ${judged.loss.name} the others are of several labels.`,
    );
  }
  const read = countLabels(kind, judged, at(threshold));
  return {
    finish: (sums, rows) => {
      const counts = read(sums, rows);
      const among = Array.from(counts.hits, (_, i) => i);
      return averageClasses(ratio, counts, { average: average as Average, zeroDivision: 0, among });
    },
  };
}

const scoreOf = <N extends string>(kind: N, options: AverageOptions<N>, ratio: Ratio): Metric<N> =>
  ofEachClass(kind, take(kind, options, averageSchema(kind)), ratio);

/** TP / (TP + FP), 0 of none: `precision` of `wasmgrad/metrics`. */
export function precision<const N extends string = "precision">(options: AverageOptions<N> = {}): Metric<N> {
  checkSurplus("precision", arguments, 1);
  return scoreOf("precision" as N, options, PRECISION);
}

/** TP / (TP + FN), 0 of none: `recall` of `wasmgrad/metrics`. */
export function recall<const N extends string = "recall">(options: AverageOptions<N> = {}): Metric<N> {
  checkSurplus("recall", arguments, 1);
  return scoreOf("recall" as N, options, RECALL);
}

/** TN / (TN + FP), 0 of none: `specificity` of `wasmgrad/metrics`. */
export function specificity<const N extends string = "specificity">(
  options: AverageOptions<N> = {},
): Metric<N> {
  checkSurplus("specificity", arguments, 1);
  return scoreOf("specificity" as N, options, SPECIFICITY);
}

/** 2 TP / (2 TP + FP + FN), 0 of none: `f1` of `wasmgrad/metrics`. */
export function f1<const N extends string = "f1">(options: AverageOptions<N> = {}): Metric<N> {
  checkSurplus("f1", arguments, 1);
  return scoreOf("f1" as N, options, fRatio(1));
}

export interface FBetaOptions<N extends string> extends AverageOptions<N> {
  /** How many times as much recall counts as precision; default 1. */
  readonly beta?: number;
}

/** (1 + β²) TP / ((1 + β²) TP + β² FN + FP), 0 of none: `fBeta` of `wasmgrad/metrics`. */
export function fBeta<const N extends string = "fBeta">(options: FBetaOptions<N> = {}): Metric<N> {
  checkSurplus("fBeta", arguments, 1);
  const settled = take("fBeta", options, { ...averageSchema("fBeta" as N), beta: positive(1) });
  return ofEachClass("fBeta", settled, fRatio(settled.beta));
}

/** Mean of −ln p over labels, p their probability, whatever the loss weighs or smooths; outputs as of its losses. */
function meanLogLoss(who: string, judged: Judged): (sums: ArrayLike<number>, rows: number) => number {
  const { prediction, target, loss } = judged;
  // Of margins there are no probabilities.
  if (loss.decision === "none" || /hinge/i.test(loss.name)) {
    unfit(who, judged, "crossEntropy, binaryCrossEntropy or another of probabilities");
  }
  const isLargest = loss.decision === "largest";
  if (!isLargest) checkSameShapes(who, judged);
  const slot = judged.sum("log loss", () => {
    const { fromLogits } = loss.options as LogitsOptions;
    const options = fromLogits === undefined ? {} : { fromLogits };
    const { losses } = (isLargest ? crossEntropy : binaryCrossEntropy)(options).build(prediction, target);
    return sumAll(losses);
  });
  const labels = isLargest ? labelsPerRow(judged) : perRow(prediction);
  return (sums, rows) => (sums[slot] as number) / (rows * labels);
}

export const logLossOf = (judged: Judged): Measured => ({ finish: meanLogLoss("logLoss", judged) });

export function perplexityOf(judged: Judged): Measured {
  const mean = meanLogLoss("perplexity", judged);
  return { finish: (sums, rows) => exp(mean(sums, rows)) };
}
