/** The optimizers by their names. */
import { chooseNamed, type Imported, type Names, type RareOf } from "../check/names.js";
import { adam } from "./adam.js";
import type { Optimizer } from "./optimizer.js";
import { sgd } from "./sgd.js";

/** The optimizers that `compile` knows by name, each with its defaults. */
export type OptimizerName =
  | "sgd"
  | "adagrad"
  | "rmsprop"
  | "adadelta"
  | "adam"
  | "adamW"
  | "adamax"
  | "nadam"
  | "radam"
  | "lion"
  | "lbfgs";

/** The others are in rare.ts. */
export const OPTIMIZERS = {
  sgd,
  adagrad: null,
  rmsprop: null,
  adadelta: null,
  adam,
  adamW: null,
  adamax: null,
  nadam: null,
  radam: null,
  lion: null,
  lbfgs: null,
} satisfies Names<OptimizerName, () => Optimizer>;

export type RareOptimizerName = RareOf<typeof OPTIMIZERS>;

/** An optimizer by its name, with its defaults, or as configured. */
export function chooseOptimizer(
  given: OptimizerName | Optimizer,
  rare: Imported<() => Optimizer>,
  who = "compile",
): Optimizer {
  if (typeof given === "object" && given !== null && "instructions" in given) return given;
  return chooseNamed<() => Optimizer>(who, "optimizer", given, OPTIMIZERS, rare)();
}
