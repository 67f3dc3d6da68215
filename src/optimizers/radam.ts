import { flag } from "../check/kinds.js";
import { take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import { optimizerKinds } from "../compile/facts/optimizer.js";
import { boundOfMoments, type MomentOptions, type Moments, momentSchema, withDecay } from "./moments.js";
import { common, configured, type Optimizer, pass, real } from "./optimizer.js";

export interface RadamOptions extends MomentOptions {
  /** true: w −= learningRate · weightDecay · w, apart from the moments. Default false: added to the gradient. */
  readonly decoupled?: boolean;
}

/**
 * Adam that rectifies the variance of its first steps, and so needs no warm-up (Liu et al. 2020). With m̂, v and v̂ as in
 * `adam`, ρ∞ = 2 / (1 − β₂) − 1 and ρ = ρ∞ − 2tβ₂ᵗ / (1 − β₂ᵗ):
 *
 * w −= learningRate · m̂ · r · √(1 − β₂ᵗ) / (√v + ε), r = √((ρ − 4)(ρ − 2)ρ∞ / ((ρ∞ − 4)(ρ∞ − 2)ρ)), while ρ > 5;
 * w −= learningRate · m̂ before, in the first five steps by default.
 *
 * As torch.optim.RAdam; Keras has none. The learning rate is 0.001 unless it is given.
 *
 * @throws OptionError for options that do not exist or lie outside their domain
 */
export function radam(options: RadamOptions = {}): Optimizer {
  checkSurplus("radam", arguments, 1);
  const schema = { ...common(0.001), ...momentSchema(), decoupled: flag(false) };
  const moments = take("radam", options, schema);
  const { decoupled } = moments;
  return {
    ...configured("radam", moments),
    slots: 2,
    bound: (decay) => withDecay(boundOfRadam(moments), decay, decoupled),
    instructions: ({ slots: [mean = null, variance = null], ...places }, group) => [
      pass(optimizerKinds.Radam, "radam", places, group, {
        mean,
        variance,
        beta1: real(moments.beta1),
        beta2: real(moments.beta2),
        // ρ goes by 1 − β₂: a float alone would be off by 1e-5 of it, and more for larger β₂.
        beta2Rest: real(moments.beta2 - Math.fround(moments.beta2)),
        epsilon: real(moments.epsilon),
        decoupled: decoupled ? 1 : 0,
      }),
    ],
  };
}

/** That of the rectified steps, as r ≤ 1, and that of the first ones, along a mean of gradients. */
function boundOfRadam(moments: Moments) {
  const { amplification, constant } = boundOfMoments(moments);
  return { amplification: amplification + 1, constant };
}
