import { notNegative, positive } from "../check/kinds.js";
import { take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import { optimizerKinds } from "../compile/facts/optimizer.js";
import { common, configured, type Optimizer, type OptimizerOptions, pass, real } from "./optimizer.js";

export interface AdagradOptions extends OptimizerOptions {
  /** Divides the learning rate by 1 + step · learningRateDecay, step from 0: torch's lr_decay. At least 0; default 0. */
  readonly learningRateDecay?: number;
  /** What the sum of squares begins with, at least 0; default 0 (Keras: 0.1). */
  readonly initialAccumulatorValue?: number;
  /** Added to the root of the sum; default 1e-10. At least 2⁻⁵⁶ counts. */
  readonly epsilon?: number;
}

/**
 * s = s + g²; w −= learningRate / (1 + step · learningRateDecay) · g / (√s + ε) (Duchi, Hazan & Singer 2011).
 *
 * As torch.optim.Adagrad; Keras has √(s + ε), an ε of 1e-7 and a learning rate of 0.001. Here it is 0.01 unless it is
 * given.
 *
 * @throws OptionError for options that do not exist or lie outside their domain
 */
export function adagrad(options: AdagradOptions = {}): Optimizer {
  checkSurplus("adagrad", arguments, 1);
  const settled = take("adagrad", options, {
    ...common(0.01),
    learningRateDecay: notNegative(0),
    initialAccumulatorValue: notNegative(0),
    epsilon: positive(1e-10),
  });
  const { learningRateDecay, initialAccumulatorValue, epsilon } = settled;
  return {
    ...configured("adagrad", settled),
    slots: 1,
    // The sum has the gradient's own square in it.
    bound: () => ({ amplification: 0, constant: 1, decay: 0 }),
    instructions: ({ slots: [sum = null], ...places }, group) => [
      pass(optimizerKinds.Adagrad, "adagrad", places, group, {
        sum,
        epsilon: real(epsilon),
        rateDecay: real(learningRateDecay),
        initial: real(initialAccumulatorValue),
      }),
    ],
  };
}
