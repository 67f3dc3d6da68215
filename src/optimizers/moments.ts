/** What Adam and its kin have in common: two running means, of the gradient and of its square. */

import { positive, share } from "../check/kinds.js";
import type { UpdateBound } from "../compile/update.js";
import type { OptimizerOptions } from "./optimizer.js";

export interface MomentOptions extends OptimizerOptions {
  /** Decay of the running mean of the gradient, in [0, 1); default 0.9. */
  readonly beta1?: number;
  /** Decay of the running mean of its square, in [0, 1); default 0.999. */
  readonly beta2?: number;
  /** Added to the root of the second moment; default 1e-8 (Keras: 1e-7). At least 2⁻⁵⁶ counts. */
  readonly epsilon?: number;
}

export interface Moments {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** The schema of their options, beside those of all optimizers. */
export const momentSchema = () => ({ beta1: share(0.9), beta2: share(0.999), epsilon: positive(1e-8) });

/** Below it, kernels take epsilon for 2⁻⁵⁶: see assembly/kernels/update/updateLanes.ts. */
const LEAST_EPSILON = 2 ** -56;

/** ‖value / (root + epsilon)‖ ≤ ‖value‖ / epsilon, whatever the root is. */
export const amplificationOf = (epsilon: number): number => 1 / Math.max(epsilon, LEAST_EPSILON);

/**
 * What |m̂| / (√v̂ + ε) is at most. By Cauchy and Schwarz, with m = (1 − β₁) Σ β₁ⁱg and v = (1 − β₂) Σ β₂ⁱg²,
 * |m̂| / √v̂ ≤ 1 / √((1 − β₂)(1 − β₁² / β₂)) while β₁² < β₂. Otherwise m may outlive v, and only ε is left below it.
 */
export function boundOfMoments({ beta1, beta2, epsilon }: Moments): Omit<UpdateBound, "decay"> {
  const ratio = beta1 === 0 ? 0 : (beta1 * beta1) / beta2;
  if (!(ratio < 1)) return { amplification: amplificationOf(epsilon), constant: 0 };
  return { amplification: 0, constant: 1 / Math.sqrt((1 - beta2) * (1 - ratio)) };
}

/** With the decay of the weights: decoupled it is theirs, coupled it is amplified as any gradient. */
export const withDecay = (
  bound: Omit<UpdateBound, "decay">,
  decay: number,
  decoupled = false,
): UpdateBound => ({ ...bound, decay: decoupled ? decay : bound.amplification * decay });
