import { DataError, OptionError } from "../check/errors.js";
import { finite, flag, integer } from "../check/kinds.js";
import { take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import type { Tensor } from "../rows/table.js";
import { countClasses } from "./counts.js";
import { DECISION, type DecisionOptions, decide, toLabels } from "./decisions.js";
import { balancedOf } from "./ratios.js";
import { readPair, readWeights, SAMPLE_WEIGHT, weightedMean } from "./rows.js";

/**
 * Share of rows whose predicted class is the labeled one; `accuracy_score` of scikit-learn.
 *
 * @param predicted classes, probabilities of yes, or a number for each class, as `predict` gives them
 * @param labels classes by their numbers, or one-hot rows
 * @throws DataError for data that does not fit, OptionError for options
 */
export function accuracy(predicted: Tensor, labels: Tensor, options: DecisionOptions = {}): number {
  checkSurplus("accuracy", arguments, 3);
  const decisions = decide("accuracy", predicted, labels, take("accuracy", options, DECISION));
  return weightedMean(decisions.weights, (row) =>
    decisions.predicted[row] === decisions.labels[row] ? 1 : 0,
  );
}

export interface BalancedAccuracyOptions extends DecisionOptions {
  /** Scaled so that chance is 0 and perfect is 1; default false. */
  readonly adjusted?: boolean;
}

/**
 * Mean of the recalls of the classes that labels have; `balanced_accuracy_score` of scikit-learn. Arguments as of
 * `accuracy`.
 */
export function balancedAccuracy(
  predicted: Tensor,
  labels: Tensor,
  options: BalancedAccuracyOptions = {},
): number {
  checkSurplus("balancedAccuracy", arguments, 3);
  const settled = take("balancedAccuracy", options, { ...DECISION, adjusted: flag(false) });
  const { adjusted } = settled;
  const counts = countClasses(decide("balancedAccuracy", predicted, labels, settled));
  const mean = balancedOf(counts);
  if (!adjusted) return mean;
  const classes = Array.from(counts.labeled).filter((rows) => rows > 0).length;
  if (classes < 2) {
    throw new DataError(
      "balancedAccuracy: labels are all of one class; needs two at least for the adjusted score.",
    );
  }
  const chance = 1 / classes;
  return (mean - chance) / (1 - chance);
}

export interface TopKOptions {
  /** Default 5, as in Keras. */
  readonly k?: number;
  readonly sampleWeight?: Tensor;
}

/**
 * Share of rows whose labeled class is among the k largest predictions. Of equal ones the first class comes first, so
 * that k = 1 is `accuracy`; in scikit-learn's `top_k_accuracy_score` it is the last.
 *
 * @param predicted a number for each class, row by row: probabilities or logits
 * @param labels classes by their numbers, or one-hot rows
 */
export function topKAccuracy(predicted: Tensor, labels: Tensor, options: TopKOptions = {}): number {
  checkSurplus("topKAccuracy", arguments, 3);
  const who = "topKAccuracy";
  const { k, sampleWeight } = take(who, options, { k: integer(1, 5), ...SAMPLE_WEIGHT });
  const pair = readPair(who, predicted, labels);
  const { values, rows, columns } = pair.predicted;
  if (columns < 2) {
    throw new DataError(`${who}: predicted has one number a row; needs one for each class.`);
  }
  if (k > columns)
    throw new OptionError(`${who}: k is ${k}; needs at most ${columns}, the number of classes.`);
  const right = toLabels(who, pair.labels);
  return weightedMean(readWeights(who, rows, sampleWeight), (row) => {
    const label = right[row] as number;
    if (label >= columns) {
      throw new DataError(
        `${who}: labels: row ${row} is class ${label}; needs one from 0 to ${columns - 1}, as predicted has.`,
      );
    }
    const first = row * columns;
    const wanted = values[first + label] as number;
    let before = 0;
    for (let column = 0; column < columns; column++) {
      const value = values[first + column] as number;
      if (value > wanted || (value === wanted && column < label)) before++;
    }
    return before < k ? 1 : 0;
  });
}

export interface BinaryAccuracyOptions {
  /** Default 0.5; for logits, 0. */
  readonly threshold?: number;
  readonly sampleWeight?: Tensor;
}

/**
 * Share of numbers on the side of the threshold that their label, 0 or 1, is of: several a row where several things
 * are told at once.
 */
export function binaryAccuracy(
  predicted: Tensor,
  labels: Tensor,
  options: BinaryAccuracyOptions = {},
): number {
  checkSurplus("binaryAccuracy", arguments, 3);
  const who = "binaryAccuracy";
  const { threshold, sampleWeight } = take(who, options, { threshold: finite(0.5), ...SAMPLE_WEIGHT });
  const { predicted: p, labels: l } = readPair(who, predicted, labels);
  if (p.columns !== l.columns) {
    throw new DataError(
      `${who}: predicted has ${p.columns} numbers a row and labels ${l.columns}; needs as many of each.`,
    );
  }
  return weightedMean(readWeights(who, p.rows, sampleWeight), (row) => {
    let hits = 0;
    for (let i = row * p.columns; i < (row + 1) * p.columns; i++) {
      const label = l.values[i] as number;
      if (label !== 0 && label !== 1) {
        throw new DataError(`${who}: labels: number ${i} is ${label}; needs 0 or 1.`);
      }
      if ((p.values[i] as number) > threshold === (label === 1)) hits++;
    }
    return hits / p.columns;
  });
}
