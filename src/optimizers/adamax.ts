import { take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import { optimizerKinds } from "../compile/facts/optimizer.js";
import { amplificationOf, type Moments, momentSchema, withDecay } from "./moments.js";
import { common, configured, type Optimizer, type OptimizerOptions, pass, real } from "./optimizer.js";

export interface AdamaxOptions extends OptimizerOptions {
  /** Decay of the running mean of the gradient, in [0, 1); default 0.9. */
  readonly beta1?: number;
  /** Decay of the largest gradient, in [0, 1); default 0.999. */
  readonly beta2?: number;
  /** Added to |g|; default 1e-8 (Keras: 1e-7). At least 2⁻⁵⁶ counts. */
  readonly epsilon?: number;
}

/**
 * Adam by the largest gradient instead of the mean square: m = β₁m + (1 − β₁)g; u = max(β₂u, |g| + ε);
 * w −= learningRate / (1 − β₁ᵗ) · m / u (Kingma & Ba 2015, §7.1). As torch.optim.Adamax; Keras adds ε to u in the last
 * step instead. The learning rate is 0.002 unless it is given (Keras: 0.001).
 *
 * @throws OptionError for options that do not exist or lie outside their domain
 */
export function adamax(options: AdamaxOptions = {}): Optimizer {
  checkSurplus("adamax", arguments, 1);
  const moments = take("adamax", options, { ...common(0.002), ...momentSchema() });
  return {
    ...configured("adamax", moments),
    slots: 2,
    bound: (decay) => withDecay(boundOfAdamax(moments), decay),
    instructions: ({ slots: [mean = null, largest = null], ...places }, group) => [
      pass(optimizerKinds.Adamax, "adamax", places, group, {
        mean,
        largest,
        beta1: real(moments.beta1),
        beta2: real(moments.beta2),
        epsilon: real(moments.epsilon),
      }),
    ],
  };
}

/** u ≥ β₂ⁱ|g| for the gradient i steps ago, so |m̂| / u ≤ Σ (β₁ / β₂)ⁱ; where that grows, u ≥ ε is left. */
function boundOfAdamax({ beta1, beta2, epsilon }: Moments) {
  const ratio = beta1 === 0 ? 0 : beta1 / beta2;
  if (!(ratio < 1)) return { amplification: amplificationOf(epsilon), constant: 0 };
  return { amplification: 0, constant: 1 / (1 - ratio) };
}
