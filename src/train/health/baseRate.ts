/** The loss of a network that answers the same whatever it is given: what any training must do better than. */
import type { Table } from "../../data/table.js";
import { log } from "../../exactMath.js";

/** Mean of each column. */
function means({ values, rows, columns }: Table): Float64Array {
  const sums = new Float64Array(columns);
  for (let i = 0; i < values.length; i++)
    sums[i % columns] = (sums[i % columns] as number) + (values[i] as number);
  return sums.map((sum) => sum / rows);
}

const surprise = (share: number) => (share > 0 ? -share * log(share) : 0);
const total = (numbers: Float64Array) => numbers.reduce((sum, one) => sum + one, 0);

/** Σ −p ln p over the shares of the labels. */
function labelEntropy({ values }: Table): number {
  const counts = new Map<number, number>();
  for (const label of values) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum + surprise(count / values.length), 0);
}

/** Mean over the columns of their variance. */
function variance(table: Table): number {
  const centre = means(table);
  let sum = 0;
  table.values.forEach((value, i) => {
    const error = value - (centre[i % table.columns] as number);
    sum += error * error;
  });
  return sum / table.values.length;
}

/**
 * The least loss of a constant answer, by the name of the loss; undefined for one that it is not known of.
 *
 * @param isLabels whether the target is one integer class where the output has several numbers
 */
export function baseLoss(name: string, target: Table, isLabels: boolean): number | undefined {
  if (name === "crossEntropy") return isLabels ? labelEntropy(target) : total(means(target).map(surprise));
  if (name === "binaryCrossEntropy") {
    return total(means(target).map((share) => surprise(share) + surprise(1 - share))) / target.columns;
  }
  return name === "meanSquaredError" ? variance(target) : undefined;
}

/** Whether all rows of a target are alike. */
export function isConstant({ values, columns, rows }: Table): boolean {
  return rows > 1 && values.every((value, i) => value === values[i % columns]);
}
