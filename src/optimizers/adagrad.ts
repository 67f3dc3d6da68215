import { checkKeys, checkNotNegative, checkPositive } from "../check/options.js";
import { optimizerKinds } from "../compile/facts/optimizer.js";
import {
  COMMON_OPTIONS,
  commonOptions,
  type Optimizer,
  type OptimizerOptions,
  pass,
  real,
} from "./optimizer.js";

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
  const own = ["learningRateDecay", "initialAccumulatorValue", "epsilon"];
  checkKeys("adagrad", options, [...COMMON_OPTIONS, ...own]);
  const { learningRateDecay = 0, initialAccumulatorValue = 0, epsilon = 1e-10 } = options;
  checkNotNegative("adagrad", "learningRateDecay", learningRateDecay);
  checkNotNegative("adagrad", "initialAccumulatorValue", initialAccumulatorValue);
  checkPositive("adagrad", "epsilon", epsilon);
  return {
    ...commonOptions("adagrad", options, 0.01),
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
