/** Layers that disturb what passes while training, so that no unit relies on another; else they do nothing. */
import { ShapeError } from "../../check/errors.js";
import { notNegative, share } from "../../check/kinds.js";
import { take } from "../../check/schema.js";
import { checkSurplus } from "../../check/surplus.js";
import { affine } from "../../graph/primitives/elementwise/affine.js";
import { add, multiply } from "../../graph/primitives/elementwise/binary.js";
import { fill } from "../../graph/primitives/elementwise/fill.js";
import { normalNoise } from "../../graph/primitives/noise/noise.js";
import { dropout } from "../../graph/primitives/random/dropout.js";
import { formatShape, ROWS, type Shape } from "../../graph/shape.js";
import type { Value } from "../../graph/value.js";
import { type Layer, layerTitle, makeLayer, NAME, type NameOptions } from "../layer.js";

/** A layer of no parameters that does something while training, unless its strength is 0. */
interface Disturbance {
  readonly kind: string;
  /** What its strength is called, and what it may be. */
  readonly of: "rate" | "deviation";
  disturb(x: Value, node: number): Value;
  /** @throws ShapeError for an input that it is not for */
  checkShape?(who: string, input: Shape): void;
}

function disturbance(
  { kind, of, disturb, checkShape }: Disturbance,
  strength: number,
  options: NameOptions,
): Layer {
  const who = layerTitle(kind, options?.name);
  const settled = take(who, options, NAME);
  (of === "rate" ? share() : notNegative())(who, of, strength);
  return makeLayer({
    kind,
    given: [strength],
    options: settled,
    arity: "one",
    layout: "elementwise",
    shape: ([x]) => {
      checkShape?.(who, x as Shape);
      return x as Shape;
    },
    parameters: () => [],
    build: ([x], _, { training, node }) => {
      const input = x as Value;
      return training && strength > 0 ? disturb(input, node) : input;
    },
  });
}

/** −lambda · alpha of SELU: what it goes to far below 0. */
const SELU_LOWEST = -1.7580993408473766;

/**
 * While training sets each element to −1.7581, where SELU saturates, with probability `rate`, then scales and shifts all
 * so that mean 0 and variance 1 stay what they are (Klambauer et al. 2017): dropout for networks of SELU.
 *
 *     y = a · (kept ? x : α) + b, α = −1.7581, q = 1 − rate, a = (q + α² q (1 − q))^−½, b = −a (1 − q) α
 *
 * The random numbers are those that `dropout` would draw in its place: see there.
 *
 * @param rate in [0, 1)
 * @throws OptionError for a rate outside [0, 1)
 */
export function alphaDropout(rate: number, options: NameOptions = {}): Layer {
  checkSurplus("alphaDropout", arguments, 2);
  const disturb: Disturbance["disturb"] = (x, node) => {
    const kept = 1 - rate;
    const scale = 1 / Math.sqrt(kept + SELU_LOWEST * SELU_LOWEST * kept * rate);
    const offset = -scale * rate * SELU_LOWEST;
    // kept ? x : α is α + kept · (x − α), and dropout divides what it keeps by 1 − rate: linear, so the mask is drawn
    // again for the gradient.
    const fromLowest = dropout(affine(x, { scale: 1, offset: -SELU_LOWEST }), { rate, node });
    return affine(fromLowest, { scale: scale * kept, offset: scale * SELU_LOWEST + offset });
  };
  return disturbance({ kind: "alphaDropout", of: "rate", disturb }, rate, options);
}

/**
 * While training sets whole channels of a row to 0, each with probability `rate`, and divides the others by 1 − rate
 * (Tompson et al. 2015): neighboring positions are alike, so a position alone tells little when it is dropped.
 *
 * x is [rows, …positions, channels]: PyTorch's Dropout1d to Dropout3d, Keras' SpatialDropout1D to 3D.
 *
 * With `accumulate`, micro-batches drop what the whole step would where the channels are a multiple of 4.
 *
 * @param rate in [0, 1)
 * @throws OptionError for a rate outside [0, 1); when it is called, ShapeError for an input without positions
 */
export function spatialDropout(rate: number, options: NameOptions = {}): Layer {
  checkSurplus("spatialDropout", arguments, 2);
  const disturb: Disturbance["disturb"] = (x, node) => {
    const shape = x.shape.map((size, axis) => (axis === 0 || axis === x.shape.length - 1 ? size : 1));
    return multiply(x, dropout(fill({ shape, value: 1 }), { rate, node }));
  };
  const checkShape: Disturbance["checkShape"] = (who, shape) => {
    if (shape.length >= 3 && shape[0] === ROWS) return;
    throw new ShapeError(
      `${who}: input is ${formatShape(shape)}; needs [rows, …positions, channels]. Use dropout() where there are no ` +
        "positions.",
    );
  };
  return disturbance({ kind: "spatialDropout", of: "rate", disturb, checkShape }, rate, options);
}

/**
 * While training adds noise of mean 0 and that standard deviation to each element: y = x + deviation · z, z normal.
 *
 * With `accumulate`, micro-batches draw what the whole step would where a row has a multiple of 4 elements.
 *
 * @param deviation at least 0; Keras' `stddev`
 * @throws OptionError for a deviation below 0
 */
export function gaussianNoise(deviation: number, options: NameOptions = {}): Layer {
  checkSurplus("gaussianNoise", arguments, 2);
  const disturb: Disturbance["disturb"] = (x, node) =>
    add(x, normalNoise({ shape: x.shape, mean: 0, deviation, node }));
  return disturbance({ kind: "gaussianNoise", of: "deviation", disturb }, deviation, options);
}

/**
 * While training multiplies each element by noise of mean 1 and variance rate / (1 − rate), which is that of dropout
 * (Srivastava et al. 2014, §10): y = x · (1 + √(rate / (1 − rate)) · z), z normal.
 *
 * With `accumulate`, micro-batches draw what the whole step would where a row has a multiple of 4 elements.
 *
 * @param rate in [0, 1)
 * @throws OptionError for a rate outside [0, 1)
 */
export function gaussianDropout(rate: number, options: NameOptions = {}): Layer {
  checkSurplus("gaussianDropout", arguments, 2);
  const disturb: Disturbance["disturb"] = (x, node) => {
    const deviation = Math.sqrt(rate / (1 - rate));
    return multiply(x, normalNoise({ shape: x.shape, mean: 1, deviation, node }));
  };
  return disturbance({ kind: "gaussianDropout", of: "rate", disturb }, rate, options);
}
