import type { ClassCounts } from "./counts.js";

/** How scores of classes become one: see `AverageOptions`. */
export type Average = "binary" | "macro" | "micro" | "weighted";

/** A score of a class as numerator and denominator, of its true positives, predicted and labeled rows, and of all rows. */
export type Ratio = (
  hits: number,
  predicted: number,
  labeled: number,
  total: number,
) => readonly [above: number, below: number];

/** TP / (TP + FP) */
export const PRECISION: Ratio = (hits, predicted) => [hits, predicted];
/** TP / (TP + FN) */
export const RECALL: Ratio = (hits, _, labeled) => [hits, labeled];
/** TN / (TN + FP) */
export const SPECIFICITY: Ratio = (hits, predicted, labeled, total) => [
  total - predicted - labeled + hits,
  total - labeled,
];
/** (1 + β²) TP / ((1 + β²) TP + β² FN + FP): van Rijsbergen 1979. */
export const fRatio = (beta: number): Ratio => {
  const square = beta * beta;
  return (hits, predicted, labeled) => [(1 + square) * hits, square * labeled + predicted];
};

const at = (list: ArrayLike<number>, i: number) => list[i] as number;

/** The ratio of each class; `zeroDivision` where its denominator is 0. */
export function eachClass(
  ratio: Ratio,
  { hits, predicted, labeled, total }: ClassCounts,
  zeroDivision: number,
): number[] {
  return Array.from(hits, (_, i) => {
    const [above, below] = ratio(at(hits, i), at(predicted, i), at(labeled, i), total);
    return below === 0 ? zeroDivision : above / below;
  });
}

/** Mean of the recalls of the classes that labels have. */
export function balancedOf({ hits, labeled }: ClassCounts): number {
  const recalls = Array.from(hits, (hit, i) => hit / at(labeled, i)).filter((one) => one >= 0);
  return recalls.reduce((sum, one) => sum + one, 0) / recalls.length;
}

/** Classes that predictions or labels have: the others say nothing. */
export const occurring = ({ predicted, labeled }: ClassCounts): number[] =>
  Array.from(predicted, (_, i) => i).filter((i) => at(predicted, i) > 0 || at(labeled, i) > 0);

/**
 * One score of all classes. Scores that are NaN, by `zeroDivision`, are left out.
 *
 * @param among the classes that count
 */
export function averageClasses(
  ratio: Ratio,
  counts: ClassCounts,
  { average, zeroDivision, among }: { average: Average; zeroDivision: number; among: readonly number[] },
): number {
  const { hits, predicted, labeled, total } = counts;
  if (average === "binary") return eachClass(ratio, counts, zeroDivision).at(-1) as number;
  if (average === "micro") {
    let [above, below] = [0, 0];
    for (const i of among) {
      const [one, other] = ratio(at(hits, i), at(predicted, i), at(labeled, i), total);
      above += one;
      below += other;
    }
    return below === 0 ? zeroDivision : above / below;
  }
  const scores = eachClass(ratio, counts, zeroDivision);
  let [sum, weights] = [0, 0];
  for (const i of among) {
    const weight = average === "macro" ? 1 : at(labeled, i);
    const score = at(scores, i);
    if (Number.isNaN(score)) continue;
    sum += weight * score;
    weights += weight;
  }
  return weights === 0 ? zeroDivision : sum / weights;
}
