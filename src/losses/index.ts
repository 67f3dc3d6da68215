/** The losses by their names. */
import { choose } from "../check/options.js";
import { binaryCrossEntropy, crossEntropy } from "./crossEntropy.js";
import { ctc } from "./ctc.js";
import { binaryFocal, focal } from "./focal.js";
import { gaussianNegativeLogLikelihood, klDivergence, poisson } from "./likelihood.js";
import type { Loss } from "./loss.js";
import { categoricalHinge, hinge, squaredHinge } from "./margin.js";
import {
  huber,
  logCosh,
  meanAbsoluteError,
  meanSquaredError,
  quantile,
  smoothL1,
  sumOfSquares,
} from "./regression.js";
import { contrastive, cosineSimilarity, triplet } from "./similarity.js";

export { binaryCrossEntropy, crossEntropy } from "./crossEntropy.js";
export type { Loss, LossTerms, Reduction, ReductionOptions } from "./loss.js";
export { meanSquaredError, sumOfSquares } from "./regression.js";

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

const LOSSES: Readonly<Record<LossName, () => Loss>> = {
  meanSquaredError,
  sumOfSquares,
  meanAbsoluteError,
  huber,
  smoothL1,
  logCosh,
  quantile,
  crossEntropy,
  binaryCrossEntropy,
  focal,
  binaryFocal,
  hinge,
  squaredHinge,
  categoricalHinge,
  klDivergence,
  poisson,
  gaussianNegativeLogLikelihood,
  cosineSimilarity,
  contrastive,
  triplet,
  ctc,
};

/** A loss by its name, with its defaults, or as configured. */
export function chooseLoss(given: LossName | Loss): Loss {
  if (isLoss(given)) return given;
  return choose("compile", "loss", given, LOSSES)();
}

/** Whether a function is one that makes a loss, which was not called. */
export const isFactory = (given: unknown): boolean =>
  Object.values(LOSSES).some((factory) => factory === given);

/** Whether something is a loss as configured. An output may be named like one of its fields. */
export const isLoss = (given: unknown): given is Loss =>
  typeof given === "object" &&
  given !== null &&
  "build" in given &&
  typeof given.build === "function" &&
  "decision" in given;
