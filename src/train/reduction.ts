import { ShapeError } from "../errors.js";
import { divide, maximum, multiply } from "../functions/elementwise.js";
import { reshape } from "../functions/shapes.js";
import { ROWS } from "../graph/shape.js";
import type { Value } from "../graph/value.js";
import { scale } from "../ops/affine.js";
import { mean, sum } from "../ops/sum.js";
import type { LossTerms, Reduction } from "./losses/loss.js";

const allAxes = (value: Value) => ({ axes: value.shape.map((_, axis) => axis) });
export const REDUCTIONS = {
  mean: (losses: Value) => mean(losses, allAxes(losses)),
  sum: (losses: Value) => sum(losses, allAxes(losses)),
} as const;

/** Below the sum of any weights that count: a step whose rows all have a weight of 0 has a loss of 0, not 0 / 0. */
const LEAST_WEIGHT = 1e-30;

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
): Value {
  const factors = [isWeighted ? undefined : weights, sampleWeights].flatMap((one) =>
    one === undefined ? [] : [alongRows(who, one, losses)],
  );
  const weighted = factors.reduce((product, factor) => multiply(product, factor), losses);
  const reduced =
    reduction === "mean" && weights !== undefined
      ? divide(REDUCTIONS.sum(weighted), maximum(REDUCTIONS.sum(weights), LEAST_WEIGHT))
      : REDUCTIONS[reduction](weighted);
  return divisor === 1 ? reduced : scale(reduced, 1 / divisor);
}

/** Weights in as many axes as the losses have. */
function alongRows(who: string, weights: Value, { shape }: Value): Value {
  if (shape[0] !== ROWS) {
    throw new ShapeError(
      `${who}: gives one number for the whole step; sampleWeight needs a loss with a number for each row.`,
    );
  }
  const missing = shape.length - weights.shape.length;
  return missing === 0 ? weights : reshape(weights, [...weights.shape, ...Array<number>(missing).fill(1)]);
}
