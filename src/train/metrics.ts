import { OptionError, ShapeError } from "../errors.js";
import { formatShape, sizeOf } from "../graph/shape.js";
import type { Value } from "../graph/value.js";
import { equal, subtract } from "../ops/binary.js";
import { squaredError } from "../ops/loss.js";
import { argMax } from "../ops/maximum.js";
import { sum } from "../ops/sum.js";
import { abs, greaterThan, sigmoid } from "../ops/unary.js";
import { choose } from "../options.js";
import type { Loss } from "./losses.js";

/** What a step adds to a metric: a sum over its rows, in which each has a share of 1 / perRow. */
interface Measure {
  readonly sum: Value;
  readonly perRow: number;
}

type Metric = (prediction: Value, target: Value, loss: Loss) => Measure;

/** The sum over all elements, of which each row has `perRow`. */
function overRows(x: Value, perRow = sizeOf(x.shape).factor): Measure {
  return { sum: sum(x, { axes: x.shape.map((_, axis) => axis) }), perRow };
}

/** Share of rows whose largest output is the labelled class. */
const categoricalAccuracy: Metric = (prediction, target) => {
  const label = target.shape.length === prediction.shape.length ? argMax(target) : target;
  return overRows(equal(argMax(prediction), label));
};

/** Share of outputs on the target's side of one half; of zero for outputs that are logits. */
const binaryAccuracy: Metric = (prediction, target, loss) => {
  sameShapes("binaryAccuracy", prediction, target);
  const isLogit = loss.decision === "threshold" && (prediction.op as unknown) !== sigmoid;
  const said = greaterThan(prediction, { threshold: isLogit ? 0 : 0.5 });
  return overRows(equal(said, greaterThan(target, { threshold: 0.5 })));
};

const accuracy: Metric = (prediction, target, loss) => {
  if (loss.decision === "largest") return categoricalAccuracy(prediction, target, loss);
  if (loss.decision === "threshold") return binaryAccuracy(prediction, target, loss);
  throw new OptionError(
    `compile: metric "accuracy" does not fit the loss ${loss.name}; needs crossEntropy or binaryCrossEntropy. ` +
      'For a regression, use "meanAbsoluteError".',
  );
};

/** @throws ShapeError when the target is labels */
function sameShapes(name: string, prediction: Value, target: Value): void {
  if (prediction.shape.length === target.shape.length) return;
  throw new ShapeError(
    `compile: metric "${name}" compares ${formatShape(prediction.shape)} with ${formatShape(target.shape)}; ` +
      "needs targets as large as the output.",
  );
}

const METRICS: Readonly<Record<MetricName, Metric>> = {
  accuracy,
  binaryAccuracy,
  meanSquaredError: (prediction: Value, target: Value) => {
    sameShapes("meanSquaredError", prediction, target);
    return overRows(squaredError(prediction, target), sizeOf(prediction.shape).factor);
  },
  meanAbsoluteError: (prediction: Value, target: Value) => {
    sameShapes("meanAbsoluteError", prediction, target);
    return overRows(abs(subtract(prediction, target)));
  },
};

/**
 * - `accuracy`: share of rows whose largest output is the labelled class; for binaryCrossEntropy as `binaryAccuracy`
 * - `binaryAccuracy`: share of outputs on the target's side of one half
 * - `meanSquaredError`: mean of (prediction − target)²
 * - `meanAbsoluteError`: mean of |prediction − target|
 */
export type MetricName = "accuracy" | "binaryAccuracy" | "meanSquaredError" | "meanAbsoluteError";

/** A metric by its name. @throws OptionError with the nearest known name */
export const chooseMetric = (name: MetricName): Metric => choose("compile", "metric", name, METRICS);
