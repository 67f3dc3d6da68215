import { oneOf } from "../../check/kinds.js";
import { take } from "../../check/schema.js";
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

/** What becomes of a category that no row of `fit` had. */
const UNKNOWN = { error: "error", ignore: "ignore" } as const;

export interface OneHotEncoderOptions {
  /** A category that `fit` did not see: `"error"` (default), or `"ignore"`, which makes all its numbers 0. */
  readonly unknown?: keyof typeof UNKNOWN;
  /** The categories of each column, in order; default: those of the rows of `fit`, sorted. */
  readonly categories?: readonly (readonly Category[])[];
}

/** Rows of categories; null where a row has none. */
export type DecodedCategories = (Category | null)[][];

export function oneHotEncoderRule(
  options: OneHotEncoderOptions,
): EncoderRule<Categories, Category, CategoryState, DecodedCategories> {
  const schema = { unknown: oneOf(UNKNOWN, "error"), categories: categoriesOption };
  const settled = take("oneHotEncoder", options, schema);
  const { unknown, categories: given } = settled;
  return {
    kind: "oneHotEncoder",
    options: settled,
    read: toCategories,
    learn: (who, grid) => learnCategories(who, grid, given),
    sizes: ({ categories }) => ({
      inputs: categories.length,
      columns: categories.reduce((sum, { length }) => sum + length, 0),
    }),
    encode(who, { cells, rows, columns }, { categories }, out) {
      const codes = categories.map(codesOf);
      let at = 0;
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          const value = cells[row * columns + column] as Category;
          const code = codes[column]?.get(value);
          const known = categories[column] as readonly Category[];
          if (code !== undefined) out[at + code] = 1;
          else if (unknown === "error") {
            const mend = 'Fit on all that there are, or give unknown: "ignore".';
            throw unknownCategory(who, value, { row, column }, known, mend);
          }
          at += known.length;
        }
      }
    },
    decode(_, { cells, rows, columns }, { categories }) {
      return Array.from({ length: rows }, (_, row) => {
        let at = row * columns;
        return categories.map((known) => {
          const first = at;
          at += known.length;
          return mostLikely(cells, first, known);
        });
      });
    },
    names: ({ categories }, inputs) =>
      inputs.flatMap((name, column) => (categories[column] ?? []).map((one) => `${name}_${one}`)),
    fields: ["categories"],
    holds: ({ categories }) => isCategories(categories) && areGiven(categories, given),
  };
}

/** The category of the largest number, the first of equals; null where none is above 0. */
function mostLikely(cells: ArrayLike<number>, first: number, known: readonly Category[]): Category | null {
  let best = 0;
  for (let i = 1; i < known.length; i++) {
    if ((cells[first + i] as number) > (cells[first + best] as number)) best = i;
  }
  return (cells[first + best] as number) > 0 ? (known[best] as Category) : null;
}

/**
 * Encodes each column of categories as one number for each category: 1 for the row's own, 0 for the others, as
 * scikit-learn's OneHotEncoder does, but dense. Categories are strings, finite numbers, true and false.
 *
 * `inverse` gives rows of categories, by the largest number of each column, so that it takes probabilities too; null
 * where none is above 0.
 *
 * @throws OptionError for options outside their domain
 */
export function oneHotEncoder(options: OneHotEncoderOptions = {}): Encoder<Categories, DecodedCategories> {
  checkSurplus("oneHotEncoder", arguments, 1);
  return makeEncoder(oneHotEncoderRule(options));
}
