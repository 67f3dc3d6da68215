/** Focal losses (Lin et al. 2017): cross-entropies in which what is already right counts less. */

import { notNegative, numberOf } from "../check/kinds.js";
import { take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import { affine, scale } from "../graph/primitives/elementwise/affine.js";
import { sigmoid } from "../graph/primitives/elementwise/unary.js";
import * as lossOps from "../graph/primitives/loss/loss.js";
import { logSoftmax } from "../graph/primitives/transcendental/softmax.js";
import { softplus } from "../graph/primitives/transcendental/transcendental.js";
import type { Value } from "../graph/value.js";
import { constant } from "../ops/constant.js";
import { add, expm1, maximum, multiply, negate, power, subtract } from "../ops/elementwise.js";
import { gather } from "../ops/indexing.js";
import { sum } from "../ops/reductions.js";
import { checkCount, oneOrList, REDUCTION } from "./arguments.js";
import type { LogitsOptions, Loss, PerClass, ReductionOptions } from "./loss.js";
import { areRows, classTargets, LOGITS, shares, sigmoidLogits, softmaxLogits } from "./outputs.js";

export interface FocalOptions extends ReductionOptions, LogitsOptions {
  /** How much less a right answer counts, at least 0; 0 is crossEntropy. Default 2. */
  readonly gamma?: number;
  /** How much each class counts, at least 0: one number for all, or one for each class. Default 1. */
  readonly alpha?: number | PerClass;
}

export interface BinaryFocalOptions extends ReductionOptions, LogitsOptions {
  /** How much less a right answer counts, at least 0; 0 is binaryCrossEntropy. Default 2. */
  readonly gamma?: number;
  /** Share of a yes, from 0 to 1; a no has the rest. Default 0.25. */
  readonly alpha?: number;
}

/** Below a probability that counts: it keeps the slope of powers below 1 finite where an answer is surely right. */
const LEAST_DOUBT = 1e-30;

/** doubt^gamma, doubt being the probability of what is not the target. */
const damping = (doubt: Value, gamma: number): Value => power(maximum(doubt, LEAST_DOUBT), gamma);

/**
 * −alpha (1 − p)^gamma ln p, p the probability of the right class: the mean over rows. Labels are integer classes, or rows of
 * class probabilities t (one-hot), for which it is −Σ_c alpha_c t_c (1 − p_c)^gamma ln p_c.
 *
 * As Keras's CategoricalFocalCrossentropy, whose alpha is 0.25 by default; PyTorch has none. It takes outputs as
 * crossEntropy does. `alpha` only multiplies: the mean is over the
 * number of rows.
 *
 * @throws OptionError for options that do not exist or are outside their domain; at `compile`, ShapeError unless there is an
 *   alpha for each class
 */
export function focal(options: FocalOptions = {}): Loss {
  checkSurplus("focal", arguments, 1);
  const who = "focal";
  const schema = { gamma: notNegative(2), alpha: oneOrList(notNegative(), 1), ...REDUCTION, ...LOGITS };
  const settled = take(who, options, schema);
  const { gamma, alpha, fromLogits, reduction } = settled;
  return {
    name: who,
    options: settled,
    reduction,
    decision: "largest",
    targets: (output) => {
      if (typeof alpha !== "number") checkCount(who, "alpha", alpha, output);
      return classTargets(who, output, 'use "binaryFocal"');
    },
    build: (prediction, target) => {
      const mend = 'For outputs that each say yes or no, use "binaryFocal".';
      const logits = softmaxLogits(who, prediction, mend, fromLogits);
      const isHot = areRows(logits, target);
      // With labels, what crossEntropy leaves of p = 1 is exact: ln p, and 1 − p = −(e^ln p − 1) from it.
      const log = isHot ? logSoftmax(logits) : negate(lossOps.crossEntropy(logits, target));
      const entropy = multiply(damping(negate(expm1(log)), gamma), negate(log));
      const counted = isHot ? multiply(target, entropy) : entropy;
      const weighted = weigh(counted, alpha, isHot ? undefined : target);
      return { losses: isHot ? sum(weighted, { axis: -1 }) : weighted };
    },
  };
}

function weigh(losses: Value, alpha: number | readonly number[], labels: Value | undefined): Value {
  if (typeof alpha === "number") return scale(losses, alpha);
  const weights = constant(alpha);
  return multiply(losses, labels === undefined ? weights : gather(weights, labels));
}

/**
 * alpha_t (1 − p_t)^gamma · binary cross-entropy, the mean over all elements: p_t = t p + (1 − t)(1 − p) is the probability
 * of the target t, and alpha_t = t alpha + (1 − t)(1 − alpha). Targets are from 0 to 1.
 *
 * The loss of Lin et al. 2017, and torchvision's sigmoid_focal_loss. Keras's BinaryFocalCrossentropy leaves alpha out by
 * default. It takes outputs as binaryCrossEntropy does.
 *
 * @throws OptionError for options that do not exist or are outside their domain
 */
export function binaryFocal(options: BinaryFocalOptions = {}): Loss {
  checkSurplus("binaryFocal", arguments, 1);
  const who = "binaryFocal";
  const settled = take(who, options, {
    gamma: notNegative(2),
    alpha: numberOf("a number from 0 to 1", (x) => x >= 0 && x <= 1)(0.25),
    ...REDUCTION,
    ...LOGITS,
  });
  const { gamma, alpha, fromLogits, reduction } = settled;
  return {
    name: who,
    options: settled,
    reduction,
    decision: "threshold",
    targets: shares,
    build: (prediction, target) => {
      const mend = 'For classes of which one is right, use "focal".';
      const logits = sigmoidLogits(who, prediction, mend, fromLogits);
      const opposite = negate(logits);
      const no = subtract(1, target);
      // Both probabilities are sigmoids, so that neither is what a subtraction leaves.
      const doubt = add(multiply(target, sigmoid(opposite)), multiply(no, sigmoid(logits)));
      const entropy = add(multiply(target, softplus(opposite)), multiply(no, softplus(logits)));
      const share = affine(target, { scale: 2 * alpha - 1, offset: 1 - alpha });
      return { losses: multiply(share, multiply(damping(doubt, gamma), entropy)) };
    },
  };
}
