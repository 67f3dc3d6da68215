/** Losses that ask for a margin between right and wrong. */

import { take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import { affine } from "../graph/primitives/elementwise/affine.js";
import { relu, square } from "../graph/primitives/elementwise/unary.js";
import type { Value } from "../graph/value.js";
import { greater } from "../ops/comparison.js";
import { constant } from "../ops/constant.js";
import { add, multiply, subtract } from "../ops/elementwise.js";
import { gather, oneHot } from "../ops/indexing.js";
import { max, sum } from "../ops/reductions.js";
import { checkCount, classWeights, REDUCTION } from "./arguments.js";
import type { ClassWeightOptions, Loss, ReductionOptions } from "./loss.js";
import { areRows, classTargets, lastAxis } from "./outputs.js";

/** A function of max(1 − y x, 0), y being −1 or 1. */
function ofMargin(name: string, options: ReductionOptions, f: (shortfall: Value) => Value): Loss {
  const settled = take(name, options, REDUCTION);
  return {
    name,
    options: settled,
    reduction: settled.reduction,
    decision: "threshold",
    targets: (output) => [
      {
        row: output.slice(1),
        fault: (value) => (value === 0 || Math.abs(value) === 1 ? undefined : "needs 1, or −1 or 0 for no"),
      },
    ],
    build: (prediction, target) => {
      const side = affine(greater(target, 0), { scale: 2, offset: -1 });
      return { losses: f(relu(subtract(1, multiply(side, prediction)))) };
    },
  };
}

/**
 * max(1 − y x, 0), x the output: the mean over all elements (Cortes & Vapnik 1995). Targets y are 1 for yes and −1 for no;
 * a 0 is a no as well, as in Keras. The output is a score, whose sign decides: no activation, or tanh.
 *
 * PyTorch's HingeEmbeddingLoss is another loss, of distances.
 *
 * @throws OptionError for options that do not exist
 */
export function hinge(options: ReductionOptions = {}): Loss {
  checkSurplus("hinge", arguments, 1);
  return ofMargin("hinge", options, (shortfall) => shortfall);
}

/**
 * max(1 − y x, 0)², the mean over all elements, as in Keras; see hinge.
 *
 * @throws OptionError for options that do not exist
 */
export function squaredHinge(options: ReductionOptions = {}): Loss {
  checkSurplus("squaredHinge", arguments, 1);
  return ofMargin("squaredHinge", options, (shortfall) => square(shortfall));
}

export interface CategoricalHingeOptions extends ReductionOptions, ClassWeightOptions {}

/**
 * max(1 + the greatest wrong score − the right score, 0) for each row (Crammer & Singer 2001), the mean over rows. Labels are
 * integer classes, or rows of class probabilities t, for which it is max(1 + max_c (1 − t_c) x_c − Σ t_c x_c, 0).
 *
 * As in Keras, where the right class stands among the wrong ones with a score of 0. PyTorch's MultiMarginLoss sums over
 * all wrong classes instead. With `classWeights`, the mean is divided by the sum of the weights Σ_c w_c t_c of the
 * rows, as in crossEntropy.
 *
 * @throws OptionError for options that do not exist; at `compile`, ShapeError unless there is a weight for each class
 */
export function categoricalHinge(options: CategoricalHingeOptions = {}): Loss {
  checkSurplus("categoricalHinge", arguments, 1);
  const who = "categoricalHinge";
  const settled = take(who, options, { classWeights: classWeights(), ...REDUCTION });
  const { classWeights: weights, reduction } = settled;
  return {
    name: who,
    options: settled,
    reduction,
    decision: "largest",
    targets: (output) => {
      if (weights !== undefined) checkCount(who, "classWeights", weights, output);
      return classTargets(who, output, 'use "hinge"');
    },
    build: (prediction, target) => {
      const isHot = areRows(prediction, target);
      const hot = isHot ? target : oneHot(target, lastAxis(prediction.shape));
      const right = sum(multiply(hot, prediction), { axis: -1 });
      const wrong = max(multiply(subtract(1, hot), prediction), { axis: -1 });
      const losses = relu(add(subtract(wrong, right), 1));
      if (weights === undefined) return { losses };
      const ofClasses = constant(weights);
      return {
        losses,
        weights: isHot ? sum(multiply(hot, ofClasses), { axis: -1 }) : gather(ofClasses, target),
      };
    },
  };
}
