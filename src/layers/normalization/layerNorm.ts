/** Normalization of each row by itself, along its features. */
import { ShapeError } from "../../check/errors.js";
import { axisOption } from "../../check/kinds.js";
import { type Kind, take } from "../../check/schema.js";
import { checkSurplus } from "../../check/surplus.js";
import { formatShape, ROWS, type Shape } from "../../graph/shape.js";
import {
  epsilonOf,
  RMS_EPSILON,
  layerNorm as withLayer,
  rmsNorm as withMeanSquare,
} from "../../ops/normalization.js";
import { toAxes } from "../../ops/operand.js";
import { type Layer, layerTitle } from "../layer.js";
import { rowNorm } from "./rowNorm.js";
import {
  centerSchema,
  type ScaleAndCenterOptions,
  type ScaleOptions,
  scaleAndCenter,
  scaleSchema,
} from "./scaleAndCenter.js";

export interface LayerNormLayerOptions extends ScaleAndCenterOptions {
  /** One axis or several but the rows, below 0 counted from the end; default −1, the last. */
  readonly axis?: number | readonly number[];
  /** Added to the variance; above 0, default 1e-5, as in PyTorch (Keras: 1e-3). */
  readonly epsilon?: number;
}

export interface RmsNormLayerOptions extends ScaleOptions {
  /** One axis or several but the rows, below 0 counted from the end; default −1, the last. */
  readonly axis?: number | readonly number[];
  /** Added to the mean square; above 0, default 2⁻²³, as in PyTorch. */
  readonly epsilon?: number;
}

type Axes = number | readonly number[];

const layerAxes: Kind<Axes, Axes | undefined> = (who, name, given = -1) => {
  for (const one of Array.isArray(given) ? given : [given]) axisOption()(who, name, one);
  return given;
};

/** The axes that an option names. @throws ShapeError where they are not there, or of no known size */
function axesOf(who: string, shape: Shape, axis: Axes): number[] {
  const axes = shape.length < 2 ? [] : toAxes(who, axis, shape.length);
  if (axes.length > 0 && axes.every((one) => shape[one] !== ROWS)) return axes;
  throw new ShapeError(
    `${who}: input is ${formatShape(shape)}; needs [rows, …, features], and axes other than the rows, which are ` +
      "normalized each by itself. Use batchNorm() to normalize over them.",
  );
}

/**
 * y = gamma · (x − mean) / √(variance + epsilon) + beta of each row, along its axes (Ba, Kiros & Hinton 2016): the same
 * in training and without, for one row or many. The variance is Σ (x − mean)² / n; gamma and beta have one number for
 * each place along the axes, as in PyTorch and Keras.
 *
 * Weight decay applies to gamma and beta, as in PyTorch: a group of the optimizer with decay 0 leaves them out.
 *
 * @throws OptionError for options outside their domains; when it is called, ShapeError for an input without those axes
 */
export function layerNorm(options: LayerNormLayerOptions = {}): Layer {
  checkSurplus("layerNorm", arguments, 1);
  const who = layerTitle("layerNorm", options?.name);
  const settled = take(who, options, { axis: layerAxes, epsilon: epsilonOf(), ...centerSchema(true) });
  const { axis, epsilon } = settled;
  return rowNorm({
    kind: "layerNorm",
    options: settled,
    scaling: scaleAndCenter(who, settled),
    axesOf: (shape) => axesOf(who, shape, axis),
    normalize: (x) => withLayer(x, { axis: axesOf(who, x.shape, axis), epsilon }),
  });
}

/**
 * y = gamma · x / √(Σ x² / n + epsilon) of each row, along its axes (Zhang & Sennrich 2019): layerNorm without the mean,
 * and without beta.
 *
 * @throws OptionError for options outside their domains; when it is called, ShapeError for an input without those axes
 */
export function rmsNorm(options: RmsNormLayerOptions = {}): Layer {
  checkSurplus("rmsNorm", arguments, 1);
  const who = layerTitle("rmsNorm", options?.name);
  const schema = { axis: layerAxes, epsilon: epsilonOf(RMS_EPSILON), ...scaleSchema(true) };
  const settled = take(who, options, schema);
  const { axis, epsilon } = settled;
  return rowNorm({
    kind: "rmsNorm",
    options: settled,
    scaling: scaleAndCenter(who, settled),
    axesOf: (shape) => axesOf(who, shape, axis),
    normalize: (x) => withMeanSquare(x, { axis: axesOf(who, x.shape, axis), epsilon }),
  });
}
