/** Decisions as sums: how often they are right. */
import { ShapeError } from "../../check/errors.js";
import { equal } from "../../graph/primitives/elementwise/binary.js";
import { greaterThan } from "../../graph/primitives/elementwise/unary.js";
import { argMax } from "../../graph/primitives/reduce/argMax.js";
import { sum } from "../../graph/primitives/reduce/sum.js";
import { formatShape, sizeOf } from "../../graph/shape.js";
import type { Value } from "../../graph/value.js";
import { areShares } from "../../losses/outputs.js";
import type { Judged } from "./metric.js";

/** The scalar sum of all elements. */
export const sumAll = (x: Value): Value => sum(x, { axes: x.shape.map((_, axis) => axis) });

/** Numbers of one row. */
export const perRow = ({ shape }: Value): number => sizeOf(shape).factor;

/** @throws ShapeError when the target is labels */
export function checkSameShapes(who: string, { prediction, target }: Judged): void {
  if (prediction.shape.length === target.shape.length) return;
  throw new ShapeError(
    `compile: metric "${who}" compares ${formatShape(prediction.shape)} with ${formatShape(target.shape)}; ` +
      "needs targets as large as the output.",
  );
}

/** Integer labels, of labels or of distributions. */
export const labelOf = ({ prediction, target }: Judged): Value =>
  target.shape.length === prediction.shape.length ? argMax(target) : target;

/** Yes is said above it. */
export interface Threshold {
  readonly probability: number;
  /** Of which the sigmoid is that probability. */
  readonly logit: number;
}

export const HALF: Threshold = { probability: 0.5, logit: 0 };

/** 1 where the output says yes: where its probability is above the threshold. */
export function saysYes({ prediction, loss }: Judged, { probability, logit }: Threshold): Value {
  const { fromLogits } = loss.options;
  const isLogit = loss.decision === "threshold" && !areShares("metrics", prediction, fromLogits);
  return greaterThan(prediction, { threshold: isLogit ? logit : probability });
}

export const isYes = ({ target }: Judged): Value => greaterThan(target, { threshold: 0.5 });

/** Slot of the hits of decisions between classes. */
export const largestHits = (judged: Judged): number =>
  judged.sum("hits", () => sumAll(equal(argMax(judged.prediction), labelOf(judged))));

/** Slot of the hits of decisions between yes and no. */
export const thresholdHits = (judged: Judged, threshold: Threshold): number =>
  judged.sum(`both ${threshold.probability}`, () => sumAll(equal(saysYes(judged, threshold), isYes(judged))));

/** Rows of positions that are labeled, of each row. */
export const labelsPerRow = (judged: Judged): number => perRow(labelOf(judged));
