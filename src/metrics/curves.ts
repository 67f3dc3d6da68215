import { DataError } from "../check/errors.js";
import { flag } from "../check/kinds.js";
import { take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import type { Tensor } from "../rows/table.js";
import { toLabels } from "./decisions.js";
import { checkFlat } from "./flatRows.js";
import { type ReadRows, readPair, readWeights, SAMPLE_WEIGHT } from "./rows.js";

export interface CurveOptions {
  /** How often each row counts; default 1. */
  readonly sampleWeight?: Tensor;
}

/** What is known above each threshold: a point for each score that occurs, the largest first. */
export interface Ranking {
  readonly thresholds: readonly number[];
  /** Weight of the rows with at least that score that are labeled yes, and no. */
  readonly truePositives: readonly number[];
  readonly falsePositives: readonly number[];
}

/** Scores, labels and weights of a metric that ranks. */
export interface Scored {
  readonly scores: ReadRows;
  readonly labels: ArrayLike<number>;
  readonly weights: ArrayLike<number>;
}

/** @throws DataError for data that does not fit */
export function readScored(
  who: string,
  scores: Tensor,
  labels: Tensor,
  sampleWeight: Tensor | undefined,
): Scored {
  const pair = readPair(who, scores, labels);
  checkFlat(who, pair);
  const weights = readWeights(who, pair.labels.rows, sampleWeight);
  return { scores: pair.predicted, labels: toLabels(who, pair.labels), weights };
}

/** Ranks rows by the score of one class; a class by its column, of which the labels have at least one row and lack one. */
export function rank(
  who: string,
  { scores, labels, weights }: Scored,
  column: number,
  positive: number,
): Ranking {
  const { values, rows, columns } = scores;
  const score = Float64Array.from({ length: rows }, (_, row) => values[row * columns + column] as number);
  // Equal scores in the order of rows, so that sums do not depend on the engine's way of sorting.
  const order = Uint32Array.from(score, (_, row) => row).sort(
    (a, b) => (score[b] as number) - (score[a] as number) || a - b,
  );
  const thresholds: number[] = [];
  const truePositives: number[] = [];
  const falsePositives: number[] = [];
  let [yes, no] = [0, 0];
  order.forEach((row, i) => {
    const weight = weights[row] as number;
    if (labels[row] === positive) yes += weight;
    else no += weight;
    const next = order[i + 1];
    if (next !== undefined && score[next] === score[row]) return;
    thresholds.push(score[row] as number);
    truePositives.push(yes);
    falsePositives.push(no);
  });
  if (yes > 0 && no > 0) return { thresholds, truePositives, falsePositives };
  const missing = yes > 0 ? `other than class ${positive}` : `of class ${positive}`;
  throw new DataError(
    `${who}: no row that counts is ${missing}; needs rows of each class to rank one above the other.`,
  );
}

/** Column of the score of yes: the only one, or the second of two. @throws DataError for more, or for other labels */
export function columnOfYes(who: string, { scores, labels }: Scored): number {
  if (scores.columns > 2) {
    throw new DataError(
      `${who}: predicted has ${scores.columns} numbers a row; needs one, the score of yes.`,
    );
  }
  for (let row = 0; row < labels.length; row++) {
    if ((labels[row] as number) <= 1) continue;
    throw new DataError(
      `${who}: labels: row ${row} is class ${labels[row]}; needs 0 or 1, or predictions with a number for each class.`,
    );
  }
  return scores.columns - 1;
}

function rankYes(who: string, predicted: Tensor, labels: Tensor, sampleWeight: Tensor | undefined): Ranking {
  const scored = readScored(who, predicted, labels, sampleWeight);
  return rank(who, scored, columnOfYes(who, scored), 1);
}

export interface RocCurve {
  readonly falsePositiveRates: readonly number[];
  readonly truePositiveRates: readonly number[];
  /** Falling; the first, Infinity, tells nobody to be positive. */
  readonly thresholds: readonly number[];
}

export interface RocCurveOptions extends CurveOptions {
  /** Leaves out points within straight lines; default true. */
  readonly dropIntermediate?: boolean;
}

/**
 * True against false positive rate for each threshold, predicted yes where the score is at least that; `roc_curve` of
 * scikit-learn (1.3 and later, whose first threshold is infinite).
 *
 * @param predicted score of yes, one for each row; or two, of no and yes
 * @param labels 0 or 1 for each row, or one-hot rows
 * @throws DataError for data that does not fit, or labels of one class only
 */
export function rocCurve(predicted: Tensor, labels: Tensor, options: RocCurveOptions = {}): RocCurve {
  checkSurplus("rocCurve", arguments, 3);
  const schema = { dropIntermediate: flag(true), ...SAMPLE_WEIGHT };
  const { dropIntermediate, sampleWeight } = take("rocCurve", options, schema);
  const { thresholds, truePositives, falsePositives } = rankYes("rocCurve", predicted, labels, sampleWeight);
  const last = thresholds.length - 1;
  const isCorner = (i: number) =>
    i === 0 ||
    i === last ||
    [truePositives, falsePositives].some((list) => {
      const [before, here, after] = [list[i - 1], list[i], list[i + 1]] as [number, number, number];
      return after - here !== here - before;
    });
  const kept = thresholds.map((_, i) => i).filter((i) => !dropIntermediate || isCorner(i));
  const rates = (list: readonly number[]) => [
    0,
    ...kept.map((i) => (list[i] as number) / (list[last] as number)),
  ];
  return {
    falsePositiveRates: rates(falsePositives),
    truePositiveRates: rates(truePositives),
    thresholds: [Number.POSITIVE_INFINITY, ...kept.map((i) => thresholds[i] as number)],
  };
}

export interface PrecisionRecallCurve {
  /** One more than thresholds: the last, 1, is for nobody predicted yes. */
  readonly precision: readonly number[];
  readonly recall: readonly number[];
  /** Rising. */
  readonly thresholds: readonly number[];
}

/**
 * Precision and recall for each threshold, predicted yes where the score is at least that; `precision_recall_curve` of
 * scikit-learn. Arguments as of `rocCurve`.
 */
export function precisionRecallCurve(
  predicted: Tensor,
  labels: Tensor,
  options: CurveOptions = {},
): PrecisionRecallCurve {
  checkSurplus("precisionRecallCurve", arguments, 3);
  const who = "precisionRecallCurve";
  const { sampleWeight } = take(who, options, SAMPLE_WEIGHT);
  const { thresholds, truePositives, falsePositives } = rankYes(who, predicted, labels, sampleWeight);
  const all = truePositives.at(-1) as number;
  const precision = truePositives.map((yes, i) => {
    const said = yes + (falsePositives[i] as number);
    return said === 0 ? 0 : yes / said;
  });
  const recall = truePositives.map((yes) => yes / all);
  return {
    precision: [...precision.reverse(), 1],
    recall: [...recall.reverse(), 0],
    thresholds: [...thresholds].reverse(),
  };
}

/** @throws DataError for a label that predictions have no column for */
export function checkColumns(who: string, { scores, labels }: Scored): void {
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row] as number;
    if (label < scores.columns) continue;
    throw new DataError(
      `${who}: labels: row ${row} is class ${label}; predicted has ${scores.columns} numbers a row, needs one for each class.`,
    );
  }
}
