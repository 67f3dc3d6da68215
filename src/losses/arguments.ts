/** Checks of what losses are configured with. */
import { OptionError, ShapeError } from "../check/errors.js";
import { checkKeys, checkNumber, choose, describe } from "../check/options.js";
import { formatShape, type Shape } from "../graph/shape.js";
import type { PerClass, Reduction, ReductionOptions } from "./loss.js";
import { REDUCTIONS } from "./reduction.js";

/**
 * The reduction of a loss that has these options besides.
 *
 * @throws OptionError for options that do not exist
 */
export function chooseReduction(
  who: string,
  options: ReductionOptions,
  others: readonly string[] = [],
): Reduction {
  checkKeys(who, options, [...others, "reduction"]);
  const { reduction = "mean" } = options;
  choose(who, "reduction", reduction, REDUCTIONS);
  return reduction;
}

export const checkSmoothing = (who: string, value: number): number =>
  checkNumber(who, "labelSmoothing", value, "a number of at least 0 and below 1", (x) => x >= 0 && x < 1);

const isList = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) || ArrayBuffer.isView(value);

/**
 * A copy of a list of numbers, each of which is checked.
 *
 * @throws OptionError for no list, or an empty one
 */
export function checkList(
  who: string,
  name: string,
  given: PerClass,
  check: (who: string, name: string, value: number) => number,
): readonly number[] {
  const list: unknown = given;
  if (!isList(list) || list.length === 0) {
    throw new OptionError(`${who}: ${name} is ${describe(given)}; needs a list of numbers.`);
  }
  return Array.from(list, (value, i) => check(who, `${name}[${i}]`, value as number));
}

/** @throws ShapeError unless a list has a number for each place of the last axis */
export function checkCount(who: string, name: string, list: ArrayLike<number>, output: Shape): void {
  const places = output.at(-1);
  if (output.length > 1 && list.length === places) return;
  throw new ShapeError(
    `${who}: ${name} has ${list.length} numbers for an output of ${formatShape(output)}; ` +
      "needs one for each place of its last axis.",
  );
}
