/** How often something is done while training goes on. */
import { OptionError } from "../check/errors.js";
import { integer, optional, positive } from "../check/kinds.js";
import { checkInteger, describe } from "../check/options.js";
import { type Kind, take } from "../check/schema.js";

/** A number of epochs, "epoch" for each, or one of steps, seconds or epochs by name. */
export type Every =
  | number
  | "epoch"
  | { readonly epochs: number }
  | { readonly steps: number }
  | { readonly seconds: number };

/** One of them. */
export interface Interval {
  readonly epochs?: number | undefined;
  readonly steps?: number | undefined;
  readonly seconds?: number | undefined;
}

const NEEDS = '"epoch", or one of { steps }, { seconds } and { epochs }';

export const intervalOption: Kind<Interval, Every | undefined> = (who, name, given = "epoch") => {
  if (given === "epoch") return { epochs: 1 };
  if (typeof given === "number") return { epochs: checkInteger(who, name, given, 1) };
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw new OptionError(`${who}: ${name} is ${describe(given)}; needs ${NEEDS}.`);
  }
  const settled = take(`${who}: ${name}`, given as Interval, {
    epochs: optional(integer(1)),
    steps: optional(integer(1)),
    seconds: optional(positive()),
  });
  if (Object.keys(settled).length === 1) return settled;
  throw new OptionError(
    `${who}: ${name} has ${Object.keys(settled).join(" and ") || "nothing"}; needs ${NEEDS}.`,
  );
};
