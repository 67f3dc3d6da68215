/** Losses that are imported when one of them is named. */
import { ctc } from "./ctc.js";
import { binaryFocal, focal } from "./focal.js";
import type { RareLossName } from "./index.js";
import { gaussianNegativeLogLikelihood, klDivergence, poisson } from "./likelihood.js";
import type { Loss } from "./loss.js";
import { categoricalHinge, hinge, squaredHinge } from "./margin.js";
import { huber, logCosh, meanAbsoluteError, quantile, smoothL1, sumOfSquares } from "./regression.js";
import { contrastive, cosineSimilarity, triplet } from "./similarity.js";

export const RARE: Readonly<Record<RareLossName, () => Loss>> = {
  sumOfSquares,
  meanAbsoluteError,
  huber,
  smoothL1,
  logCosh,
  quantile,
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
