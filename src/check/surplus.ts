import { OptionError } from "./errors.js";

/** @throws OptionError for more arguments than a function takes, which would be dropped */
export function checkSurplus(who: string, given: ArrayLike<unknown>, most: number): void {
  for (let i = most; i < given.length; i++) {
    if (given[i] === undefined) continue;
    // What map gives to its function: the element, its place, the list.
    const [one, at, list] = Array.from(given);
    const isMapped = Array.isArray(list) && list[at as number] === one;
    const mend = isMapped ? `In map write (x) => ${who}(x).` : "Options go by name, in one object.";
    throw new OptionError(`${who}: got ${given.length} arguments; needs at most ${most}. ${mend}`);
  }
}
