import { flag, notNegative } from "../check/kinds.js";
import { take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import { optimizerKinds } from "../compile/facts/optimizer.js";
import { power } from "../numeric/exactMath.js";
import { boundOfMoments, type MomentOptions, type Moments, momentSchema, withDecay } from "./moments.js";
import { common, configured, type Optimizer, pass, real } from "./optimizer.js";

export interface NadamOptions extends MomentOptions {
  /** ψ, how fast the momentum grows from β₁ / 2 to β₁, at least 0; default 0.004 (Keras has no other). */
  readonly momentumDecay?: number;
  /** true: w −= learningRate · weightDecay · w, apart from the moments. Default false: added to the gradient. */
  readonly decoupled?: boolean;
}

/**
 * Adam with Nesterov momentum (Dozat 2016). With m and v as in `adam`, μₜ = β₁(1 − ½ · 0.96^(t · ψ)) and Πₜ = μ₁ … μₜ:
 *
 * w −= learningRate · (μₜ₊₁m / (1 − Πₜ₊₁) + (1 − μₜ)g / (1 − Πₜ)) / (√v̂ + ε)
 *
 * As the documentation of torch.optim.NAdam, and its code from 2.0 on: up to 1.13 that of single tensors has μₜ twice in
 * Πₜ₊₁. The learning rate is 0.002 unless it is given (Keras: 0.001).
 *
 * @throws OptionError for options that do not exist or lie outside their domain
 */
export function nadam(options: NadamOptions = {}): Optimizer {
  checkSurplus("nadam", arguments, 1);
  const moments = take("nadam", options, {
    ...common(0.002),
    ...momentSchema(),
    momentumDecay: notNegative(0.004),
    decoupled: flag(false),
  });
  const { decoupled } = moments;
  const base = power(0.96, moments.momentumDecay);
  const momentumBase = Math.fround(base);
  return {
    ...configured("nadam", moments),
    slots: 2,
    bound: (decay) => withDecay(boundOfNadam(moments), decay, decoupled),
    instructions: ({ slots: [mean = null, variance = null], ...places }, group) => [
      pass(optimizerKinds.Nadam, "nadam", places, group, {
        mean,
        variance,
        beta1: real(moments.beta1),
        beta2: real(moments.beta2),
        epsilon: real(moments.epsilon),
        // Its t-th power is taken: a float alone would be off by t times its last place.
        momentumBase: real(momentumBase),
        momentumRest: real(base - momentumBase),
        decoupled: decoupled ? 1 : 0,
      }),
    ],
  };
}

/** That of m̂, which is above μₜ₊₁m / (1 − Πₜ₊₁), and that of g / √v̂, which is 1 / √(1 − β₂). */
function boundOfNadam(moments: Moments) {
  const { amplification, constant } = boundOfMoments(moments);
  return { amplification, constant: constant + 1 / Math.sqrt(1 - moments.beta2) };
}
