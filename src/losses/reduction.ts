import { ShapeError } from "../check/errors.js";
import { scale } from "../graph/primitives/elementwise/affine.js";
import { divide, maximum, multiply } from "../graph/primitives/elementwise/binary.js";
import { fill } from "../graph/primitives/elementwise/fill.js";
import { reshape } from "../graph/primitives/move/reshape.js";
import { mean, sum } from "../graph/primitives/reduce/sum.js";
import { ROWS } from "../graph/shape.js";
import type { Value } from "../graph/value.js";
import type { LossTerms, Reduction } from "./loss.js";

const allAxes = (value: Value) => ({ axes: value.shape.map((_, axis) => axis) });
export const REDUCTIONS = {
  mean: (losses: Value) => mean(losses, allAxes(losses)),
  sum: (losses: Value) => sum(losses, allAxes(losses)),
} as const;

/** Below the sum of any weights that count: a step whose rows all have a weight of 0 has a loss of 0, not 0 / 0. */
const LEAST_WEIGHT = 1e-30;

/** One loss of the losses of a step. */
export interface Reduced {
  readonly value: Value;
  /** Of a mean by weights: the sums whose quotient it is, over several steps too. */
  readonly parts?: { readonly losses: Value; readonly weights: Value };
}

/** The quotient that a mean by weights is. */
export const weightedMean = (losses: number, weights: number) => losses / Math.max(weights, LEAST_WEIGHT);

/**
 * One loss of the losses of a step: their sum, or their mean. With weights of the loss's own (of classes), the mean is
 * Σ weight · loss / Σ weight, as in PyTorch; sample weights only multiply, and the mean is over all, as in Keras.
 *
 * @param who what errors call the loss
 * @param sampleWeights one for each row
 * @throws ShapeError for sample weights where the loss has one number for the whole step
 */
export function reduceLosses(
  who: string,
  { losses, weights, isWeighted, divisor = 1 }: LossTerms,
  reduction: Reduction,
  sampleWeights: Value | undefined,
): Reduced {
  const factors = [isWeighted ? undefined : weights, sampleWeights].flatMap((one) =>
    one === undefined ? [] : [alongRows(who, one, losses)],
  );
  const weighted = factors.reduce((product, factor) => multiply(product, factor), losses);
  const divided = (one: Value) => (divisor === 1 ? one : scale(one, 1 / divisor));
  if (reduction === "sum" || weights === undefined) {
    return { value: divided(REDUCTIONS[reduction](weighted)) };
  }
  const parts = { losses: divided(REDUCTIONS.sum(weighted)), weights: REDUCTIONS.sum(weights) };
  const least = fill({ shape: [], value: LEAST_WEIGHT });
  return { value: divide(parts.losses, maximum(parts.weights, least)), parts };
}

/** Weights in as many axes as the losses have. */
function alongRows(who: string, weights: Value, { shape }: Value): Value {
  if (shape[0] !== ROWS) {
    throw new ShapeError(
      `${who}: gives one number for the whole step; sampleWeight needs a loss with a number for each row.`,
    );
  }
  const missing = shape.length - weights.shape.length;
  if (missing === 0) return weights;
  return reshape(weights, { shape: [...weights.shape, ...Array<number>(missing).fill(1)] });
}
