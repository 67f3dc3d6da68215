/** Initializers with options, for `kernelInitializer` and its kind. */
import { OptionError } from "../../check/errors.js";
import { finite, notNegative, numberOf, oneOf } from "../../check/kinds.js";
import { take } from "../../check/schema.js";
import { checkSurplus } from "../../check/surplus.js";
import {
  constantly,
  type Fans,
  type Initializer,
  identityOf,
  normalOf,
  orthogonalOf,
  truncated,
  uniformWithin,
} from "./initializers.js";

export interface GainOptions {
  /** Factor on all weights; default 1. */
  readonly gain?: number;
}

/**
 * A kernel whose rows, or columns if they are fewer, are orthonormal, times `gain`: it keeps lengths, forward and
 * backward (Saxe, McClelland & Ganguli 2014). Evenly over all such kernels: the Q of a normal matrix whose R has a
 * positive diagonal, as in PyTorch. Of more than two axes all but the last count as rows, as in Keras.
 *
 * @throws OptionError unless the gain is finite; where it is used, for a parameter of fewer than two axes
 */
export function orthogonal(options: GainOptions = {}): Initializer {
  checkSurplus("orthogonal", arguments, 1);
  const settled = take("orthogonal", options, { gain: finite(1) });
  const initial: Initializer["initial"] = (who, _, shape) => orthogonalOf(who, settled.gain, shape);
  return { name: "orthogonal", options: settled, initial };
}

/**
 * `gain` on the main diagonal of a kernel [in, out], 0 elsewhere.
 *
 * @throws OptionError unless the gain is finite; where it is used, for a parameter that has not two axes
 */
export function identity(options: GainOptions = {}): Initializer {
  checkSurplus("identity", arguments, 1);
  const settled = take("identity", options, { gain: finite(1) });
  const initial: Initializer["initial"] = (who, _, shape) => identityOf(who, settled.gain, shape);
  return { name: "identity", options: settled, initial };
}

/** One number everywhere. @throws OptionError unless it is finite */
export function constant(value: number): Initializer {
  checkSurplus("constant", arguments, 1);
  finite()("constant", "value", value);
  return { name: "constant", given: [value], options: {}, initial: () => constantly(value) };
}

export interface UniformInitializerOptions {
  /** Default −1. */
  readonly low?: number;
  /** At least `low`; default 1. */
  readonly high?: number;
}

/** Evenly over [low, high). @throws OptionError unless the bounds are finite and low ≤ high */
export function uniform(options: UniformInitializerOptions = {}): Initializer {
  checkSurplus("uniform", arguments, 1);
  const settled = take("uniform", options, { low: finite(-1), high: finite(1) });
  const { low, high } = settled;
  if (low > high) {
    throw new OptionError(`uniform: low is ${low} and high ${high}; needs low ≤ high. Exchange them.`);
  }
  return { name: "uniform", options: settled, initial: () => ({ low, high }) };
}

export interface NormalInitializerOptions {
  /** Default 0. */
  readonly mean?: number;
  /** The standard deviation, at least 0; default 1, as in PyTorch, where Keras has 0.05. */
  readonly deviation?: number;
}

const takeNormal = (who: string, options: NormalInitializerOptions) =>
  take(who, options, { mean: finite(0), deviation: notNegative(1) });

/** A normal distribution. @throws OptionError unless the mean is finite and the deviation at least 0 */
export function normal(options: NormalInitializerOptions = {}): Initializer {
  checkSurplus("normal", arguments, 1);
  const settled = takeNormal("normal", options);
  return { name: "normal", options: settled, initial: () => ({ ...settled, limit: 0 }) };
}

/**
 * A normal distribution without what is more than two deviations from the mean, which is drawn again. As in Keras and
 * PyTorch, `deviation` is that before; what is left has 0.8796 of it.
 *
 * @throws OptionError unless the mean is finite and the deviation at least 0
 */
export function truncatedNormal(options: NormalInitializerOptions = {}): Initializer {
  checkSurplus("truncatedNormal", arguments, 1);
  const settled = takeNormal("truncatedNormal", options);
  const { mean, deviation } = settled;
  return { name: "truncatedNormal", options: settled, initial: () => truncated(mean, deviation) };
}

/** The deviation of a normal distribution of deviation 1 that is truncated at ±2: √(1 − 4 φ(2) / (2 Φ(2) − 1)). */
const TRUNCATED_DEVIATION = 0.87962566103423978;

export interface VarianceScalingOptions {
  /** Above 0; default 1. */
  readonly scale?: number;
  /** What the scale is divided by: inputs, outputs, or the mean of both; default `fanIn`. */
  readonly mode?: "fanIn" | "fanOut" | "fanAverage";
  /** Default `truncatedNormal`, as in Keras. */
  readonly distribution?: "uniform" | "normal" | "truncatedNormal";
}

const FANS = {
  fanIn: ({ fanIn }: Fans) => fanIn,
  fanOut: ({ fanOut }: Fans) => fanOut,
  fanAverage: ({ fanIn, fanOut }: Fans) => (fanIn + fanOut) / 2,
};

const DISTRIBUTIONS = {
  uniform: (variance: number) => uniformWithin(Math.sqrt(3 * variance)),
  normal: (variance: number) => normalOf(Math.sqrt(variance)),
  truncatedNormal: (variance: number) => truncated(0, Math.sqrt(variance) / TRUNCATED_DEVIATION),
};

/**
 * Mean 0 and variance scale / fan, by whatever distribution: that of a truncated one is corrected for what it leaves
 * out. As in Keras, whose `heNormal` is `varianceScaling({ scale: 2 })`.
 *
 * @throws OptionError unless the scale is above 0, and for a mode or a distribution that does not exist
 */
export function varianceScaling(options: VarianceScalingOptions = {}): Initializer {
  checkSurplus("varianceScaling", arguments, 1);
  const who = "varianceScaling";
  const settled = take(who, options, {
    scale: numberOf("a number above 0", (s) => s > 0)(1),
    mode: oneOf(FANS, "fanIn"),
    distribution: oneOf(DISTRIBUTIONS, "truncatedNormal"),
  });
  const { scale, mode, distribution } = settled;
  const initial: Initializer["initial"] = (_, fans) => DISTRIBUTIONS[distribution](scale / FANS[mode](fans));
  return { name: who, options: settled, initial };
}
