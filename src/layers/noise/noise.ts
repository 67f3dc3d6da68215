/** Layers that disturb what passes while training, so that no unit relies on another; else they do nothing. */
import { ShapeError } from "../../check/errors.js";
import { checkKeys, checkNotNegative, checkShare } from "../../check/options.js";
import { affine } from "../../graph/primitives/elementwise/affine.js";
import { add, multiply } from "../../graph/primitives/elementwise/binary.js";
import { fill } from "../../graph/primitives/elementwise/fill.js";
import { normalNoise } from "../../graph/primitives/noise/noise.js";
import { dropout } from "../../graph/primitives/random/dropout.js";
import { formatShape, ROWS, type Shape } from "../../graph/shape.js";
import type { Value } from "../../graph/value.js";
import { type Layer, layerTitle, makeLayer, type NameOptions } from "../layer.js";

const checkRate = (who: string, rate: number) => checkShare(who, "rate", rate);

/** A layer of no parameters that does something while training, unless it is too weak to. */
function disturbance(
  kind: string,
  options: NameOptions,
  isActive: boolean,
  disturb: (x: Value, node: number) => Value,
  checkShape: (input: Shape) => void = () => undefined,
): Layer {
  return makeLayer({
    kind,
    name: options.name,
    arity: "one",
    shape: ([x]) => {
      checkShape(x as Shape);
      return x as Shape;
    },
    parameters: () => [],
    build: ([x], _, { training, node }) => {
      const input = x as Value;
      return training && isActive ? disturb(input, node) : input;
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
  const who = layerTitle("alphaDropout", options?.name);
  checkKeys(who, options, ["name"]);
  checkRate(who, rate);
  const kept = 1 - rate;
  const scale = 1 / Math.sqrt(kept + SELU_LOWEST * SELU_LOWEST * kept * rate);
  const offset = -scale * rate * SELU_LOWEST;
  return disturbance("alphaDropout", options, rate > 0, (x, node) => {
    // kept ? x : α is α + kept · (x − α), and dropout divides what it keeps by 1 − rate: linear, so the mask is drawn
    // again for the gradient.
    const fromLowest = dropout(affine(x, { scale: 1, offset: -SELU_LOWEST }), { rate, node });
    return affine(fromLowest, { scale: scale * kept, offset: scale * SELU_LOWEST + offset });
  });
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
  const who = layerTitle("spatialDropout", options?.name);
  checkKeys(who, options, ["name"]);
  checkRate(who, rate);
  const drop = (x: Value, node: number) => {
    const shape = x.shape.map((size, axis) => (axis === 0 || axis === x.shape.length - 1 ? size : 1));
    return multiply(x, dropout(fill({ shape, value: 1 }), { rate, node }));
  };
  return disturbance("spatialDropout", options, rate > 0, drop, (shape) => {
    if (shape.length >= 3 && shape[0] === ROWS) return;
    throw new ShapeError(
      `${who}: input is ${formatShape(shape)}; needs [rows, …positions, channels]. Use dropout() where there are no ` +
        "positions.",
    );
  });
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
  const who = layerTitle("gaussianNoise", options?.name);
  checkKeys(who, options, ["name"]);
  checkNotNegative(who, "deviation", deviation);
  return disturbance("gaussianNoise", options, deviation > 0, (x, node) =>
    add(x, normalNoise({ shape: x.shape, mean: 0, deviation, node })),
  );
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
  const who = layerTitle("gaussianDropout", options?.name);
  checkKeys(who, options, ["name"]);
  checkRate(who, rate);
  const deviation = Math.sqrt(rate / (1 - rate));
  return disturbance("gaussianDropout", options, rate > 0, (x, node) =>
    multiply(x, normalNoise({ shape: x.shape, mean: 1, deviation, node })),
  );
}
