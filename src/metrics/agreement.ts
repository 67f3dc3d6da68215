import { oneOf } from "../check/kinds.js";
import { take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import type { Tensor } from "../rows/table.js";
import { type ClassCounts, countClasses } from "./counts.js";
import { DECISION, type DecisionOptions, type Decisions, decide } from "./decisions.js";

const sum = (list: ArrayLike<number>, of: (one: number, i: number) => number): number => {
  let total = 0;
  for (let i = 0; i < list.length; i++) total += of(list[i] as number, i);
  return total;
};

/**
 * (c s − Σ pₖ tₖ) / √((s² − Σ pₖ²) (s² − Σ tₖ²)) of the counts of all classes: c hits among s rows, pₖ predicted and
 * tₖ labeled of class k (Gorodkin 2004, as scikit-learn writes it). 0 where either is all of one class.
 */
export function matthewsOf({ hits, predicted, labeled, total }: ClassCounts): number {
  const c = sum(hits, (one) => one);
  const covariance = c * total - sum(predicted, (p, i) => p * (labeled[i] as number));
  const ofPredicted = total * total - sum(predicted, (p) => p * p);
  const ofLabeled = total * total - sum(labeled, (t) => t * t);
  // Square roots apart: the product of two fourth powers of a million rows has no room in f64 to be exact.
  const below = Math.sqrt(ofPredicted) * Math.sqrt(ofLabeled);
  return below > 0 ? covariance / below : 0;
}

/** (observed − chance) / (1 − chance) agreement (Cohen 1960); NaN where chance alone agrees on every row. */
export function kappaOf({ hits, predicted, labeled, total }: ClassCounts): number {
  const observed = sum(hits, (one) => one) / total;
  const chance = sum(predicted, (p, i) => (p / total) * ((labeled[i] as number) / total));
  return chance === 1 ? Number.NaN : (observed - chance) / (1 - chance);
}

/**
 * The correlation of predicted and labeled classes, from −1 to 1: Matthews 1975, of more than two classes Gorodkin 2004;
 * `matthews_corrcoef` of scikit-learn. 0 where either is all of one class.
 *
 * @param predicted classes, probabilities of yes, or a number for each class, as `predict` gives them
 * @param labels classes by their numbers, or one-hot rows
 * @throws DataError for data that does not fit, OptionError for options
 */
export function matthews(predicted: Tensor, labels: Tensor, options: DecisionOptions = {}): number {
  checkSurplus("matthews", arguments, 3);
  return matthewsOf(countClasses(decide("matthews", predicted, labels, take("matthews", options, DECISION))));
}

export interface KappaOptions extends DecisionOptions {
  /**
   * How much a wrong class counts by its distance to the right one (Cohen 1968): all alike (`none`, the default), by the
   * difference of their numbers, or by its square. scikit-learn numbers only the classes that occur.
   */
  readonly weights?: "none" | "linear" | "quadratic";
}

const DISTANCES = {
  none: (difference: number) => (difference === 0 ? 0 : 1),
  linear: (difference: number) => Math.abs(difference),
  quadratic: (difference: number) => difference * difference,
};

/**
 * Agreement beyond chance (Cohen 1960), at most 1 and 0 for chance; `cohen_kappa_score` of scikit-learn. NaN where
 * predictions and labels are all of the same class. Arguments as of `matthews`.
 */
export function cohenKappa(predicted: Tensor, labels: Tensor, options: KappaOptions = {}): number {
  checkSurplus("cohenKappa", arguments, 3);
  const settled = take("cohenKappa", options, { ...DECISION, weights: oneOf(DISTANCES, "none") });
  const { weights } = settled;
  const decisions = decide("cohenKappa", predicted, labels, settled);
  const counts = countClasses(decisions);
  return weights === "none" ? kappaOf(counts) : weightedKappa(decisions, counts, DISTANCES[weights]);
}

/** 1 − Σ distance · observed / Σ distance · expected, over pairs of classes. */
function weightedKappa(
  decisions: Decisions,
  { predicted, labeled, total }: ClassCounts,
  distance: (difference: number) => number,
): number {
  const observed = sum(decisions.labels, (label, row) => {
    return (decisions.weights[row] as number) * distance(label - (decisions.predicted[row] as number));
  });
  const expected = sum(labeled, (t, i) =>
    t === 0 ? 0 : sum(predicted, (p, j) => (p === 0 ? 0 : t * (p / total) * distance(i - j))),
  );
  return expected === 0 ? Number.NaN : 1 - observed / expected;
}
