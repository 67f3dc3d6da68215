/** Losses that are the negative logarithm of a likelihood, or a distance of distributions. */

import { ShapeError } from "../check/errors.js";
import { flag, positive } from "../check/kinds.js";
import { take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import { affine } from "../graph/primitives/elementwise/affine.js";
import * as lossOps from "../graph/primitives/loss/loss.js";
import { stopGradient } from "../graph/primitives/stopGradient.js";
import { formatShape, type Shape } from "../graph/shape.js";
import type { Value } from "../graph/value.js";
import { greater, where } from "../ops/comparison.js";
import { add, divide, exp, log, maximum, multiply, negate, square, subtract } from "../ops/elementwise.js";
import { split } from "../ops/parts.js";
import { sum } from "../ops/reductions.js";
import { squeeze } from "../ops/shapes.js";
import type { TargetForm } from "../rows/target.js";
import { REDUCTION } from "./arguments.js";
import type { LogitsOptions, Loss, ReductionOptions } from "./loss.js";
import { checkClasses, distributions, LOGITS, lastAxis, logSoftmaxLogits } from "./outputs.js";

/** ln 2π */
const LN_TWO_PI = 1.8378770664093453;

/** The least normal f32: a probability of 0 contributes 0 · ln of it, which is 0. */
const LEAST_SHARE = 2 ** -126;

/**
 * Σ_c t_c (ln t_c − ln p_c) for each row, p the predicted and t the given distribution (Kullback & Leibler 1951): the mean over
 * rows, as in Keras, which is PyTorch's KLDivLoss with `batchmean`; PyTorch's own `mean` also divides by the classes.
 *
 * It works on the logits behind a softmax or log-softmax output, and takes others as crossEntropy does. PyTorch takes log-probabilities and Keras probabilities. Its gradient is that of crossEntropy.
 *
 * @throws OptionError for options that do not exist
 */
export function klDivergence(options: ReductionOptions & LogitsOptions = {}): Loss {
  checkSurplus("klDivergence", arguments, 1);
  const who = "klDivergence";
  const settled = take(who, options, { ...REDUCTION, ...LOGITS });
  return {
    name: who,
    options: settled,
    reduction: settled.reduction,
    decision: "largest",
    targets: (output) => {
      checkClasses(who, output, 'use "binaryCrossEntropy"');
      return [distributions(output)];
    },
    build: (prediction, target) => {
      const mend = 'For outputs that each say yes or no, use "binaryCrossEntropy".';
      const logits = logSoftmaxLogits(who, prediction, mend, settled.fromLogits);
      const negentropy = sum(multiply(target, log(maximum(target, LEAST_SHARE))), { axis: -1 });
      return { losses: add(lossOps.crossEntropyOneHot(logits, target), negentropy) };
    },
  };
}

export interface PoissonOptions extends ReductionOptions {
  /** true: the output is the logarithm of the rate; false: the rate itself, above 0. Default true, as in PyTorch. */
  readonly logInput?: boolean;
  /** Adds Stirling's approximation of ln t! for counts above 1, which moves no weight; default false. */
  readonly full?: boolean;
  /** Added to a rate before its logarithm is taken; default 1e-8. */
  readonly epsilon?: number;
}

/**
 * −ln of the Poisson likelihood of a count t, without ln t!: e^x − t x for an output x, or with `logInput: false` for a rate
 * x − t ln(x + epsilon). The mean over all elements; targets are at least 0.
 *
 * As PyTorch's PoissonNLLLoss. Keras's Poisson is `logInput: false`.
 *
 * @throws OptionError for options that do not exist or are outside their domain
 */
export function poisson(options: PoissonOptions = {}): Loss {
  checkSurplus("poisson", arguments, 1);
  const who = "poisson";
  const settled = take(who, options, {
    logInput: flag(true),
    full: flag(false),
    epsilon: positive(1e-8),
    ...REDUCTION,
  });
  const { logInput, full, epsilon, reduction } = settled;
  return {
    name: who,
    options: settled,
    reduction,
    decision: "none",
    targets: (output) => [
      {
        row: output.slice(1),
        fault: (value) => (value >= 0 ? undefined : "needs a count of at least 0"),
      },
    ],
    build: (x, target) => {
      const losses = logInput
        ? subtract(exp(x), multiply(target, x))
        : subtract(x, multiply(target, log(add(x, epsilon))));
      return { losses: full ? add(losses, stirling(target)) : losses };
    },
  };
}

/** t ln t − t + ½ ln 2πt where t > 1, else 0. */
function stirling(count: Value): Value {
  const t = maximum(count, 1);
  const logarithm = log(t);
  const main = subtract(multiply(t, logarithm), t);
  const correction = affine(logarithm, { scale: 0.5, offset: 0.5 * LN_TWO_PI });
  return where(greater(count, 1), add(main, correction), 0);
}

export interface GaussianOptions extends ReductionOptions {
  /** true: the second number of an output is the logarithm of the variance; false: the variance. Default true. */
  readonly logVariance?: boolean;
  /** Adds the constant ½ ln 2π; default false. */
  readonly full?: boolean;
  /** Least variance that counts where the output is a variance; default 1e-6. */
  readonly epsilon?: number;
}

/**
 * ½ (ln v + (t − m)² / v): −ln of the likelihood of t under a normal distribution of mean m and variance v (Nix & Weigend
 * 1994), the mean over all targets.
 *
 * The output is [rows, …, 2]: m, and ln v, which a layer without activation can give; the target is [rows, …]. With
 * `logVariance: false` the second number is v itself, above 0 by softplus or exp, as PyTorch's GaussianNLLLoss takes it: a
 * v below `epsilon` counts as epsilon and keeps its gradient.
 *
 * @throws OptionError for options that do not exist or are outside their domain; at `compile`, ShapeError for an output of
 *   another shape
 */
export function gaussianNegativeLogLikelihood(options: GaussianOptions = {}): Loss {
  checkSurplus("gaussianNegativeLogLikelihood", arguments, 1);
  const who = "gaussianNegativeLogLikelihood";
  const settled = take(who, options, {
    logVariance: flag(true),
    full: flag(false),
    epsilon: positive(1e-6),
    ...REDUCTION,
  });
  const { logVariance, full, epsilon, reduction } = settled;
  return {
    name: who,
    options: settled,
    reduction,
    decision: "none",
    targets: (output) => meanAndVariance(who, output),
    build: (prediction, target) => {
      const [mean, spread] = split(prediction, 2, { axis: -1 }).map((part) =>
        squeeze(part, { axis: -1 }),
      ) as [Value, Value];
      const squares = square(subtract(target, mean));
      const losses = logVariance
        ? add(spread, multiply(squares, exp(negate(spread))))
        : ofVariance(squares, spread, epsilon);
      return { losses: affine(losses, { scale: 0.5, offset: full ? 0.5 * LN_TWO_PI : 0 }) };
    },
  };
}

/** ln v + squares / v, v being at least epsilon, with the gradient of a variance that was not lifted. */
function ofVariance(squares: Value, variance: Value, epsilon: number): Value {
  // variance − variance is 0 and has the gradient: a difference from epsilon would be rounded away beside a variance.
  const lifted = add(stopGradient(maximum(variance, epsilon)), subtract(variance, stopGradient(variance)));
  return add(log(lifted), divide(squares, lifted));
}

/** @throws ShapeError unless the last axis has two places */
function meanAndVariance(who: string, output: Shape): readonly TargetForm[] {
  if (output.length > 1 && lastAxis(output) === 2) return [{ row: output.slice(1, -1) }];
  throw new ShapeError(
    `${who}: output is ${formatShape(output)}; needs a last axis of two, the mean and the variance.`,
  );
}
