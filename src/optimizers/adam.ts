import { flag } from "../check/kinds.js";
import { type Settled, take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import { updateKinds } from "../compile/facts/update.js";
import { boundOfMoments, type MomentOptions, momentSchema, withDecay } from "./moments.js";
import { common, configured, type Optimizer, pass, real } from "./optimizer.js";

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
  checkSurplus("adam", arguments, 1);
  const schema = { ...common(0.001), ...momentSchema(), decoupled: flag(false), amsgrad: flag(false) };
  const settled = take("adam", options, schema);
  return adamOf("adam", settled, settled.decoupled);
}

/** Adam under either name. */
export function adamOf(
  who: "adam" | "adamW",
  moments: Settled<ReturnType<typeof common> & ReturnType<typeof momentSchema>> & {
    readonly amsgrad: boolean;
  },
  decoupled: boolean,
): Optimizer {
  const { amsgrad } = moments;
  return {
    ...configured(who, moments),
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
