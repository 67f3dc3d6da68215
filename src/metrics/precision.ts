import { OptionError } from "../check/errors.js";
import { flag, oneOf, positive } from "../check/kinds.js";
import { describe } from "../check/options.js";
import { type Kind, type Settled, take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import type { Tensor } from "../rows/table.js";
import { countClasses } from "./counts.js";
import { DECISION, type DecisionOptions, decide } from "./decisions.js";
import { countLabels } from "./multiLabel.js";
import {
  type Average,
  averageClasses,
  eachClass,
  fRatio,
  occurring,
  PRECISION,
  type Ratio,
  RECALL,
  SPECIFICITY,
} from "./ratios.js";

export interface AverageOptions extends DecisionOptions {
  /**
   * How the scores of classes become one number. Those that neither predictions nor labels have are left out, unless
   * `classes` says that they count.
   *
   * - `binary` (default): that of class 1, of the two that there are
   * - `macro`: their mean
   * - `weighted`: their mean, each as often as it is labeled
   * - `micro`: that of the counts of all classes together
   */
  readonly average?: Average;
  /** What 0 / 0 is; NaN leaves the class out of averages. Default 0. */
  readonly zeroDivision?: number;
  /**
   * Whether each number of a row is a yes or no by itself, as sigmoids of several labels give them: then a class is a
   * label, predicted where its number is above the threshold, and `average` is any but `binary`. Default false.
   */
  readonly multiLabel?: boolean;
}

export interface PerClassOptions extends Omit<AverageOptions, "average"> {
  /** A number for each class, by the number of the class. */
  readonly average: "none";
}

/** A metric of decisions: one number, or one for each class. */
export interface ClassMetric<O = unknown> {
  (predicted: Tensor, labels: Tensor, options: PerClassOptions & O): number[];
  (predicted: Tensor, labels: Tensor, options?: AverageOptions & O): number;
}

const AVERAGES = { binary: true, macro: true, micro: true, weighted: true, none: true };

/** The kind of what 0 / 0 may be. */
export const zeroDivisionOption: Kind<number, number | undefined> = (who, name, given = 0) => {
  if (given === 0 || given === 1 || Number.isNaN(given)) return given;
  throw new OptionError(`${who}: ${name} is ${describe(given)}; needs 0, 1 or NaN.`);
};

const SCHEMA = {
  ...DECISION,
  average: /* @__PURE__ */ oneOf(AVERAGES, "binary"),
  zeroDivision: zeroDivisionOption,
  multiLabel: /* @__PURE__ */ flag(false),
};

function score(
  who: string,
  ratio: Ratio,
  predicted: Tensor,
  labels: Tensor,
  options: Settled<typeof SCHEMA>,
): number | number[] {
  const { average, zeroDivision } = options;
  if (options.multiLabel) {
    if (average === "binary") {
      throw new OptionError(
        `${who}: average is "binary" and multiLabel is true; needs "macro", "weighted", "micro" or "none".`,
      );
    }
    const counts = countLabels(who, predicted, labels, options);
    if (average === "none") return eachClass(ratio, counts, zeroDivision);
    return averageClasses(ratio, counts, {
      average,
      zeroDivision,
      among: Array.from(counts.hits, (_, i) => i),
    });
  }
  const decisions = decide(who, predicted, labels, options);
  if (average === "binary" && decisions.classes > 2) {
    throw new OptionError(
      `${who}: average is "binary" and there are ${decisions.classes} classes; needs "macro", "weighted", "micro" or "none".`,
    );
  }
  const counts = countClasses(decisions);
  if (average === "none") return eachClass(ratio, counts, zeroDivision);
  const among = decisions.areAllClasses ? Array.from(counts.hits, (_, i) => i) : occurring(counts);
  return averageClasses(ratio, counts, { average, zeroDivision, among });
}

/** Of one number, or of one for each class. */
type Options = Omit<AverageOptions, "average"> & { readonly average?: keyof typeof AVERAGES };

const metric = (who: string, ratio: Ratio): ClassMetric => {
  function own(predicted: Tensor, labels: Tensor, options: Options = {}) {
    checkSurplus(who, arguments, 3);
    return score(who, ratio, predicted, labels, take(who, options, SCHEMA));
  }
  return own as ClassMetric;
};

/**
 * TP / (TP + FP): the share of what was predicted to be of a class that is; `precision_score` of scikit-learn.
 *
 * @param predicted classes, probabilities of yes, or a number for each class, as `predict` gives them
 * @param labels classes by their numbers, or one-hot rows
 * @throws DataError for data that does not fit, OptionError for options
 */
export const precision: ClassMetric = /* @__PURE__ */ metric("precision", PRECISION);

/** TP / (TP + FN): the share of a class that was found; `recall_score` of scikit-learn. Arguments as of `precision`. */
export const recall: ClassMetric = /* @__PURE__ */ metric("recall", RECALL);

/** TN / (TN + FP): the share of the others that was told from a class. Arguments as of `precision`. */
export const specificity: ClassMetric = /* @__PURE__ */ metric("specificity", SPECIFICITY);

/** 2 TP / (2 TP + FP + FN): the harmonic mean of precision and recall; `f1_score` of scikit-learn. Arguments as of `precision`. */
export const f1: ClassMetric = /* @__PURE__ */ metric("f1", fRatio(1));

export interface BetaOptions {
  /** How many times as much recall counts as precision; default 1. */
  readonly beta?: number;
}

/**
 * (1 + β²) TP / ((1 + β²) TP + β² FN + FP): van Rijsbergen 1979; `fbeta_score` of scikit-learn. Arguments as of `precision`.
 */
export const fBeta: ClassMetric<BetaOptions> = function fBeta(
  predicted: Tensor,
  labels: Tensor,
  options: Options & BetaOptions = {},
) {
  checkSurplus("fBeta", arguments, 3);
  const settled = take("fBeta", options, { ...SCHEMA, beta: positive(1) });
  return score("fBeta", fRatio(settled.beta), predicted, labels, settled);
} as ClassMetric<BetaOptions>;
