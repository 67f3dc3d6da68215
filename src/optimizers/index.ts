import { OptionError } from "../check/errors.js";
import { choose, describe } from "../check/options.js";
import { matching } from "../check/patterns.js";
import type { Parameter } from "../graph/primitives/step/source.js";
import { adadelta } from "./adadelta.js";
import { adagrad } from "./adagrad.js";
import { adam } from "./adam.js";
import { adamax } from "./adamax.js";
import { adamW } from "./adamW.js";
import { lbfgs } from "./lbfgs.js";
import { lion } from "./lion.js";
import { nadam } from "./nadam.js";
import type { Optimizer, ParameterGroup } from "./optimizer.js";
import { radam } from "./radam.js";
import { rmsprop } from "./rmsprop.js";
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

const OPTIMIZERS: Readonly<Record<OptimizerName, () => Optimizer>> = {
  sgd,
  adagrad,
  rmsprop,
  adadelta,
  adam,
  adamW,
  adamax,
  nadam,
  radam,
  lion,
  lbfgs,
};

/** An optimizer by its name, with its defaults, or as configured. */
export function chooseOptimizer(given: OptimizerName | Optimizer, who = "compile"): Optimizer {
  if (typeof given === "object" && given !== null && "instructions" in given) return given;
  return choose(who, "optimizer", given, OPTIMIZERS)();
}

/**
 * How each parameter is updated.
 *
 * @throws OptionError for a group that no parameter belongs to, groups where there can be none, or weight decay of none
 *   but parameters that are exempt from it
 */
export function treatments(
  { name, weightDecay, groups, isWhole }: Optimizer,
  parameters: readonly Parameter[],
): (one: Parameter) => { readonly decay: number; readonly rate: number } {
  const own = new Map<Parameter, ParameterGroup>();
  for (const [pattern, group] of Object.entries(groups)) {
    if (isWhole) {
      throw new OptionError(
        `compile: ${name} is given ${describe(groups)} as groups; it updates all parameters as one. Leave them out.`,
      );
    }
    const members = matching(`compile: ${name}: groups`, pattern, parameters);
    if ((group.weightDecay ?? 0) > 0 && members.every(({ decay }) => decay === false)) {
      throw new OptionError(
        `compile: ${name}: group "${pattern}" has weightDecay ${group.weightDecay}, but its parameters ` +
          `(${members.map((one) => one.name).join(", ")}) take none. Leave it out.`,
      );
    }
    for (const one of members) own.set(one, group);
  }
  return (one) => {
    const { learningRateScale: rate = 1, weightDecay: decay = weightDecay } = own.get(one) ?? {};
    return { decay: one.decay === false && !isWhole ? 0 : decay, rate };
  };
}
