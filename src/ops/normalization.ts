/** Values brought to mean 0 and variance 1, or to a mean square of 1, along some of their axes. */
import { ShapeError } from "../check/errors.js";
import { integer, later, numberOf } from "../check/kinds.js";
import { type Kind, take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import { reshape } from "../graph/primitives/move/reshape.js";
import { normalize } from "../graph/primitives/normalize/normalize.js";
import { formatShape, ROWS } from "../graph/shape.js";
import type { Value } from "../graph/value.js";
import { type Operand, toAxes, toAxis, toValue } from "./operand.js";

/** What keeps a normalization finite. */
export interface NormOptions {
  /** Added to the variance; above 0, default 1e-5. */
  readonly epsilon?: number;
}

/** Along what is normalized. */
export interface LayerNormOptions extends NormOptions {
  /** One axis or several, below 0 counted from the end; default −1, the last. */
  readonly axis?: number | readonly number[];
}

/** Along what is normalized. */
export interface RmsNormOptions extends LayerNormOptions {
  /** Added to the mean square; above 0, default 2⁻²³, as in PyTorch. */
  readonly epsilon?: number;
}

/** For what every statistic is one. */
export interface BatchNormOptions extends NormOptions {
  /** The features' axis, below 0 counted from the end; default −1, the last. */
  readonly axis?: number;
}

/** The smallest step of an f32 at 1: what PyTorch adds to a mean square. */
export const RMS_EPSILON = 2 ** -23;

/** The kind of the axes that are normalized: which there are is known with the shape. */
const someAxes: Kind<number | readonly number[], number | readonly number[] | undefined> =
  /* @__PURE__ */ later<number | readonly number[]>(-1);

/** The kind of what is added to a variance. */
export const epsilonOf = (fallback = 1e-5): Kind<number, number | undefined> =>
  numberOf("a number above 0", (value) => value > 0)(fallback);

function withAxes(who: string, x: Operand): Value {
  const value = toValue(who, x);
  if (value.shape.length > 0) return value;
  throw new ShapeError(`${who}: got a scalar; needs at least one axis. Use reshape(x, [1]).`);
}

/**
 * y = (x − mean) / √(variance + epsilon) along the axes, the variance being Σ (x − mean)² / n (Ba, Kiros & Hinton
 * 2016), in two passes: a mean far from 0 does not drown the variance. Equal numbers become 0.
 *
 * @throws ShapeError for a scalar, or an axis that there is not
 * @throws OptionError unless epsilon is above 0
 */
export function layerNorm(x: Operand, options: LayerNormOptions = {}): Value {
  checkSurplus("layerNorm", arguments, 2);
  const { axis, epsilon } = take("layerNorm", options, { axis: someAxes, epsilon: epsilonOf() });
  const value = withAxes("layerNorm", x);
  return normalize(value, { axes: toAxes("layerNorm", axis, value.shape.length), epsilon, centered: true });
}

/**
 * y = x / √(Σ x² / n + epsilon) along the axes (Zhang & Sennrich 2019).
 *
 * @throws ShapeError for a scalar, or an axis that there is not
 * @throws OptionError unless epsilon is above 0
 */
export function rmsNorm(x: Operand, options: RmsNormOptions = {}): Value {
  checkSurplus("rmsNorm", arguments, 2);
  const { axis, epsilon } = take("rmsNorm", options, { axis: someAxes, epsilon: epsilonOf(RMS_EPSILON) });
  const value = withAxes("rmsNorm", x);
  return normalize(value, { axes: toAxes("rmsNorm", axis, value.shape.length), epsilon, centered: false });
}

/**
 * y = (x − mean) / √(variance + epsilon) of each feature over all other axes, the rows among them (Ioffe & Szegedy
 * 2015): with the statistics of this step, or micro-batch, in training and without. The layer `batchNorm` keeps running
 * averages of them.
 *
 * @throws ShapeError for a scalar, or an axis that there is not
 * @throws OptionError unless epsilon is above 0
 */
export function batchNorm(x: Operand, options: BatchNormOptions = {}): Value {
  checkSurplus("batchNorm", arguments, 2);
  const { axis, epsilon } = take("batchNorm", options, { axis: later(-1), epsilon: epsilonOf() });
  const value = withAxes("batchNorm", x);
  const features = toAxis("batchNorm", axis, value.shape.length);
  const axes = value.shape.flatMap((_, i) => (i === features ? [] : [i]));
  return normalize(value, { axes, epsilon, centered: true });
}

/**
 * y = (x − mean) / √(variance + epsilon) of each row and group of channels, over its positions (Wu & He 2018).
 *
 * @param x [rows, …positions, channels]
 * @param groups into which the channels are divided, neighbors together
 * @throws ShapeError where x has fewer than two axes, or channels that the groups do not divide
 * @throws OptionError unless groups is an integer of at least 1, and epsilon above 0
 */
export function groupNorm(x: Operand, groups: number, options: NormOptions = {}): Value {
  checkSurplus("groupNorm", arguments, 3);
  const { epsilon } = take("groupNorm", options, { epsilon: epsilonOf() });
  integer(1)("groupNorm", "groups", groups);
  const value = toValue("groupNorm", x);
  const { shape } = value;
  const channels = shape.at(-1);
  if (shape.length < 2 || channels === ROWS || (channels as number) % groups !== 0) {
    throw new ShapeError(
      `groupNorm: x is ${formatShape(shape)}; needs [rows, …positions, channels], with a multiple of ${groups} ` +
        "channels, one for each group.",
    );
  }
  const parted = [...shape.slice(0, -1), groups, (channels as number) / groups];
  const axes = parted.flatMap((_, axis) => (axis === 0 || axis === parted.length - 2 ? [] : [axis]));
  const y = normalize(reshape(value, { shape: parted }), { axes, epsilon, centered: true });
  return reshape(y, { shape });
}

/**
 * y = (x − mean) / √(variance + epsilon) of each row and channel, over its positions (Ulyanov, Vedaldi & Lempitsky
 * 2016).
 *
 * @param x [rows, …positions, channels]
 * @throws ShapeError where x has fewer than three axes
 * @throws OptionError unless epsilon is above 0
 */
export function instanceNorm(x: Operand, options: NormOptions = {}): Value {
  checkSurplus("instanceNorm", arguments, 2);
  const { epsilon } = take("instanceNorm", options, { epsilon: epsilonOf() });
  const value = toValue("instanceNorm", x);
  const { shape } = value;
  if (shape.length < 3) {
    throw new ShapeError(
      `instanceNorm: x is ${formatShape(shape)}; needs [rows, …positions, channels]. Use layerNorm where there are no ` +
        "positions.",
    );
  }
  const axes = shape.flatMap((_, axis) => (axis === 0 || axis === shape.length - 1 ? [] : [axis]));
  return normalize(value, { axes, epsilon, centered: true });
}
