import { numberOf } from "../check/kinds.js";
import { take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import { optimizerKinds } from "../compile/facts/optimizer.js";
import type { Place } from "../compile/instruction.js";
import { sizeOf } from "../graph/shape.js";
import { common, configured, type Optimizer, type OptimizerOptions, pass } from "./optimizer.js";

/** The recursion over the history goes as deep as it is long. */
const MOST_HISTORY = 1000;

export interface LbfgsOptions extends Pick<OptimizerOptions, "learningRate" | "weightDecay"> {
  /**
   * Steps that the curvature is learned from, 1 to 1000; default 10, as in SciPy: each takes the memory of two more
   * copies of the weights, and more than 20 seldom pay (Nocedal & Wright 2006, §7.2). PyTorch has 100.
   */
  readonly history?: number;
}

/**
 * L-BFGS: w −= learningRate · H · gradient, with H the inverse Hessian as the last steps tell of it (Liu & Nocedal
 * 1989; Nocedal & Wright 2006, algorithm 7.4). For few rows and smooth losses: it needs far fewer steps than the others.
 *
 * A step takes one gradient, as torch.optim.LBFGS(max_iter=1) without a line search, and its tolerances: it makes no
 * step where no element of the gradient exceeds 1e−7, or the step promises less than 1e−9. The first step goes along
 * the gradient, by at most the learning rate, which is 1 unless it is given.
 *
 * All rows must be one batch: between gradients of different rows, noise would be taken for curvature. Of arrays that is
 * the default, in their order, and `fit` refuses smaller batches; a stream must give one batch for each epoch. Dropout is
 * such noise too. There is no line search, so a step may raise the loss where it is far from quadratic: a learningRate
 * below 1 or `clipNorm` holds it back. It updates all parameters as one, so it has no groups, and weight decay is of all,
 * the slopes of `prelu` among them; freezing some or unfreezing them begins its history anew.
 *
 * @throws OptionError for options that do not exist or lie outside their domain
 */
export function lbfgs(options: LbfgsOptions = {}): Optimizer {
  checkSurplus("lbfgs", arguments, 1);
  const { learningRate, weightDecay } = common(1);
  const isWithin = (steps: number) => Number.isInteger(steps) && steps >= 1 && steps <= MOST_HISTORY;
  const settled = take("lbfgs", options, {
    learningRate,
    weightDecay,
    history: numberOf(`an integer from 1 to ${MOST_HISTORY}`, isWithin)(10),
  });
  const { history } = settled;
  return {
    ...configured("lbfgs", settled),
    slots: 2 + 2 * history,
    isWhole: true,
    needsAllRows: true,
    // What it makes of a gradient is known only then: the kernel itself stops an update that is too large.
    bound: () => ({ amplification: 0, constant: 0, decay: 0 }),
    instructions: ({ slots, ...places }, group) => {
      const [direction = null, previous = null] = slots;
      return [
        pass(optimizerKinds.Lbfgs, "lbfgs", places, group, {
          direction,
          previous,
          steps: together(slots.slice(2, 2 + history)),
          changes: together(slots.slice(2 + history)),
          history,
        }),
      ];
    },
  };
}

/** Slots that lie one behind the other, as one: there is one group, which is the whole of each. */
function together(slots: readonly Place[]): Place {
  const [first] = slots as [Place];
  const bytes = first.bytes * slots.length;
  return { ...first, bytes, size: sizeOf([bytes / 4]) };
}
