/** Updates in f64 with PyTorch's semantics: torch.optim.SGD, Adam, AdamW and clip_grad_norm_ without its 1e-6. */

/** ‖g‖ = √Σ g². */
export const gradientNorm = (gradient: ArrayLike<number>): number =>
  Math.sqrt(Array.from(gradient).reduce((sum, g) => sum + g * g, 0));

/** The factor that brings a gradient of that norm down to the maximum; 0 clips nothing. */
export const clipFactor = (norm: number, maximum: number): number =>
  maximum > 0 && norm > maximum ? maximum / norm : 1;

export interface SgdSettings {
  readonly learningRate: number;
  readonly momentum: number;
  readonly nesterov: boolean;
  readonly weightDecay: number;
}

/** One step in place; `velocity` starts at zero. */
export function sgd(
  w: Float64Array,
  velocity: Float64Array,
  gradient: ArrayLike<number>,
  s: SgdSettings,
): void {
  for (let i = 0; i < w.length; i++) {
    const g = gradient[i]! + s.weightDecay * w[i]!;
    velocity[i] = s.momentum * velocity[i]! + g;
    w[i]! -= s.learningRate * (s.nesterov ? g + s.momentum * velocity[i]! : velocity[i]!);
  }
}

export interface AdamSettings {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
  readonly decoupled: boolean;
}

/** One step in place; `t` counts from 1, mean and variance start at zero. */
export function adam(
  w: Float64Array,
  mean: Float64Array,
  variance: Float64Array,
  gradient: ArrayLike<number>,
  t: number,
  s: AdamSettings,
): void {
  for (let i = 0; i < w.length; i++) {
    if (s.decoupled) w[i]! *= 1 - s.learningRate * s.weightDecay;
    const g = gradient[i]! + (s.decoupled ? 0 : s.weightDecay * w[i]!);
    mean[i] = s.beta1 * mean[i]! + (1 - s.beta1) * g;
    variance[i] = s.beta2 * variance[i]! + (1 - s.beta2) * g * g;
    const meanHat = mean[i]! / (1 - s.beta1 ** t);
    const varianceHat = variance[i]! / (1 - s.beta2 ** t);
    w[i]! -= (s.learningRate * meanHat) / (Math.sqrt(varianceHat) + s.epsilon);
  }
}
