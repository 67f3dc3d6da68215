import { DataError, OptionError } from "../../check/errors.js";
import { describe } from "../../check/options.js";
import { type Kind, take } from "../../check/schema.js";
import { checkSurplus } from "../../check/surplus.js";
import {
  areGiven,
  type CategoryState,
  categoriesOption,
  codesOf,
  isCategories,
  learnCategories,
  unknownCategory,
} from "./categories.js";
import { type Categories, type Category, toCategories } from "./cells.js";
import { type Encoder, type EncoderRule, makeEncoder } from "./encoder.js";
import type { DecodedCategories } from "./oneHotEncoder.js";

export interface OrdinalEncoderOptions {
  /** A category that `fit` did not see: `"error"` (default), or the number that it becomes, such as −1. */
  readonly unknown?: "error" | number;
  /** The categories of each column, in the order that their numbers shall have; default: sorted. */
  readonly categories?: readonly (readonly Category[])[];
}

type Unknown = "error" | number;

const errorOrWhole: Kind<Unknown, Unknown | undefined> = (who, name, given = "error") => {
  if (given === "error" || (typeof given === "number" && Number.isInteger(Math.fround(given)))) return given;
  throw new OptionError(
    `${who}: ${name} is ${describe(given)}; needs "error" or a whole number, such as -1.`,
  );
};

export function ordinalEncoderRule(
  options: OrdinalEncoderOptions,
): EncoderRule<Categories, Category, CategoryState, DecodedCategories> {
  const schema = { unknown: errorOrWhole, categories: categoriesOption };
  const settled = take("ordinalEncoder", options, schema);
  const { unknown, categories: given } = settled;
  return {
    kind: "ordinalEncoder",
    options: settled,
    read: toCategories,
    learn(who, grid) {
      const state = learnCategories(who, grid, given);
      if (unknown === "error") return state;
      const taken = state.categories.find((known) => Object.hasOwn(known, unknown));
      if (taken === undefined) return state;
      throw new OptionError(
        `${who}: unknown is ${unknown}, which stands for ${describe(taken[unknown])}; ` +
          "needs a number that no category has, such as -1.",
      );
    },
    sizes: ({ categories }) => ({ inputs: categories.length, columns: categories.length }),
    encode(who, { cells, columns }, { categories }, out) {
      const codes = categories.map(codesOf);
      for (let i = 0; i < out.length; i++) {
        const column = i % columns;
        const value = cells[i] as Category;
        const code = codes[column]?.get(value) ?? unknown;
        if (code === "error") {
          const place = { row: Math.floor(i / columns), column };
          const mend = "Fit on all that there are, or give unknown: -1.";
          throw unknownCategory(who, value, place, categories[column] as readonly Category[], mend);
        }
        out[i] = code;
      }
    },
    decode(who, { cells, rows, columns }, { categories }) {
      const decoded = (i: number): Category | null => {
        const code = cells[i] as number;
        const known = categories[i % columns] as readonly Category[];
        if (Number.isInteger(code) && code >= 0 && code < known.length) return known[code] as Category;
        if (code === unknown) return null;
        throw new DataError(
          `${who}: row ${Math.floor(i / columns)}, column ${i % columns} is ${code}; ` +
            `needs a whole number from 0 to ${known.length - 1}. Round what a network predicts.`,
        );
      };
      return Array.from({ length: rows }, (_, row) =>
        Array.from({ length: columns }, (_, column) => decoded(row * columns + column)),
      );
    },
    names: (_, inputs) => [...inputs],
    fields: ["categories"],
    holds: ({ categories }) =>
      isCategories(categories) &&
      areGiven(categories, given) &&
      (unknown === "error" || !categories.some((known) => Object.hasOwn(known, unknown))),
  };
}

/**
 * Encodes each column of categories as one whole number, its category's index, as scikit-learn's OrdinalEncoder does:
 * for categories that have an order, given by `categories`, and for what an embedding looks up.
 *
 * `inverse` gives rows of categories; null for the number of unknown ones.
 *
 * @throws OptionError for options outside their domain
 */
export function ordinalEncoder(options: OrdinalEncoderOptions = {}): Encoder<Categories, DecodedCategories> {
  checkSurplus("ordinalEncoder", arguments, 1);
  return makeEncoder(ordinalEncoderRule(options));
}
