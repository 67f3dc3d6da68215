/**
 * The least loss of a network that answers the same whatever it is given: what any training must do better than.
 * The best constant answer of a cross-entropy is the mean of the targets, of a squared error too.
 */

import { type Shape, sizeOf } from "../graph/shape.js";
import { log } from "../numeric/exactMath.js";
import type { Table } from "../rows/table.js";
import type { ConstantAnswer } from "./loss.js";

/** The least mean of a loss for one answer to all rows of a target. */
export function constantAnswer({ by, smoothing = 0 }: ConstantAnswer, target: Table, output: Shape): number {
  if (by === "variance") return variance(target);
  if (by === "binaryEntropy") return binaryEntropy(target, smoothing);
  const areLabels = target.columns < sizeOf(output).factor;
  return classEntropy(target, { classes: output.at(-1) as number, areLabels, smoothing });
}

const surprise = (share: number) => (share > 0 ? -share * log(share) : 0);
const total = (numbers: Float64Array) => numbers.reduce((sum, one) => sum + one, 0);

/** Mean of what lies at each place of `width` places, over and over. */
function means(values: Table["values"], width: number): Float64Array {
  const sums = new Float64Array(width);
  for (let first = 0; first < values.length; first += width) {
    for (let i = 0; i < width; i++) sums[i] = (sums[i] as number) + (values[first + i] as number);
  }
  return sums.map((sum) => (sum * width) / values.length);
}

function labelShares(labels: Table["values"], classes: number): Float64Array {
  const counts = new Float64Array(classes);
  for (const label of labels) counts[label] = (counts[label] as number) + 1;
  return counts.map((count) => count / labels.length);
}

/**
 * −Σ p ln p of the shares of the classes, over all rows and all places of a row: of labels, or of rows of `classes`
 * probabilities each.
 *
 * @param areLabels whether each number is a class
 * @param smoothing share of each target that is spread evenly over the classes
 */
function classEntropy(
  { values }: Table,
  { classes, areLabels, smoothing }: { classes: number; areLabels: boolean; smoothing: number },
): number {
  const shares = areLabels ? labelShares(values, classes) : means(values, classes);
  return total(shares.map((share) => surprise((1 - smoothing) * share + smoothing / classes)));
}

/** Mean over the columns of −p ln p − (1 − p) ln(1 − p), p the share of yes that `smoothing` brings towards ½. */
function binaryEntropy({ values, columns }: Table, smoothing: number): number {
  const shares = means(values, columns).map((share) => (1 - smoothing) * share + smoothing / 2);
  return total(shares.map((share) => surprise(share) + surprise(1 - share))) / columns;
}

/** Mean over the columns of their variance. */
function variance({ values, columns }: Table): number {
  const center = means(values, columns);
  let sum = 0;
  for (let first = 0; first < values.length; first += columns) {
    for (let i = 0; i < columns; i++) {
      const error = (values[first + i] as number) - (center[i] as number);
      sum += error * error;
    }
  }
  return sum / values.length;
}
