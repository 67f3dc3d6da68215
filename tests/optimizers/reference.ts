/** The optimizers in f64, by the formulas of their docstrings in src/optimizers, and clip_grad_norm_ without its 1e-6. */
import type {
  AdadeltaOptions,
  AdagradOptions,
  AdamaxOptions,
  AdamOptions,
  AdamWOptions,
  LionOptions,
  NadamOptions,
  OptimizerName,
  RadamOptions,
  RmspropOptions,
  SgdOptions,
} from "../../src/index.js";

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

/** One step in place; `t` counts from 1, mean, variance and, for AMSGrad, `largest` start at zero. */
export function adam(
  w: Float64Array,
  mean: Float64Array,
  variance: Float64Array,
  gradient: ArrayLike<number>,
  t: number,
  s: AdamSettings,
  largest?: Float64Array,
): void {
  for (let i = 0; i < w.length; i++) {
    if (s.decoupled) w[i]! *= 1 - s.learningRate * s.weightDecay;
    const g = gradient[i]! + (s.decoupled ? 0 : s.weightDecay * w[i]!);
    mean[i] = s.beta1 * mean[i]! + (1 - s.beta1) * g;
    variance[i] = s.beta2 * variance[i]! + (1 - s.beta2) * g * g;
    const meanHat = mean[i]! / (1 - s.beta1 ** t);
    if (largest) largest[i] = Math.max(largest[i]!, variance[i]!);
    const varianceHat = (largest ?? variance)[i]! / (1 - s.beta2 ** t);
    w[i]! -= (s.learningRate * meanHat) / (Math.sqrt(varianceHat) + s.epsilon);
  }
}

/** What one weight becomes in step t, from 1 on. What it remembers of that weight is its own. */
export type Weight = (w: number, gradient: number, t: number) => number;

/** For each optimizer its definition: a memory for one weight. */
export interface Definitions {
  sgd(options: SgdOptions): Weight;
  adagrad(options: AdagradOptions): Weight;
  rmsprop(options: RmspropOptions): Weight;
  adadelta(options: AdadeltaOptions): Weight;
  adam(options: AdamOptions): Weight;
  adamW(options: AdamWOptions): Weight;
  adamax(options: AdamaxOptions): Weight;
  nadam(options: NadamOptions): Weight;
  radam(options: RadamOptions): Weight;
  lion(options: LionOptions): Weight;
}

export type DefinedName = keyof Definitions & OptimizerName;

const rateOf = (rate: unknown, standard: number) => (typeof rate === "number" ? rate : standard);

const sign = (x: number) => (x > 0 ? 1 : x < 0 ? -1 : 0);

export const definitions: Definitions = {
  sgd({ learningRate, momentum = 0, nesterov = false, weightDecay = 0 }) {
    const settings = { learningRate: rateOf(learningRate, 0.01), momentum, nesterov, weightDecay };
    const [w, velocity] = [new Float64Array(1), new Float64Array(1)];
    return (before, gradient) => {
      w[0] = before;
      sgd(w, velocity, [gradient], settings);
      return w[0];
    };
  },

  adagrad({
    learningRate,
    learningRateDecay = 0,
    initialAccumulatorValue = 0,
    epsilon = 1e-10,
    weightDecay = 0,
  }) {
    const rate = rateOf(learningRate, 0.01);
    let s = initialAccumulatorValue;
    return (w, gradient, t) => {
      const g = gradient + weightDecay * w;
      s += g * g;
      return w - ((rate / (1 + (t - 1) * learningRateDecay)) * g) / (Math.sqrt(s) + epsilon);
    };
  },

  rmsprop({ learningRate, rho = 0.99, momentum = 0, centered = false, epsilon = 1e-8, weightDecay = 0 }) {
    const rate = rateOf(learningRate, 0.01);
    let [v, a, b] = [0, 0, 0];
    return (w, gradient) => {
      const g = gradient + weightDecay * w;
      v = rho * v + (1 - rho) * g * g;
      a = centered ? rho * a + (1 - rho) * g : 0;
      b = momentum * b + g / (Math.sqrt(v - a * a) + epsilon);
      return w - rate * b;
    };
  },

  adadelta({ learningRate, rho = 0.9, epsilon = 1e-6, weightDecay = 0 }) {
    const rate = rateOf(learningRate, 1);
    let [v, a] = [0, 0];
    return (w, gradient) => {
      const g = gradient + weightDecay * w;
      v = rho * v + (1 - rho) * g * g;
      const d = (Math.sqrt(a + epsilon) / Math.sqrt(v + epsilon)) * g;
      a = rho * a + (1 - rho) * d * d;
      return w - rate * d;
    };
  },

  adam({ learningRate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0, ...rest }) {
    const { decoupled = false, amsgrad = false } = rest;
    const rate = rateOf(learningRate, 0.001);
    const settings = { learningRate: rate, beta1, beta2, epsilon, weightDecay, decoupled };
    const [w, mean, variance] = [new Float64Array(1), new Float64Array(1), new Float64Array(1)];
    const largest = amsgrad ? new Float64Array(1) : undefined;
    return (before, gradient, t) => {
      w[0] = before;
      adam(w, mean, variance, [gradient], t, settings, largest);
      return w[0];
    };
  },

  adamW: ({ weightDecay = 0.01, ...options }) =>
    definitions.adam({ ...options, weightDecay, decoupled: true }),

  adamax({ learningRate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0 }) {
    const rate = rateOf(learningRate, 0.002);
    let [m, u] = [0, 0];
    return (w, gradient, t) => {
      const g = gradient + weightDecay * w;
      m = beta1 * m + (1 - beta1) * g;
      u = Math.max(beta2 * u, Math.abs(g) + epsilon);
      return w - ((rate / (1 - beta1 ** t)) * m) / u;
    };
  },

  nadam({
    learningRate,
    beta1 = 0.9,
    beta2 = 0.999,
    epsilon = 1e-8,
    momentumDecay = 0.004,
    weightDecay = 0,
    decoupled = false,
  }) {
    const rate = rateOf(learningRate, 0.002);
    const momentum = (t: number) => beta1 * (1 - 0.5 * 0.96 ** (t * momentumDecay));
    let [m, v, product] = [0, 0, 1];
    return (w, gradient, t) => {
      const g = gradient + (decoupled ? 0 : weightDecay * w);
      m = beta1 * m + (1 - beta1) * g;
      v = beta2 * v + (1 - beta2) * g * g;
      product *= momentum(t);
      const next = momentum(t + 1);
      const step = (next * m) / (1 - product * next) + ((1 - momentum(t)) * g) / (1 - product);
      const kept = decoupled ? w * (1 - rate * weightDecay) : w;
      return kept - (rate * step) / (Math.sqrt(v / (1 - beta2 ** t)) + epsilon);
    };
  },

  radam({ learningRate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0, decoupled = false }) {
    const rate = rateOf(learningRate, 0.001);
    const longest = 2 / (1 - beta2) - 1;
    let [m, v] = [0, 0];
    return (w, gradient, t) => {
      const g = gradient + (decoupled ? 0 : weightDecay * w);
      m = beta1 * m + (1 - beta1) * g;
      v = beta2 * v + (1 - beta2) * g * g;
      const unbiased = 1 - beta2 ** t;
      const length = longest - (2 * t * beta2 ** t) / unbiased;
      const kept = decoupled ? w * (1 - rate * weightDecay) : w;
      const step = (rate * m) / (1 - beta1 ** t);
      if (length <= 5) return kept - step;
      const above = (length - 4) * (length - 2) * longest;
      const below = (longest - 4) * (longest - 2) * length;
      return kept - (step * Math.sqrt((above / below) * unbiased)) / (Math.sqrt(v) + epsilon);
    };
  },

  lion({ learningRate, beta1 = 0.9, beta2 = 0.99, weightDecay = 0 }) {
    const rate = rateOf(learningRate, 0.0001);
    let m = 0;
    return (w, g) => {
      const change = sign(beta1 * m + (1 - beta1) * g) + weightDecay * w;
      m = beta2 * m + (1 - beta2) * g;
      return w - rate * change;
    };
  },
};

/** The definition with options of any optimizer. */
export const define = (name: string, options: object): Weight => definitions[name as DefinedName](options);
