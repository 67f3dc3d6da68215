import type { Decisions } from "./decisions.js";

/** What is counted of each class, all that precision, recall and their like depend on. */
export interface ClassCounts {
  /** Rows of the class that were predicted as such: true positives. */
  readonly hits: ArrayLike<number>;
  /** Rows predicted as the class: true and false positives. */
  readonly predicted: ArrayLike<number>;
  /** Rows of the class: its support. */
  readonly labeled: ArrayLike<number>;
  /** All rows. */
  readonly total: number;
}

export function countClasses({ predicted, labels, weights, rows, classes }: Decisions): ClassCounts {
  const counts = {
    hits: new Float64Array(classes),
    predicted: new Float64Array(classes),
    labeled: new Float64Array(classes),
  };
  const add = (to: Float64Array, index: number, weight: number) => {
    to[index] = (to[index] as number) + weight;
  };
  let total = 0;
  for (let row = 0; row < rows; row++) {
    const weight = weights[row] as number;
    const [said, right] = [predicted[row] as number, labels[row] as number];
    add(counts.predicted, said, weight);
    add(counts.labeled, right, weight);
    if (said === right) add(counts.hits, right, weight);
    total += weight;
  }
  return { ...counts, total };
}

/** Counts of one class against the rest: the ground of binary metrics. */
export const ofClass = ({ hits, predicted, labeled, total }: ClassCounts, one: number): ClassCounts => ({
  hits: [hits[one] as number],
  predicted: [predicted[one] as number],
  labeled: [labeled[one] as number],
  total,
});

/** Both classes of a decision between yes and no, from the counts of yes: `no` first, as class 0. */
export function bothClasses({ hits, predicted, labeled, total }: ClassCounts): ClassCounts {
  const [hit, said, right] = [hits[0] as number, predicted[0] as number, labeled[0] as number];
  return {
    hits: [total - said - right + hit, hit],
    predicted: [total - said, said],
    labeled: [total - right, right],
    total,
  };
}
