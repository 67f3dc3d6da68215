import { OptionError } from "./errors.js";

/** @throws OptionError for more arguments than a function takes, which would be dropped */
export function checkSurplus(who: string, given: ArrayLike<unknown>, most: number): void {
  for (let i = most; i < given.length; i++) {
    if (given[i] === undefined) continue;
    throw new OptionError(
      `${who}: got ${given.length} arguments; needs at most ${most}. Options go by name, in one object.`,
    );
  }
}
