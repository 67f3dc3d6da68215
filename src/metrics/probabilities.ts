import { arrayKind } from "../check/arrayKind.js";
import { DataError } from "../check/errors.js";
import { numberOf } from "../check/kinds.js";
import { take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import { exp, log } from "../numeric/exactMath.js";
import type { Tensor } from "../rows/table.js";
import { checkColumns, columnOfYes, readScored, type Scored } from "./curves.js";
import { SUM_TOLERANCE } from "./flatRows.js";
import { SAMPLE_WEIGHT, weightedMean } from "./rows.js";

export interface LogLossOptions {
  /** How often each row counts; default 1. */
  readonly sampleWeight?: Tensor;
  /** Probabilities are taken to be at least this and at most 1 less this. Default ε: 2⁻²³ for a Float32Array, else 2⁻⁵². */
  readonly epsilon?: number;
}

function readProbabilities(
  who: string,
  predicted: Tensor,
  labels: Tensor,
  sampleWeight: Tensor | undefined,
): Scored {
  const scored = readScored(who, predicted, labels, sampleWeight);
  const { values, rows, columns } = scored.scores;
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let i = row * columns; i < (row + 1) * columns; i++) {
      const value = values[i] as number;
      if (!(value >= 0 && value <= 1)) {
        throw new DataError(
          `${who}: predicted: row ${row} has ${value}; needs probabilities from 0 to 1. Apply softmax or sigmoid to logits.`,
        );
      }
      sum += value;
    }
    if (columns === 1 || Math.abs(sum - 1) <= SUM_TOLERANCE) continue;
    throw new DataError(`${who}: predicted: row ${row} sums to ${sum}; needs probabilities, which sum to 1.`);
  }
  if (columns <= 2) columnOfYes(who, scored);
  else checkColumns(who, scored);
  return scored;
}

/** The probability that a row gives to a class. */
function probabilityOf({ scores: { values, columns } }: Scored, row: number, one: number): number {
  if (columns > 1) return values[row * columns + one] as number;
  const yes = values[row] as number;
  return one === 1 ? yes : 1 - yes;
}

function meanLogLoss(who: string, predicted: Tensor, labels: Tensor, options: LogLossOptions): number {
  const rounding = arrayKind(predicted) === "Float32Array" ? 2 ** -23 : 2 ** -52;
  const { sampleWeight, epsilon } = take(who, options, {
    ...SAMPLE_WEIGHT,
    epsilon: numberOf("a number from 0 to 0.5", (value) => value >= 0 && value < 0.5)(rounding),
  });
  const scored = readProbabilities(who, predicted, labels, sampleWeight);
  return weightedMean(scored.weights, (row) => {
    const probability = probabilityOf(scored, row, scored.labels[row] as number);
    return -log(Math.min(Math.max(probability, epsilon), 1 - epsilon));
  });
}

/**
 * Mean of −ln p, p the probability that was given to the labeled class; `log_loss` of scikit-learn (1.5 and later,
 * which does not rescale rows to sum to 1).
 *
 * @param predicted probability of yes, one for each row; or a probability for each class
 * @param labels classes by their numbers, or one-hot rows
 * @throws DataError for data that does not fit, OptionError for options
 */
export function logLoss(predicted: Tensor, labels: Tensor, options: LogLossOptions = {}): number {
  checkSurplus("logLoss", arguments, 3);
  return meanLogLoss("logLoss", predicted, labels, options);
}

/**
 * e to the mean of −ln p, p the probability that was given to the labeled class: among how many equally probable ones
 * it would be as hard to tell. Arguments as of `logLoss`.
 */
export function perplexity(predicted: Tensor, labels: Tensor, options: LogLossOptions = {}): number {
  checkSurplus("perplexity", arguments, 3);
  return exp(meanLogLoss("perplexity", predicted, labels, options));
}

/**
 * Mean of (p − label)², p the probability of yes; of three classes or more, of Σ (pₖ − [label is k])² (Brier 1950), twice
 * as much. `brier_score_loss` of scikit-learn. Arguments as of `logLoss`.
 */
export function brierScore(
  predicted: Tensor,
  labels: Tensor,
  options: { readonly sampleWeight?: Tensor } = {},
): number {
  checkSurplus("brierScore", arguments, 3);
  const { sampleWeight } = take("brierScore", options, SAMPLE_WEIGHT);
  const scored = readProbabilities("brierScore", predicted, labels, sampleWeight);
  const { columns } = scored.scores;
  return weightedMean(scored.weights, (row) => {
    const label = scored.labels[row] as number;
    if (columns <= 2) {
      const difference = probabilityOf(scored, row, 1) - label;
      return difference * difference;
    }
    let sum = 0;
    for (let one = 0; one < columns; one++) {
      const difference = probabilityOf(scored, row, one) - (one === label ? 1 : 0);
      sum += difference * difference;
    }
    return sum;
  });
}
