import { positive, share } from "../check/kinds.js";
import { take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import { optimizerKinds } from "../compile/facts/optimizer.js";
import { common, configured, type Optimizer, type OptimizerOptions, pass, real } from "./optimizer.js";

export interface AdadeltaOptions extends OptimizerOptions {
  /** Decay of both running means, in [0, 1); default 0.9 (Keras: 0.95). */
  readonly rho?: number;
  /** Added to both means under their roots; default 1e-6 (Keras: 1e-7). At least 2⁻¹¹² counts. */
  readonly epsilon?: number;
}

/** The kernel lets no mean of squared changes grow beyond it. */
const LARGEST_CHANGE = 2 ** 100;

/**
 * v = ρv + (1 − ρ)g²; d = √(a + ε) / √(v + ε) · g; a = ρa + (1 − ρ)d²; w −= learningRate · d (Zeiler 2012).
 *
 * As torch.optim.Adadelta: the learning rate is 1, as in the paper, unless it is given (Keras: 0.001, far too slow).
 *
 * @throws OptionError for options that do not exist or lie outside their domain
 */
export function adadelta(options: AdadeltaOptions = {}): Optimizer {
  checkSurplus("adadelta", arguments, 1);
  const settled = take("adadelta", options, { ...common(1), rho: share(0.9), epsilon: positive(1e-6) });
  const { rho, epsilon } = settled;
  return {
    ...configured("adadelta", settled),
    slots: 2,
    // v has (1 − ρ)g² in it.
    bound: () => ({
      amplification: 0,
      constant: Math.sqrt((LARGEST_CHANGE + epsilon) / (1 - rho)),
      decay: 0,
    }),
    instructions: ({ slots: [square = null, change = null], ...places }, group) => [
      pass(optimizerKinds.Adadelta, "adadelta", places, group, {
        square,
        change,
        share: real(1 - rho),
        epsilon: real(epsilon),
      }),
    ],
  };
}
