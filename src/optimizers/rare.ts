/** Optimizers that are imported when one of them is named. */
import { adadelta } from "./adadelta.js";
import { adagrad } from "./adagrad.js";
import { adamax } from "./adamax.js";
import { adamW } from "./adamW.js";
import type { RareOptimizerName } from "./index.js";
import { lbfgs } from "./lbfgs.js";
import { lion } from "./lion.js";
import { nadam } from "./nadam.js";
import type { Optimizer } from "./optimizer.js";
import { radam } from "./radam.js";
import { rmsprop } from "./rmsprop.js";

export const RARE: Readonly<Record<RareOptimizerName, () => Optimizer>> = {
  adagrad,
  rmsprop,
  adadelta,
  adamW,
  adamax,
  nadam,
  radam,
  lion,
  lbfgs,
};
