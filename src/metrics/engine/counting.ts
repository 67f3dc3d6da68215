/** Decisions counted class by class, and by the rank of the label. */
import { SUM_SLOTS } from "../../../assembly/isa/limits.js";
import { OptionError } from "../../check/errors.js";
import { greater } from "../../graph/primitives/choice/comparison.js";
import { select } from "../../graph/primitives/choice/select.js";
import { affine } from "../../graph/primitives/elementwise/affine.js";
import { add, equal, multiply } from "../../graph/primitives/elementwise/binary.js";
import { fill } from "../../graph/primitives/elementwise/fill.js";
import { greaterThan } from "../../graph/primitives/elementwise/unary.js";
import { cumulativeSum } from "../../graph/primitives/move/cumulativeSum.js";
import { oneHot } from "../../graph/primitives/move/indexing.js";
import { reshape } from "../../graph/primitives/move/reshape.js";
import { slice } from "../../graph/primitives/move/slice.js";
import { argMax } from "../../graph/primitives/reduce/argMax.js";
import { sum } from "../../graph/primitives/reduce/sum.js";
import type { Value } from "../../graph/value.js";
import type { ClassCounts } from "../counts.js";
import {
  checkSameShapes,
  isYes,
  labelOf,
  labelsPerRow,
  perRow,
  saysYes,
  sumAll,
  type Threshold,
} from "./decisions.js";
import { type Judged, unfit } from "./metric.js";

const depthOf = ({ shape }: Value) => shape.at(-1) as number;

/**
 * Slot of the rows whose label is among the k largest. Of equal ones the first comes first, so that k = 1 is accuracy.
 */
export function topHits(judged: Judged, k: number): number {
  return judged.sum(`top ${k}`, () => {
    const { prediction } = judged;
    const isLabel = oneHot(labelOf(judged), { depth: depthOf(prediction) });
    const last = prediction.shape.length - 1;
    const keeping = { shape: [...prediction.shape.slice(0, -1), 1] };
    // Not by a product: 0 · ∞ is NaN.
    const ofLabel = sum(select(isLabel, prediction, fill({ shape: [], value: 0 })), { axes: [last] });
    const labeled = reshape(ofLabel, keeping);
    // 1 up to the label's column: 1 − the sum of isLabel up to each.
    const upTo = cumulativeSum(isLabel, { axis: last, reverse: false, exclusive: false });
    const isEarlier = affine(upTo, { scale: -1, offset: 1 });
    const isBefore = add(greater(prediction, labeled), multiply(equal(prediction, labeled), isEarlier));
    const rank = sum(isBefore, { axes: [last] });
    return sumAll(affine(greaterThan(rank, { threshold: k - 0.5 }), { scale: -1, offset: 1 }));
  });
}

/** Reads counts from the sums of a pass. */
export type ReadCounts = (sums: ArrayLike<number>, rows: number) => ClassCounts;

/** Sums of each class. */
const PER_CLASS = 3;

/**
 * Counts of yes, all numbers of a row alike; or of each class.
 *
 * @throws OptionError for a loss that decides nothing, or more classes than there are sums
 */
export function countDecisions(who: string, judged: Judged, threshold: Threshold): ReadCounts {
  const { decision } = judged.loss;
  if (decision === "threshold") return countYes(who, judged, threshold);
  if (decision === "largest") return countEach(who, judged);
  return unfit(who, judged, "crossEntropy, binaryCrossEntropy or another that decides");
}

function countYes(who: string, judged: Judged, threshold: Threshold): ReadCounts {
  checkSameShapes(who, judged);
  const hits = judged.sum(`yes, yes ${threshold.probability}`, () =>
    sumAll(multiply(saysYes(judged, threshold), isYes(judged))),
  );
  const predicted = judged.sum(`yes ${threshold.probability}`, () => sumAll(saysYes(judged, threshold)));
  const labeled = judged.sum("is yes", () => sumAll(isYes(judged)));
  const numbers = perRow(judged.prediction);
  return (sums, rows) => ({
    hits: [sums[hits] as number],
    predicted: [sums[predicted] as number],
    labeled: [sums[labeled] as number],
    total: rows * numbers,
  });
}

/** @throws OptionError where there are more classes, or labels, than sums for them */
function checkSums(who: string, what: string, depth: number): void {
  if (PER_CLASS * depth < SUM_SLOTS) return;
  throw new OptionError(
    `compile: metric "${who}" of ${depth} ${what} takes ${PER_CLASS * depth} sums; needs fewer than ${SUM_SLOTS}. ` +
      `Give what predict returns to ${who} of wasmgrad/metrics.`,
  );
}

/** Counts of yes of each number of the last axis: of labels several of which can be right at once. */
export function countLabels(who: string, judged: Judged, threshold: Threshold): ReadCounts {
  checkSameShapes(who, judged);
  const { prediction } = judged;
  const depth = depthOf(prediction);
  checkSums(who, "labels", depth);
  const { probability } = threshold;
  const hits = eachOf(judged, depth, `yes, yes ${probability}`, () =>
    multiply(saysYes(judged, threshold), isYes(judged)),
  );
  const predicted = eachOf(judged, depth, `yes ${probability}`, () => saysYes(judged, threshold));
  const labeled = eachOf(judged, depth, "is yes", () => isYes(judged));
  const each = perRow(prediction) / depth;
  return (sums, rows) => {
    const read = (slots: readonly number[]) => slots.map((slot) => sums[slot] as number);
    return { hits: read(hits), predicted: read(predicted), labeled: read(labeled), total: rows * each };
  };
}

/** A slot for the sum of each place of the last axis. */
const eachOf = (judged: Judged, depth: number, what: string, ofRows: () => Value): number[] =>
  Array.from({ length: depth }, (_, one) =>
    judged.sum(`${what} ${one}`, () => elementOf(sumRows(ofRows()), one)),
  );

function countEach(who: string, judged: Judged): ReadCounts {
  const { prediction } = judged;
  const depth = depthOf(prediction);
  checkSums(who, "classes", depth);
  const said = () => oneHot(argMax(prediction), { depth });
  const right = () => oneHot(labelOf(judged), { depth });
  const each = (what: string, ofRows: () => Value) => eachOf(judged, depth, what, ofRows);
  const hits = each("hit", () => multiply(said(), right()));
  const predicted = each("predicted", said);
  const labeled = each("labeled", right);
  const labels = labelsPerRow(judged);
  return (sums, rows) => {
    const read = (slots: readonly number[]) => slots.map((slot) => sums[slot] as number);
    return { hits: read(hits), predicted: read(predicted), labeled: read(labeled), total: rows * labels };
  };
}

/** Sums over all axes but the last. */
export const sumRows = (x: Value): Value => sum(x, { axes: x.shape.slice(1).map((_, axis) => axis) });

/** One element of a vector, as a scalar. */
export const elementOf = (x: Value, index: number): Value =>
  reshape(slice(x, { starts: [index], sizes: [1], steps: [1] }), { shape: [] });
