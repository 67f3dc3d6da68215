/** Checks of what losses are configured with. */
import { OptionError, ShapeError } from "../check/errors.js";
import { notNegative, numberOf, oneOf, optional } from "../check/kinds.js";
import { describe } from "../check/options.js";
import type { Kind } from "../check/schema.js";
import { formatShape, type Shape } from "../graph/shape.js";
import type { PerClass, Reduction } from "./loss.js";
import { REDUCTIONS } from "./reduction.js";

/** The option of all losses that have one. */
export const REDUCTION: { readonly reduction: Kind<Reduction, Reduction | undefined> } = {
  reduction: /* @__PURE__ */ oneOf(REDUCTIONS, "mean"),
};

/** The kind of labelSmoothing. */
export const smoothing = (): Kind<number, number | undefined> =>
  numberOf("a number of at least 0 and below 1", (x) => x >= 0 && x < 1)(0);

const isList = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) || ArrayBuffer.isView(value);

/** Lists of numbers, each of a kind: settled as an array of their own. Empty ones are refused. */
export const listOf =
  (kind: Kind<number>): Kind<readonly number[], PerClass> =>
  (who, name, given) => {
    const list: unknown = given;
    if (!isList(list) || list.length === 0) {
      throw new OptionError(`${who}: ${name} is ${describe(given)}; needs a list of numbers.`);
    }
    return Array.from(list, (value, i) => kind(who, `${name}[${i}]`, value as number));
  };

/** One number for all, or a list of one for each. */
export const oneOrList =
  (kind: Kind<number>, fallback: number): Kind<number | readonly number[], number | PerClass | undefined> =>
  (who, name, given = fallback) =>
    typeof given === "number" ? kind(who, name, given) : listOf(kind)(who, name, given);

/** The kind of classWeights. */
export const classWeights = (): Kind<readonly number[] | undefined, PerClass | undefined> =>
  optional(listOf(notNegative()));

/** @throws ShapeError unless a list has a number for each place of the last axis */
export function checkCount(who: string, name: string, list: ArrayLike<number>, output: Shape): void {
  const places = output.at(-1);
  if (output.length > 1 && list.length === places) return;
  throw new ShapeError(
    `${who}: ${name} has ${list.length} numbers for an output of ${formatShape(output)}; ` +
      "needs one for each place of its last axis.",
  );
}
