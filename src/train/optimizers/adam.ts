import { AdamRecord, Op } from "../../../assembly/isa.js";
import { checkKeys, checkNumber, checkType } from "../../options.js";
import {
  COMMON_OPTIONS,
  commonOptions,
  floats,
  isPositive,
  isShare,
  type Optimizer,
  type OptimizerOptions,
  positive,
  real,
  shareDomain,
} from "./optimizer.js";

export interface AdamOptions extends OptimizerOptions {
  /** Decay of the running mean of the gradient, in [0, 1); default 0.9. */
  readonly beta1?: number;
  /** Decay of the running mean of its square, in [0, 1); default 0.999. */
  readonly beta2?: number;
  /** Added to the root of the second moment; default 1e-8. */
  readonly epsilon?: number;
  /** true: w −= learningRate · weightDecay · w, apart from the moments (AdamW). Default false: added to the gradient. */
  readonly decoupled?: boolean;
}

/**
 * m = β₁m + (1 − β₁)g; v = β₂v + (1 − β₂)g²; w −= learningRate · m̂ / (√v̂ + ε), with m̂ = m / (1 − β₁ᵗ) and
 * v̂ = v / (1 − β₂ᵗ) (Kingma & Ba 2015, algorithm 1; `decoupled`: Loshchilov & Hutter 2019). As torch.optim.Adam. The
 * learning rate is 0.001 unless it is given.
 *
 * @throws OptionError for options that do not exist or lie outside their domain
 */
export function adam(options: AdamOptions = {}): Optimizer {
  checkKeys("adam", options, [...COMMON_OPTIONS, "beta1", "beta2", "epsilon", "decoupled"]);
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, decoupled = false } = options;
  checkNumber("adam", "beta1", beta1, shareDomain, isShare);
  checkNumber("adam", "beta2", beta2, shareDomain, isShare);
  checkNumber("adam", "epsilon", epsilon, positive, isPositive);
  checkType("adam", "decoupled", decoupled, "boolean");
  return {
    ...commonOptions("adam", options, 0.001),
    slots: 2,
    // Kingma & Ba 2015, §2.1: a step is at most learningRate · max(1, (1 − β₁) / √(1 − β₂)) for each parameter.
    bound: (decay) => ({
      amplification: 0,
      constant: Math.max(1, (1 - beta1) / Math.sqrt(1 - beta2)),
      decay: decoupled ? decay : 0,
    }),
    instructions: (
      { parameters, gradients, slots: [mean = null, variance = null] },
      { decay, rate, since },
    ) => [
      {
        op: Op.Adam,
        record: AdamRecord,
        layer: "adam",
        operands: {
          parameter: parameters,
          mean,
          variance,
          largest: null,
          gradient: gradients,
          count: floats(parameters),
          beta1: real(beta1),
          beta2: real(beta2),
          epsilon: real(epsilon),
          decay: real(decay),
          decoupled: decoupled ? 1 : 0,
          rate: real(rate),
          since,
        },
      },
    ],
  };
}
