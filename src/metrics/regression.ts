import { DataError, OptionError } from "../check/errors.js";
import { integer, optional } from "../check/kinds.js";
import { type Settled, take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import type { Tensor } from "../rows/table.js";
import { readPair, readWeights, SAMPLE_WEIGHT, weightedMean } from "./rows.js";

export interface RegressionOptions {
  /** How often each row counts; default 1. */
  readonly sampleWeight?: Tensor;
}

interface Pair {
  readonly predicted: ArrayLike<number>;
  readonly targets: ArrayLike<number>;
  readonly weights: ArrayLike<number>;
  readonly rows: number;
  readonly columns: number;
}

function readTargets(
  who: string,
  predicted: Tensor,
  targets: Tensor,
  { sampleWeight }: Settled<typeof SAMPLE_WEIGHT>,
  outputs?: number,
): Pair {
  const { predicted: p, labels: l } = readPair(who, predicted, targets);
  if (p.values.length !== l.values.length) {
    throw new DataError(
      `${who}: there are ${p.values.length} predictions and ${l.values.length} targets; needs as many of each.`,
    );
  }
  const columns = outputs ?? p.columns;
  const rows = p.values.length / columns;
  if (!Number.isInteger(rows)) {
    throw new OptionError(
      `${who}: outputs is ${columns}; needs one that divides ${p.values.length} numbers.`,
    );
  }
  const weights = readWeights(who, rows, sampleWeight);
  return { predicted: p.values, targets: l.values, weights, rows, columns };
}

/** Mean over rows and columns of an error of each number. */
function meanError(
  who: string,
  [predicted, targets, options]: readonly [Tensor, Tensor, RegressionOptions],
  error: (difference: number, target: number) => number,
): number {
  const pair = readTargets(who, predicted, targets, take(who, options, SAMPLE_WEIGHT));
  return weightedMean(pair.weights, (row) => {
    let sum = 0;
    for (let i = row * pair.columns; i < (row + 1) * pair.columns; i++) {
      const target = pair.targets[i] as number;
      sum += error((pair.predicted[i] as number) - target, target);
    }
    return sum / pair.columns;
  });
}

/**
 * Mean of (prediction − target)²; `mean_squared_error` of scikit-learn.
 *
 * @param predicted numbers, or rows of them
 * @param targets as many
 * @throws DataError for data that does not fit, OptionError for options
 */
export function meanSquaredError(
  predicted: Tensor,
  targets: Tensor,
  options: RegressionOptions = {},
): number {
  checkSurplus("meanSquaredError", arguments, 3);
  return meanError("meanSquaredError", [predicted, targets, options], (d) => d * d);
}

/** √ of the mean over all numbers of (prediction − target)², of several columns together. Arguments as of `meanSquaredError`. */
export function rootMeanSquaredError(
  predicted: Tensor,
  targets: Tensor,
  options: RegressionOptions = {},
): number {
  checkSurplus("rootMeanSquaredError", arguments, 3);
  return Math.sqrt(meanError("rootMeanSquaredError", [predicted, targets, options], (d) => d * d));
}

/** Mean of |prediction − target|; `mean_absolute_error` of scikit-learn. Arguments as of `meanSquaredError`. */
export function meanAbsoluteError(
  predicted: Tensor,
  targets: Tensor,
  options: RegressionOptions = {},
): number {
  checkSurplus("meanAbsoluteError", arguments, 3);
  return meanError("meanAbsoluteError", [predicted, targets, options], Math.abs);
}

/** Below it, a target is taken for this: ε of f64, as in scikit-learn. */
export const SMALLEST_TARGET: number = 2 ** -52;

/**
 * Mean of |prediction − target| / |target|, as a share, not in percent; `mean_absolute_percentage_error` of
 * scikit-learn. Targets of 0 make it huge. Arguments as of `meanSquaredError`.
 */
export function meanAbsolutePercentageError(
  predicted: Tensor,
  targets: Tensor,
  options: RegressionOptions = {},
): number {
  checkSurplus("meanAbsolutePercentageError", arguments, 3);
  const who = "meanAbsolutePercentageError";
  return meanError(
    who,
    [predicted, targets, options],
    (d, t) => Math.abs(d) / Math.max(Math.abs(t), SMALLEST_TARGET),
  );
}

/** 1 − residual / total sum of squares. Of constant targets 1 when all are met, else 0, as in scikit-learn. */
export function rSquaredOf(residual: number, total: number): number {
  if (total > 0) return 1 - residual / total;
  return residual === 0 ? 1 : 0;
}

export interface RSquaredOptions extends RegressionOptions {
  /** Numbers of each row, of flat lists; default 1. */
  readonly outputs?: number;
}

/**
 * 1 − Σ (target − prediction)² / Σ (target − mean)²: the share of the variance that is explained, of several columns the
 * mean of theirs; `r2_score` of scikit-learn. Arguments as of `meanSquaredError`.
 *
 * @throws DataError for fewer than two rows too
 */
export function rSquared(predicted: Tensor, targets: Tensor, options: RSquaredOptions = {}): number {
  checkSurplus("rSquared", arguments, 3);
  const who = "rSquared";
  const settled = take(who, options, { ...SAMPLE_WEIGHT, outputs: optional(integer(1)) });
  const pair = readTargets(who, predicted, targets, settled, settled.outputs);
  const { rows, columns, weights } = pair;
  if (rows < 2) throw new DataError(`${who}: there is one row; needs two at least.`);
  let sum = 0;
  for (let column = 0; column < columns; column++) {
    // Counted from the first one, so that constant targets have a mean that is none but themselves.
    const [first, at] = [pair.targets[column] as number, (row: number) => row * columns + column];
    const target = (row: number) => (pair.targets[at(row)] as number) - first;
    const mean = weightedMean(weights, target);
    const residual = weightedMean(weights, (row) => {
      const difference = (pair.targets[at(row)] as number) - (pair.predicted[at(row)] as number);
      return difference * difference;
    });
    const total = weightedMean(weights, (row) => (target(row) - mean) * (target(row) - mean));
    sum += rSquaredOf(residual, total);
  }
  return sum / columns;
}
