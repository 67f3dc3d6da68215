/**
 * Random numbers, drawn anew in each step. They follow from the seed, the step, the layer and the number of the call in
 * it alone, so the same model trains to the same bits everywhere.
 */
import { OptionError, ShapeError } from "../check/errors.js";
import { finite, notNegative, share } from "../check/kinds.js";
import { describe } from "../check/options.js";
import { take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import { normalNoise, uniformNoise } from "../graph/primitives/noise/noise.js";
import { dropout as dropoutOp } from "../graph/primitives/random/dropout.js";
import { ROWS, type Shape } from "../graph/shape.js";
import { isTraining, nextNode, type Value } from "../graph/value.js";
import { type Operand, toValue } from "./operand.js";

/** Of what normal distribution numbers are drawn. */
export interface NormalOptions {
  /** Default 0. */
  readonly mean?: number;
  /** The standard deviation, at least 0; default 1. */
  readonly deviation?: number;
}

/** Between what bounds numbers are drawn. */
export interface UniformOptions {
  /** Default 0. */
  readonly low?: number;
  /** At least `low`; default 1. */
  readonly high?: number;
}

/** @throws ShapeError unless it is one: whole sizes, and −1 for the rows once at most */
function checkShape(who: string, shape: Shape): void {
  if (!Array.isArray(shape))
    throw new ShapeError(`${who}: shape is ${describe(shape)}; needs an array of sizes.`);
  const odd = shape.find((size) => !Number.isSafeInteger(size) || (size < 0 && size !== ROWS));
  if (odd !== undefined) {
    throw new ShapeError(
      `${who}: a size is ${describe(odd)}; needs integers of at least 0, or −1 for the rows of the step.`,
    );
  }
  if (shape.filter((size) => size === ROWS).length > 1) {
    throw new ShapeError(`${who}: the shape has rows, −1, twice; needs them once at most.`);
  }
}

/**
 * While training sets each element to 0 with probability `rate` and divides the others by 1 − rate, which keeps their
 * mean (Srivastava et al. 2014, inverted form); otherwise y = x. Gradient: the same, with the same elements.
 *
 * @param rate in [0, 1)
 * @throws OptionError for a rate outside [0, 1)
 */
export function dropout(x: Operand, rate: number): Value {
  checkSurplus("dropout", arguments, 2);
  const value = toValue("dropout", x);
  share()("dropout", "rate", rate);
  // The number is taken in any case, so that those that follow do not depend on whether this one drops.
  const node = nextNode();
  return isTraining() && rate > 0 ? dropoutOp(value, { rate, node }) : value;
}

/**
 * Numbers of a normal distribution, drawn anew in each step by the method of Box and Muller.
 *
 * @param shape −1 stands for the rows of the step
 * @throws ShapeError for what is no shape
 * @throws OptionError unless the mean is finite and the deviation at least 0
 */
export function randomNormal(shape: Shape, options: NormalOptions = {}): Value {
  checkSurplus("randomNormal", arguments, 2);
  checkShape("randomNormal", shape);
  const settled = take("randomNormal", options, { mean: finite(0), deviation: notNegative(1) });
  return normalNoise({ shape: [...shape], ...settled, node: nextNode() });
}

/**
 * Numbers evenly over [low, high), drawn anew in each step. Rounding to f32 may bring the topmost up to `high`.
 *
 * @param shape −1 stands for the rows of the step
 * @throws ShapeError for what is no shape
 * @throws OptionError unless the bounds are finite and low ≤ high
 */
export function randomUniform(shape: Shape, options: UniformOptions = {}): Value {
  checkSurplus("randomUniform", arguments, 2);
  checkShape("randomUniform", shape);
  const { low, high } = take("randomUniform", options, { low: finite(0), high: finite(1) });
  if (low > high) {
    throw new OptionError(`randomUniform: low is ${low} and high ${high}; needs low ≤ high. Exchange them.`);
  }
  return uniformNoise({ shape: [...shape], low, high, node: nextNode() });
}
