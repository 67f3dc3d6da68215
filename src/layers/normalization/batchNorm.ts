import { ShapeError } from "../../check/errors.js";
import { axisOption, share } from "../../check/kinds.js";
import { take } from "../../check/schema.js";
import { checkSurplus } from "../../check/surplus.js";
import { affine } from "../../graph/primitives/elementwise/affine.js";
import { add, divide, maximum, multiply, subtract } from "../../graph/primitives/elementwise/binary.js";
import { fill } from "../../graph/primitives/elementwise/fill.js";
import { greaterThan, reciprocalSquareRoot, square } from "../../graph/primitives/elementwise/unary.js";
import { mean, sum } from "../../graph/primitives/reduce/sum.js";
import { formatShape, ROWS, type Shape, sizeOf } from "../../graph/shape.js";
import type { Value } from "../../graph/value.js";
import { epsilonOf, batchNorm as withBatch } from "../../ops/normalization.js";
import { toAxis } from "../../ops/operand.js";
import { type Layer, layerTitle, makeLayer, type ParameterDeclaration } from "../layer.js";
import { alongAxes, centerSchema, type ScaleAndCenterOptions, scaleAndCenter } from "./scaleAndCenter.js";

export interface BatchNormLayerOptions extends ScaleAndCenterOptions {
  /** The features' axis, below 0 counted from the end; default −1, the last. */
  readonly axis?: number;
  /** Share of a running average that a step keeps, in [0, 1); default 0.9, PyTorch's momentum of 0.1 (Keras: 0.99). */
  readonly momentum?: number;
  /** Added to the variance; above 0, default 1e-5, as in PyTorch (Keras: 1e-3). */
  readonly epsilon?: number;
}

/** The statistics that a step has found; of one number there are none, and `otherwise` stands for them. */
interface Statistics {
  mean(otherwise: Value): Value;
  variance(otherwise: Value): Value;
}

/**
 * Mean and unbiased variance of each feature over the other axes. The mean is corrected by that of what is left when it
 * is taken off, so that neither suffers where the features lie far from 0 (Chan, Golub & LeVeque 1983).
 *
 * One number has no variance: Σ would be divided by 0.
 */
function statisticsOf(x: Value, feature: number): Statistics {
  const axes = x.shape.flatMap((_, axis) => (axis === feature ? [] : [axis]));
  const near = mean(x, { axes });
  const d = subtract(x, alongAxes(near, x.shape, [feature]));
  const rest = mean(d, { axes });
  const { factor } = sizeOf(axes.map((axis) => x.shape[axis] as number));
  const rows = sum(fill({ shape: [ROWS], value: 1 }), { axes: [0] });
  const n = affine(rows, { scale: factor, offset: 0 });
  const number = (value: number) => fill({ shape: [], value });
  const freedom = maximum(affine(rows, { scale: factor, offset: -1 }), number(1));
  // Σ (d − rest)² = Σ d² − n · rest²
  const squares = subtract(sum(square(d), { axes }), multiply(square(rest), n));
  // By arithmetic, which is in the core; what is not chosen is finite too, or the training diverges without it.
  const isMany = greaterThan(n, { threshold: 1 });
  const isOne = affine(isMany, { scale: -1, offset: 1 });
  const ofMany = (found: Value, otherwise: Value) =>
    factor > 1 ? found : add(multiply(found, isMany), multiply(otherwise, isOne));
  return {
    mean: (otherwise) => ofMany(add(near, rest), otherwise),
    variance: (otherwise) => ofMany(divide(maximum(squares, number(0)), freedom), otherwise),
  };
}

/**
 * y = gamma · (x − mean) / √(variance + epsilon) + beta, for each feature over all other axes (Ioffe & Szegedy 2015).
 *
 * While training, mean and variance are those of the rows of the step, the variance being Σ (x − mean)² / n. Running
 * averages, the weights `movingMean` and `movingVariance`, follow them: after each step
 *
 *     moving = momentum · moving + (1 − momentum) · statistic
 *
 * where the statistic is the mean, or the unbiased variance Σ (x − mean)² / (n − 1), as in PyTorch; Keras takes the
 * biased one. `evaluate` and `predict` normalize by the running averages. With `accumulate` each micro-batch is
 * normalized by itself, and the averages follow the mean of what the micro-batches found. One row in training, where
 * there is one number for each feature, becomes beta and leaves the averages as they are, of which `health` tells;
 * PyTorch refuses it.
 *
 * Frozen, by `trainable: false` or `freeze`, it normalizes by the running averages in training too, and they stay as
 * they are: that is Keras' meaning, where PyTorch would go on to move them. With gamma and beta left out it is frozen
 * and unfrozen all the same.
 *
 * Weight decay applies to gamma and beta, as in PyTorch: a group of the optimizer with decay 0 leaves them out. No bias
 * is needed in a layer right before it: `dense(64, { useBias: false })`.
 *
 * @throws OptionError for options outside their domains; when it is called, ShapeError for an input without features
 */
export function batchNorm(options: BatchNormLayerOptions = {}): Layer {
  checkSurplus("batchNorm", arguments, 1);
  const who = layerTitle("batchNorm", options?.name);
  const settled = take(who, options, {
    axis: axisOption(-1),
    momentum: share(0.9),
    epsilon: epsilonOf(),
    ...centerSchema(true),
  });
  const { axis, momentum, epsilon } = settled;
  const scaling = scaleAndCenter(who, settled);
  const featureOf = (shape: Shape) => {
    const feature = shape.length === 0 ? 0 : toAxis(who, axis, shape.length);
    if (shape.length > 1 && shape[feature] !== ROWS) return feature;
    throw new ShapeError(
      `${who}: input is ${formatShape(shape)}; needs [rows, …, features], and an axis of features, whose number is known.`,
    );
  };
  const average = (name: string, shape: Shape, start: number): ParameterDeclaration => ({
    name,
    shape,
    initial: { low: start, high: start },
    decay: false,
    average: 1 - momentum,
  });
  return makeLayer({
    kind: "batchNorm",
    options: settled,
    arity: "one",
    layout: "normalization",
    shape: ([x]) => {
      featureOf(x as Shape);
      return x as Shape;
    },
    parameters: ([x]) => {
      const shape = [(x as Shape)[featureOf(x as Shape)] as number];
      return [
        average("movingMean", shape, 0),
        average("movingVariance", shape, 1),
        ...scaling.declare(shape),
      ];
    },
    build: ([input], [movingMean, movingVariance, ...parameters], context) => {
      const { training, frozen, setAverage } = context;
      const x = input as Value;
      const feature = featureOf(x.shape);
      const use = { parameters, axes: [feature], context };
      if (training && !frozen) {
        const found = statisticsOf(x, feature);
        setAverage(movingMean as Value, found.mean(movingMean as Value));
        setAverage(movingVariance as Value, found.variance(movingVariance as Value));
        return scaling.apply(withBatch(x, { axis: feature, epsilon }), use);
      }
      // The mean comes off first, as it may be large.
      const d = subtract(x, alongAxes(movingMean as Value, x.shape, [feature]));
      const inverse = reciprocalSquareRoot(affine(movingVariance as Value, { scale: 1, offset: epsilon }));
      return scaling.apply(d, { ...use, factor: inverse });
    },
  });
}
