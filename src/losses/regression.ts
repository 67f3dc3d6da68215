/** Losses of numbers: of the error, prediction − target. */

import { ShapeError } from "../check/errors.js";
import { notNegative, numberOf, positive } from "../check/kinds.js";
import { type Settled, take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import { scale } from "../graph/primitives/elementwise/affine.js";
import { abs } from "../graph/primitives/elementwise/unary.js";
import * as lossOps from "../graph/primitives/loss/loss.js";
import { formatShape, type Shape } from "../graph/shape.js";
import type { Value } from "../graph/value.js";
import { constant } from "../ops/constant.js";
import { clip, divide, maximum, multiply, subtract } from "../ops/elementwise.js";
import { expandDims } from "../ops/shapes.js";
import type { TargetForm } from "../rows/target.js";
import { oneOrList, REDUCTION } from "./arguments.js";
import { logCoshOf } from "./logCosh.js";
import type { Loss, PerClass, ReductionOptions } from "./loss.js";
import { lastAxis, sameAsOutput } from "./outputs.js";

/** A function of the error, element by element. */
const ofErrors = (name: string, options: Settled<typeof REDUCTION>, f: (error: Value) => Value): Loss => ({
  name,
  options,
  reduction: options.reduction,
  decision: "none",
  targets: sameAsOutput,
  build: (prediction, target) => ({ losses: f(subtract(prediction, target)) }),
});

/**
 * ½ Σ (prediction − target)² over all elements: the sum-of-squares error (Bishop 2006, eq. 5.14). It is a sum by its name;
 * meanSquaredError has a reduction.
 *
 * @throws OptionError for options, of which it has none
 */
export function sumOfSquares(options: Readonly<Record<string, never>> = {}): Loss {
  checkSurplus("sumOfSquares", arguments, 1);
  const settled = take("sumOfSquares", options, {});
  return {
    name: "sumOfSquares",
    options: settled,
    reduction: "sum",
    decision: "none",
    targets: sameAsOutput,
    build: (prediction, target) => ({ losses: lossOps.squaredError(prediction, target), divisor: 2 }),
  };
}

/**
 * Mean over all elements of |prediction − target|, or their sum; the gradient at 0 is 0, as in PyTorch.
 *
 * @throws OptionError for options that do not exist
 */
export function meanAbsoluteError(options: ReductionOptions = {}): Loss {
  checkSurplus("meanAbsoluteError", arguments, 1);
  return ofErrors("meanAbsoluteError", take("meanAbsoluteError", options, REDUCTION), abs);
}

export interface HuberOptions extends ReductionOptions {
  /** Up to this error the loss is quadratic, beyond it linear; default 1. */
  readonly delta?: number;
}

/** c (e − c / 2), c the error within ±delta. */
function huberOf(error: Value, delta: number): Value {
  const within = clip(error, -delta, delta);
  return multiply(within, subtract(error, scale(within, 0.5)));
}

/**
 * ½ e² where |e| ≤ delta, else delta (|e| − ½ delta), e = prediction − target (Huber 1964): the mean over all elements, as
 * in PyTorch and Keras.
 *
 * @throws OptionError for options that do not exist, or unless delta is a positive number
 */
export function huber(options: HuberOptions = {}): Loss {
  checkSurplus("huber", arguments, 1);
  const settled = take("huber", options, { delta: positive(1), ...REDUCTION });
  return ofErrors("huber", settled, (error) => huberOf(error, settled.delta));
}

export interface SmoothL1Options extends ReductionOptions {
  /** Below this error the loss is quadratic, beyond it linear with a slope of 1; 0: everywhere linear. Default 1. */
  readonly beta?: number;
}

/**
 * ½ e² / beta where |e| < beta, else |e| − ½ beta, e = prediction − target (Girshick 2015), as in PyTorch: the mean over
 * all elements. It is huber({ delta: beta }) / beta, and the absolute error for a beta of 0.
 *
 * @throws OptionError for options that do not exist, or unless beta is a number of at least 0
 */
export function smoothL1(options: SmoothL1Options = {}): Loss {
  checkSurplus("smoothL1", arguments, 1);
  const settled = take("smoothL1", options, { beta: notNegative(1), ...REDUCTION });
  const { beta } = settled;
  return ofErrors("smoothL1", settled, (error) =>
    beta === 0 ? abs(error) : divide(huberOf(error, beta), beta),
  );
}

/**
 * ln cosh(prediction − target), the mean over all elements, as in Keras: near ½ e² for small errors, |e| − ln 2 for large
 * ones. It neither overflows for large errors nor cancels for small ones.
 *
 * @throws OptionError for options that do not exist
 */
export function logCosh(options: ReductionOptions = {}): Loss {
  checkSurplus("logCosh", arguments, 1);
  return ofErrors("logCosh", take("logCosh", options, REDUCTION), logCoshOf);
}

export interface QuantileOptions extends ReductionOptions {
  /** Which quantile the output predicts, above 0 and below 1, or one for each place of its last axis. Default 0.5. */
  readonly quantile?: number | PerClass;
}

/**
 * max(q e, (q − 1) e), e = target − prediction: the pinball loss, whose least is at the q-quantile of the targets
 * (Koenker & Bassett 1978). The mean over all elements.
 *
 * With several quantiles the output is [rows, …, quantiles] and the target [rows, …]: each quantile has an output of its
 * own for the same number.
 *
 * @throws OptionError for options that do not exist, or for a quantile outside its domain; at `compile`, ShapeError unless
 *   the output has a place for each of several
 */
export function quantile(options: QuantileOptions = {}): Loss {
  checkSurplus("quantile", arguments, 1);
  const who = "quantile";
  const one = numberOf("a number above 0 and below 1", (q) => q > 0 && q < 1)();
  const settled = take(who, options, { quantile: oneOrList(one, 0.5), ...REDUCTION });
  const { quantile: quantiles, reduction } = settled;
  return {
    name: who,
    options: settled,
    reduction,
    decision: "none",
    targets: (output) =>
      typeof quantiles === "number" ? sameAsOutput(output) : oneForAll(output, quantiles.length),
    build: (prediction, target) => {
      const isOne = typeof quantiles === "number";
      const error = subtract(isOne ? target : expandDims(target, { axis: -1 }), prediction);
      const above = isOne ? quantiles : constant(quantiles);
      const below = isOne ? quantiles - 1 : constant(quantiles.map((q) => q - 1));
      return { losses: maximum(multiply(error, above), multiply(error, below)) };
    },
  };
}

/** One target for all places of the last axis. @throws ShapeError unless these are so many */
function oneForAll(output: Shape, places: number): readonly TargetForm[] {
  if (output.length > 1 && lastAxis(output) === places) return [{ row: output.slice(1, -1) }];
  throw new ShapeError(
    `quantile: output is ${formatShape(output)} for ${places} quantiles; needs a last axis of ${places}.`,
  );
}
