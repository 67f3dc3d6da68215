/** Cross-entropies: of classes of which one is right, and of outputs that each say yes or no. */

import { notNegative } from "../check/kinds.js";
import { take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import { affine } from "../graph/primitives/elementwise/affine.js";
import * as lossOps from "../graph/primitives/loss/loss.js";
import type { Value } from "../graph/value.js";
import { checkCount, classWeights, oneOrList, REDUCTION, smoothing } from "./arguments.js";
import { loadedWeighted } from "./late.js";
import type { ClassWeightOptions, LogitsOptions, Loss, PerClass, ReductionOptions } from "./loss.js";
import {
  areRows,
  classTargets,
  LOGITS,
  lastAxis,
  shares,
  sigmoidLogits,
  softmaxLogits,
  withColumns,
} from "./outputs.js";

export interface CrossEntropyOptions extends ReductionOptions, ClassWeightOptions, LogitsOptions {
  /** Share of a target that is spread evenly over all classes (Szegedy et al. 2016); default 0. */
  readonly labelSmoothing?: number;
}

/**
 * −ln p[label], the mean over rows. Labels are integer classes, or rows of class probabilities (one-hot).
 *
 * On a softmax output it works on the logits behind it, which is stable, and an output without activation is logits.
 * Probabilities that were made in another way, as the mean of two softmaxes, are q / Σ q, q being at least 1e-7, as in
 * Keras. What may be either, as the output of relu, is refused unless `fromLogits` says what it is; so is a sigmoid.
 *
 * Options are as in PyTorch's CrossEntropyLoss. A target t becomes (1 − s) t + s / classes by `labelSmoothing` s. With
 * `classWeights` w the loss of a row is −Σ_c w_c t_c ln p_c; its mean is divided by the sum of the weights of the labels,
 * Σ w[label], where targets are labels, and by the number of rows where they are probabilities; Keras divides by the number
 * of rows in both cases. Scores are divided by the weights of all their rows, however these are batched; the gradient of
 * each micro-batch (`accumulate`) by those of its own.
 *
 * @throws OptionError for options that do not exist or are outside their domain; at `compile`, ShapeError unless there is a
 *   weight for each class
 */
export function crossEntropy(options: CrossEntropyOptions = {}): Loss {
  checkSurplus("crossEntropy", arguments, 1);
  const who = "crossEntropy";
  const schema = { labelSmoothing: smoothing(), classWeights: classWeights(), ...REDUCTION, ...LOGITS };
  const settled = take(who, options, schema);
  const { labelSmoothing, classWeights: weights, fromLogits, reduction } = settled;
  return {
    name: who,
    options: settled,
    reduction,
    decision: "largest",
    targets: (output) => {
      if (weights !== undefined) checkCount(who, "classWeights", weights, output);
      return classTargets(who, output, 'use "binaryCrossEntropy"');
    },
    build: (prediction, target) => {
      const mend = 'For outputs that each say yes or no, use "binaryCrossEntropy".';
      const logits = softmaxLogits(who, prediction, mend, fromLogits);
      if (labelSmoothing === 0 && weights === undefined) return { losses: entropyOf(logits, target) };
      const isLabel = !areRows(logits, target);
      return loadedWeighted(who).weightedEntropy(logits, target, isLabel, labelSmoothing, weights);
    },
    ...(weights === undefined && {
      constantAnswer: { by: "classEntropy", smoothing: labelSmoothing } as const,
    }),
  };
}

/** Of logits and targets as they are given. */
export const entropyOf = (logits: Value, target: Value): Value =>
  (areRows(logits, target) ? lossOps.crossEntropyOneHot : lossOps.crossEntropy)(logits, target);

export interface BinaryCrossEntropyOptions extends ReductionOptions, LogitsOptions {
  /** How much a yes counts beside a no, at least 0: one number, or one for each output. Default 1. */
  readonly positiveWeight?: number | PerClass;
  /** Brings targets so far towards one half; default 0. */
  readonly labelSmoothing?: number;
}

/**
 * −w t ln p − (1 − t) ln(1 − p), the mean over all elements; targets from 0 to 1.
 *
 * On a sigmoid output it works on the logits behind it, which is stable, and an output without activation is logits.
 * Probabilities that were made in another way, as the product of two sigmoids, are kept within 1e-7 of 0 and 1, as in
 * Keras. What may be either, as the output of tanh, is refused unless `fromLogits` says what it is; so is a softmax.
 *
 * w is `positiveWeight`, the pos_weight of PyTorch's BCEWithLogitsLoss: 3 for three times as many no as yes. A target t
 * becomes (1 − s) t + s / 2 by `labelSmoothing` s, as in Keras.
 *
 * @throws OptionError for options that do not exist or are outside their domain; at `compile`, ShapeError unless there is a
 *   weight for each output
 */
export function binaryCrossEntropy(options: BinaryCrossEntropyOptions = {}): Loss {
  checkSurplus("binaryCrossEntropy", arguments, 1);
  const who = "binaryCrossEntropy";
  const settled = take(who, options, {
    positiveWeight: oneOrList(notNegative(), 1),
    labelSmoothing: smoothing(),
    ...REDUCTION,
    ...LOGITS,
  });
  const { positiveWeight: weight, labelSmoothing, fromLogits, reduction } = settled;
  return {
    name: who,
    options: settled,
    reduction,
    decision: "threshold",
    targets: (output) => {
      if (typeof weight !== "number") checkCount(who, "positiveWeight", weight, output);
      return shares(output);
    },
    build: (prediction, given) => {
      const mend = 'For classes of which one is right, use "crossEntropy".';
      const logits = withColumns(sigmoidLogits(who, prediction, mend, fromLogits));
      const columns = withColumns(given);
      const target =
        labelSmoothing === 0
          ? columns
          : affine(columns, { scale: 1 - labelSmoothing, offset: labelSmoothing / 2 });
      if (weight !== 1) return { losses: loadedWeighted(who).weightedBinary(logits, target, weight) };
      const losses = lossOps.binaryCrossEntropy(logits, target);
      return { losses, divisor: reduction === "mean" ? lastAxis(logits.shape) : 1 };
    },
    ...(weight === 1 && {
      constantAnswer: { by: "binaryEntropy", smoothing: labelSmoothing } as const,
    }),
  };
}
