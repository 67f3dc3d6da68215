import { OptionError } from "../check/errors.js";
import { describe } from "../check/options.js";
import { matching } from "../check/patterns.js";
import type { Parameter } from "../graph/primitives/step/source.js";
import type { Optimizer, ParameterGroup } from "./optimizer.js";

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
