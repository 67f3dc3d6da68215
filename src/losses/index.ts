/** The losses by their names. */
import { chooseNamed, type Imported, type Names, type RareOf } from "../check/names.js";
import { binaryCrossEntropy, crossEntropy } from "./crossEntropy.js";
import type { Loss } from "./loss.js";
import { meanSquaredError } from "./squaredError.js";

export { binaryCrossEntropy, crossEntropy } from "./crossEntropy.js";
export type { Loss, LossTerms, Reduction, ReductionOptions } from "./loss.js";
export { sumOfSquares } from "./regression.js";
export { meanSquaredError } from "./squaredError.js";

/** The losses that `compile` knows by name, each with its defaults. */
export type LossName =
  | "meanSquaredError"
  | "sumOfSquares"
  | "meanAbsoluteError"
  | "huber"
  | "smoothL1"
  | "logCosh"
  | "quantile"
  | "crossEntropy"
  | "binaryCrossEntropy"
  | "focal"
  | "binaryFocal"
  | "hinge"
  | "squaredHinge"
  | "categoricalHinge"
  | "klDivergence"
  | "poisson"
  | "gaussianNegativeLogLikelihood"
  | "cosineSimilarity"
  | "contrastive"
  | "triplet"
  | "ctc";

/** The others are in rare.ts. */
export const LOSSES = {
  meanSquaredError,
  sumOfSquares: null,
  meanAbsoluteError: null,
  huber: null,
  smoothL1: null,
  logCosh: null,
  quantile: null,
  crossEntropy,
  binaryCrossEntropy,
  focal: null,
  binaryFocal: null,
  hinge: null,
  squaredHinge: null,
  categoricalHinge: null,
  klDivergence: null,
  poisson: null,
  gaussianNegativeLogLikelihood: null,
  cosineSimilarity: null,
  contrastive: null,
  triplet: null,
  ctc: null,
} satisfies Names<LossName, () => Loss>;

export type RareLossName = RareOf<typeof LOSSES>;

/** A loss by its name, with its defaults, or as configured. */
export function chooseLoss(given: LossName | Loss, rare: Imported<() => Loss>): Loss {
  if (isLoss(given)) return given;
  return chooseNamed<() => Loss>("compile", "loss", given, LOSSES, rare)();
}

/** Whether something is a loss as configured. An output may be named like one of its fields. */
export const isLoss = (given: unknown): given is Loss =>
  typeof given === "object" &&
  given !== null &&
  "build" in given &&
  typeof given.build === "function" &&
  "decision" in given;
