/** Classes of unequal size, balanced by weights or by sampling. */
import { integer, optional } from "../../check/kinds.js";
import { take } from "../../check/schema.js";
import { checkSurplus } from "../../check/surplus.js";
import {
  type ClassLabels,
  classesOf,
  countLabels,
  leastOf,
  mostOf,
  rowsByClass,
} from "../encoders/classes.js";
import { drawsOf, shuffleInPlace, Use } from "./draws.js";

export interface BalanceOptions {
  /** Classes that there are; default: those up to the largest label. */
  readonly classes?: number;
}

/**
 * The weight of each class that makes all count alike: n / (classes · count), the mode "balanced" of scikit-learn. The
 * mean of a row's weight is 1.
 *
 * @param labels the class of each row, from 0 on
 * @returns the weight of class i at index i
 * @throws DataError for labels that are no classes, or a class without rows, which no weight balances
 */
export function classWeights(labels: ArrayLike<number>, options: BalanceOptions = {}): number[] {
  checkSurplus("classWeights", arguments, 2);
  const { classes } = take("classWeights", options, { classes: optional(integer(1)) });
  const counts = countLabels("classWeights", labels, classes);
  return counts.map((count) => labels.length / (counts.length * count));
}

/**
 * The weight of each row that makes all classes count alike: that of its class, see `classWeights`. Labels may be names.
 *
 * @throws DataError for what is no label
 */
export function sampleWeights(labels: ClassLabels): Float32Array<ArrayBuffer> {
  checkSurplus("sampleWeights", arguments, 1);
  const { codes, counts } = classesOf("sampleWeights", labels);
  return Float32Array.from(codes, (code) => codes.length / (counts.length * (counts[code] as number)));
}

export interface SampleOptions {
  /** Seed of the choice and of the order; default 0. */
  readonly seed?: number;
}

/** The rows that `choose` takes of each class, in a random order. */
function sampled(
  who: string,
  labels: ClassLabels,
  options: SampleOptions,
  choose: (rows: readonly number[], draw: (bound: number) => number, counts: readonly number[]) => number[],
): Uint32Array<ArrayBuffer> {
  const { seed } = take(who, options, { seed: integer(0, 0) });
  const classes = classesOf(who, labels);
  // Each class has draws of its own, so that rows of one do not depend on the size of another.
  const chosen = rowsByClass(classes).flatMap((rows, code) =>
    choose(rows, drawsOf(seed, code + 1, Use.Sample), classes.counts),
  );
  return shuffleInPlace(Uint32Array.from(chosen), drawsOf(seed, 0, Use.Sample));
}

/**
 * Row indices with as many of each class as the largest has: all rows, and of smaller classes more of them, drawn with
 * replacement. Oversample training rows only, after the split: else copies of a row are on both sides.
 *
 * @returns indices in a random order, for `takeRows`
 * @throws DataError for what is no label
 */
export function oversample(labels: ClassLabels, options: SampleOptions = {}): Uint32Array<ArrayBuffer> {
  checkSurplus("oversample", arguments, 2);
  return sampled("oversample", labels, options, (rows, draw, counts) => {
    const missing = mostOf(counts) - rows.length;
    return [...rows, ...Array.from({ length: missing }, () => rows[draw(rows.length)] as number)];
  });
}

/**
 * Row indices with as many of each class as the smallest has, drawn without replacement.
 *
 * @returns indices in a random order, for `takeRows`
 * @throws DataError for what is no label
 */
export function undersample(labels: ClassLabels, options: SampleOptions = {}): Uint32Array<ArrayBuffer> {
  checkSurplus("undersample", arguments, 2);
  return sampled("undersample", labels, options, (rows, draw, counts) =>
    shuffleInPlace([...rows], draw).slice(0, leastOf(counts)),
  );
}
