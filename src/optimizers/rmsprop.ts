import { flag, positive, share } from "../check/kinds.js";
import { take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import { optimizerKinds } from "../compile/facts/optimizer.js";
import type { Place } from "../compile/instruction.js";
import { amplificationOf, withDecay } from "./moments.js";
import { common, configured, type Optimizer, type OptimizerOptions, pass, real } from "./optimizer.js";

export interface RmspropOptions extends OptimizerOptions {
  /** Decay of the running mean of g², in [0, 1): torch's alpha. Default 0.99 (Keras: 0.9). */
  readonly rho?: number;
  /** Share of the last change that is kept, in [0, 1); default 0. */
  readonly momentum?: number;
  /** Divides by the deviation of the gradient instead of its size (Graves 2013); default false. */
  readonly centered?: boolean;
  /** Added to the root; default 1e-8. At least 2⁻⁵⁶ counts. */
  readonly epsilon?: number;
}

/**
 * v = ρv + (1 − ρ)g²; w −= learningRate · g / (√v + ε) (Tieleman & Hinton 2012). With momentum,
 * b = momentum · b + g / (√v + ε) and w −= learningRate · b; centered, √(v − a²) stands for √v, with a = ρa + (1 − ρ)g.
 *
 * As torch.optim.RMSprop; Keras has √(v + ε), an ε of 1e-7 and a learning rate of 0.001. Here it is 0.01 unless it is
 * given.
 *
 * @throws OptionError for options that do not exist or lie outside their domain
 */
export function rmsprop(options: RmspropOptions = {}): Optimizer {
  checkSurplus("rmsprop", arguments, 1);
  const settled = take("rmsprop", options, {
    ...common(0.01),
    rho: share(0.99),
    momentum: share(0),
    centered: flag(false),
    epsilon: positive(1e-8),
  });
  const { rho, momentum, centered, epsilon } = settled;
  const hasMomentum = momentum > 0;
  const kept = 1 / (1 - momentum);
  return {
    ...configured("rmsprop", settled),
    slots: 1 + Number(centered) + Number(hasMomentum),
    // v has (1 − ρ)g² in it; v − a² may be nothing but rounding.
    bound: (decay) =>
      withDecay(
        centered
          ? { amplification: kept * amplificationOf(epsilon), constant: 0 }
          : { amplification: 0, constant: kept / Math.sqrt(1 - rho) },
        decay,
      ),
    instructions: ({ slots, ...places }, group) => [
      pass(optimizerKinds.Rmsprop, "rmsprop", places, group, {
        square: slots[0] as Place,
        mean: centered ? (slots[1] as Place) : null,
        velocity: hasMomentum ? (slots[slots.length - 1] as Place) : null,
        share: real(1 - rho),
        epsilon: real(epsilon),
        momentum: real(momentum),
      }),
    ],
  };
}
