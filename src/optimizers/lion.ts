import { share } from "../check/kinds.js";
import { take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import { optimizerKinds } from "../compile/facts/optimizer.js";
import { common, configured, type Optimizer, type OptimizerOptions, pass, real } from "./optimizer.js";

export interface LionOptions extends OptimizerOptions {
  /** What the mean has in the direction of a step, in [0, 1); default 0.9. */
  readonly beta1?: number;
  /** Decay of the mean of the gradient, in [0, 1); default 0.99. */
  readonly beta2?: number;
}

/**
 * w −= learningRate · (sign(β₁m + (1 − β₁)g) + weightDecay · w); m = β₂m + (1 − β₂)g (Chen et al. 2023, algorithm 2).
 * Every weight moves by the learning rate, so that is three to ten times smaller than Adam's, and weightDecay, which is
 * always decoupled, as many times larger.
 *
 * As the authors' own: PyTorch has none, Keras has the same with a learning rate of 0.001. Here it is 0.0001 unless it is
 * given.
 *
 * @throws OptionError for options that do not exist or lie outside their domain
 */
export function lion(options: LionOptions = {}): Optimizer {
  checkSurplus("lion", arguments, 1);
  const settled = take("lion", options, { ...common(0.0001), beta1: share(0.9), beta2: share(0.99) });
  const { beta1, beta2 } = settled;
  return {
    ...configured("lion", settled),
    slots: 1,
    bound: (decay) => ({ amplification: 0, constant: 1, decay }),
    instructions: ({ slots: [mean = null], ...places }, group) => [
      pass(optimizerKinds.Lion, "lion", places, group, { mean, beta1: real(beta1), beta2: real(beta2) }),
    ],
  };
}
