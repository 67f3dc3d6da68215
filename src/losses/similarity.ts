/** Losses of directions and distances. */

import { ShapeError } from "../check/errors.js";
import { oneOf, positive } from "../check/kinds.js";
import { take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import { affine, scale } from "../graph/primitives/elementwise/affine.js";
import { relu } from "../graph/primitives/elementwise/unary.js";
import { formatShape, type Shape } from "../graph/shape.js";
import type { Value } from "../graph/value.js";
import { where } from "../ops/comparison.js";
import { add, negate, square, subtract } from "../ops/elementwise.js";
import { split } from "../ops/parts.js";
import { sum } from "../ops/reductions.js";
import { pairwiseDistance, cosineSimilarity as similarityOf } from "../ops/similarity.js";
import type { TargetForm } from "../rows/target.js";
import { REDUCTION } from "./arguments.js";
import type { Loss, ReductionOptions } from "./loss.js";

/**
 * −cos of the angle between output and target along the last axis, the mean over rows: −1 for the same direction, 1 for
 * the opposite one.
 *
 * The sign is Keras's. PyTorch's CosineEmbeddingLoss of similar pairs is 1 − cos, which has the same gradient. A vector of
 * zeros has a cosine of 0.
 *
 * @throws OptionError for options that do not exist; at `compile`, ShapeError for an output without an axis beside the rows
 */
export function cosineSimilarity(options: ReductionOptions = {}): Loss {
  checkSurplus("cosineSimilarity", arguments, 1);
  const who = "cosineSimilarity";
  const settled = take(who, options, REDUCTION);
  return {
    name: who,
    options: settled,
    reduction: settled.reduction,
    decision: "none",
    targets: (output) => {
      if (output.length > 1) return [{ row: output.slice(1) }];
      throw new ShapeError(`${who}: output is ${formatShape(output)}; needs vectors, [rows, …, features].`);
    },
    build: (prediction, target) => ({ losses: negate(similarityOf(prediction, target)) }),
  };
}

export interface ContrastiveOptions extends ReductionOptions {
  /** Distance from which on a dissimilar pair costs nothing; default 1. */
  readonly margin?: number;
}

/**
 * ½ t d² + ½ (1 − t) max(margin − d, 0)², d the output, a distance of at least 0: the mean over all elements (Hadsell, Chopra &
 * LeCun 2006). The target t is 1 for a similar pair and 0 for a dissimilar one, which the paper has the other way round.
 *
 * `pairwiseDistance` of `wasmgrad/ops` makes a distance of two branches that share their weights.
 *
 * @throws OptionError for options that do not exist, or unless margin is a positive number
 */
export function contrastive(options: ContrastiveOptions = {}): Loss {
  checkSurplus("contrastive", arguments, 1);
  const settled = take("contrastive", options, { margin: positive(1), ...REDUCTION });
  const { margin, reduction } = settled;
  return {
    name: "contrastive",
    options: settled,
    reduction,
    decision: "none",
    targets: (output) => [
      {
        row: output.slice(1),
        fault: (value) =>
          value === 0 || value === 1 ? undefined : "needs 1 for a similar pair, or 0 for another",
      },
    ],
    build: (distance, target) => {
      // Chosen, not weighed: 0 times the square of a large distance would be NaN.
      const counted = where(target, distance, relu(subtract(margin, distance)));
      return { losses: scale(square(counted), 0.5) };
    },
  };
}

/** `euclidean` √Σ(a − b)², its square, `manhattan` Σ|a − b|, `cosine` 1 − cos. */
export type TripletDistance = "euclidean" | "squaredEuclidean" | "manhattan" | "cosine";

const DISTANCES: Readonly<Record<TripletDistance, (a: Value, b: Value) => Value>> = {
  euclidean: (a: Value, b: Value) => pairwiseDistance(a, b),
  squaredEuclidean: (a: Value, b: Value) => sum(square(subtract(a, b)), { axis: -1 }),
  manhattan: (a: Value, b: Value) => pairwiseDistance(a, b, { p: 1 }),
  cosine: (a: Value, b: Value) => affine(similarityOf(a, b), { scale: -1, offset: 1 }),
};

export interface TripletOptions extends ReductionOptions {
  /** By how much the negative is to be farther away than the positive; default 1. */
  readonly margin?: number;
  /** Default `euclidean`; `cosine` is 1 − cos. */
  readonly distance?: TripletDistance;
}

/**
 * max(d(anchor, positive) − d(anchor, negative) + margin, 0), the mean over rows (Schroff, Kalenichenko & Philbin 2015, who
 * take `squaredEuclidean`).
 *
 * The output is [rows, 3, features]: anchor, positive, negative. There is no target: examples go without y. The Euclidean
 * distance is PyTorch's, so the loss is its TripletMarginLoss.
 *
 * @throws OptionError for options that do not exist or are outside their domain; at `compile`, ShapeError for an output of
 *   another shape
 */
export function triplet(options: TripletOptions = {}): Loss {
  checkSurplus("triplet", arguments, 1);
  const schema = { margin: positive(1), distance: oneOf(DISTANCES, "euclidean"), ...REDUCTION };
  const settled = take("triplet", options, schema);
  const { margin, reduction } = settled;
  const distance = DISTANCES[settled.distance];
  return {
    name: "triplet",
    options: settled,
    reduction,
    hasTarget: false,
    decision: "none",
    targets: (): readonly TargetForm[] => [],
    build: (prediction) => {
      checkTriplet(prediction.shape);
      const [anchor, positive, negative] = split(prediction, 3, { axis: 1 }) as [Value, Value, Value];
      const excess = subtract(distance(anchor, positive), distance(anchor, negative));
      return { losses: relu(add(excess, margin)) };
    },
  };
}

/** @throws ShapeError unless it is [rows, 3, features] */
function checkTriplet(output: Shape): void {
  if (output.length === 3 && output[1] === 3) return;
  throw new ShapeError(
    `triplet: output is ${formatShape(output)}; needs [rows, 3, features]: anchor, positive and negative.`,
  );
}
