import { checkKeys, checkType } from "../check/options.js";
import { updateKinds } from "../compile/facts/update.js";
import { boundOfMoments, MOMENT_OPTIONS, type MomentOptions, momentsOf, withDecay } from "./moments.js";
import { COMMON_OPTIONS, commonOptions, type Optimizer, pass, real } from "./optimizer.js";

export interface AdamOptions extends MomentOptions {
  /** true: w −= learningRate · weightDecay · w, apart from the moments (AdamW). Default false: added to the gradient. */
  readonly decoupled?: boolean;
  /** Divides by the largest v so far, so that no gradient is forgotten (Reddi et al. 2018); default false. */
  readonly amsgrad?: boolean;
}

/**
 * m = β₁m + (1 − β₁)g; v = β₂v + (1 − β₂)g²; w −= learningRate · m̂ / (√v̂ + ε), with m̂ = m / (1 − β₁ᵗ) and
 * v̂ = v / (1 − β₂ᵗ) (Kingma & Ba 2015, algorithm 1; `decoupled`: Loshchilov & Hutter 2019; `amsgrad`: the maximum of v
 * before its correction). As torch.optim.Adam. The learning rate is 0.001 unless it is given.
 *
 * @throws OptionError for options that do not exist or lie outside their domain
 */
export function adam(options: AdamOptions = {}): Optimizer {
  checkKeys("adam", options, [...COMMON_OPTIONS, ...MOMENT_OPTIONS, "decoupled", "amsgrad"]);
  return adamOf("adam", options);
}

/** Adam under either name. @throws OptionError */
export function adamOf(who: "adam" | "adamW", options: AdamOptions): Optimizer {
  const { decoupled = false, amsgrad = false } = options;
  const moments = momentsOf(who, options);
  checkType(who, "decoupled", decoupled, "boolean");
  checkType(who, "amsgrad", amsgrad, "boolean");
  return {
    ...commonOptions(who, options, 0.001),
    slots: amsgrad ? 3 : 2,
    bound: (decay) => withDecay(boundOfMoments(moments), decay, decoupled),
    instructions: ({ slots: [mean = null, variance = null, largest = null], ...places }, group) => [
      pass(updateKinds.Adam, who, places, group, {
        mean,
        variance,
        largest,
        beta1: real(moments.beta1),
        beta2: real(moments.beta2),
        epsilon: real(moments.epsilon),
        decoupled: decoupled ? 1 : 0,
      }),
    ],
  };
}
