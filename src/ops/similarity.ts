/** How near two values are, along an axis. */
import { ShapeError } from "../check/errors.js";
import { later, notNegative, numberOf } from "../check/kinds.js";
import { take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import { broadcastShapes } from "../graph/primitives/broadcasting.js";
import type { Value } from "../graph/value.js";
import { abs, add, maximum, multiply, power, rsqrt, sqrt, square, subtract } from "./elementwise.js";
import { type Operand, toValue } from "./operand.js";
import { sum } from "./reductions.js";

export interface CosineSimilarityOptions {
  /** The axis of the vectors, below 0 counted from the end; default −1, the last. */
  readonly axis?: number;
  /** Least length that a vector counts with; default 1e-8. */
  readonly epsilon?: number;
}

export interface PairwiseDistanceOptions {
  /** The axis of the vectors, below 0 counted from the end; default −1, the last. */
  readonly axis?: number;
  /** Which norm: 1 the sum of sizes, 2 the Euclidean; at least 1. Default 2. */
  readonly p?: number;
  /** Added to each difference, so that the gradient is finite where there is none; default 1e-6. */
  readonly epsilon?: number;
}

/** Both as values that broadcast. @throws ShapeError when they do not, or have no axis */
function vectors(who: string, a: Operand, b: Operand): [Value, Value] {
  const both: [Value, Value] = [toValue(who, a), toValue(who, b)];
  const shape = broadcastShapes(who, both[0].shape, both[1].shape);
  if (shape.length > 0) return both;
  throw new ShapeError(`${who}: got two scalars; needs at least one axis. Use reshape(x, [1]).`);
}

/**
 * y = Σ a b / (|a| |b|) along an axis: the cosine of the angle between two vectors, 1 for the same direction, −1 for
 * opposite ones. A vector shorter than epsilon counts as epsilon long, so a vector of zeros has a similarity of 0.
 *
 * a and b broadcast as in NumPy. As PyTorch's cosine_similarity.
 *
 * @throws ShapeError when the shapes do not broadcast, or there is no such axis
 * @throws OptionError unless epsilon is a number of at least 1e-18, whose square f32 still holds
 */
export function cosineSimilarity(a: Operand, b: Operand, options: CosineSimilarityOptions = {}): Value {
  checkSurplus("cosineSimilarity", arguments, 3);
  const who = "cosineSimilarity";
  const { axis, epsilon } = take(who, options, {
    axis: later(-1),
    epsilon: numberOf("a number of at least 1e-18", (x) => x >= 1e-18)(1e-8),
  });
  const [left, right] = vectors(who, a, b);
  const perLength = (x: Value) => rsqrt(maximum(sum(square(x), { axis }), epsilon * epsilon));
  const dot = sum(multiply(left, right), { axis });
  return multiply(multiply(dot, perLength(left)), perLength(right));
}

/**
 * y = (Σ |a − b + epsilon|^p)^(1/p) along an axis: the distance of two vectors, by default the Euclidean.
 *
 * a and b broadcast as in NumPy. As PyTorch's pairwise_distance, epsilon and its sign included: the distance of equal
 * vectors of n numbers is n^(1/p) · epsilon, not 0.
 *
 * @throws ShapeError when the shapes do not broadcast, or there is no such axis
 * @throws OptionError unless p is a number of at least 1 and epsilon a number of at least 0
 */
export function pairwiseDistance(a: Operand, b: Operand, options: PairwiseDistanceOptions = {}): Value {
  checkSurplus("pairwiseDistance", arguments, 3);
  const who = "pairwiseDistance";
  const { axis, p, epsilon } = take(who, options, {
    axis: later(-1),
    p: numberOf("a number of at least 1", (x) => x >= 1)(2),
    epsilon: notNegative(1e-6),
  });
  const difference = add(subtract(...vectors(who, a, b)), epsilon);
  if (p === 1) return sum(abs(difference), { axis });
  if (p === 2) return sqrt(sum(square(difference), { axis }));
  return power(sum(power(abs(difference), p), { axis }), 1 / p);
}
