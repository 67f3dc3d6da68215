/** The categories of columns: found in the data, or given. */
import { DataError, OptionError } from "../../check/errors.js";
import { describe } from "../../check/options.js";
import type { Kind } from "../../check/schema.js";
import type { Category, Grid } from "./cells.js";

/** The categories of each column, in the order of their codes. */
export interface CategoryState {
  readonly categories: readonly (readonly Category[])[];
}

const RANKS = { boolean: 0, number: 1, string: 2 } as const;
const rankOf = (one: Category) => RANKS[typeof one as keyof typeof RANKS];

/** Numbers ascend, text goes by its UTF-16 code units, the same in every language of a runtime. */
export function compareCategories(a: Category, b: Category): number {
  if (rankOf(a) !== rankOf(b)) return rankOf(a) - rankOf(b);
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Each category once, sorted. */
export const sortedCategories = (cells: Iterable<Category>): Category[] =>
  [...new Set(cells)].sort(compareCategories);

/** The categories of each column of a grid, sorted; or those given, in their order. */
export function learnCategories(
  who: string,
  { cells, rows, columns }: Grid<Category>,
  given: CategoryState["categories"] | undefined,
): CategoryState {
  if (given !== undefined) {
    if (given.length === columns) return { categories: given };
    throw new DataError(
      `${who}: the data has ${columns} columns, and there are categories for ${given.length}; needs as many.`,
    );
  }
  const ofColumn = (column: number) =>
    sortedCategories(Array.from({ length: rows }, (_, row) => cells[row * columns + column] as Category));
  return { categories: Array.from({ length: columns }, (_, column) => ofColumn(column)) };
}

/** The code of each category of a column. */
export const codesOf = (categories: readonly Category[]): ReadonlyMap<Category, number> =>
  new Map(categories.map((one, code) => [one, code]));

const SHOWN = 8;

/** The error for a category that no row of `fit` had. */
export function unknownCategory(
  who: string,
  value: Category,
  place: { readonly row: number; readonly column: number },
  categories: readonly Category[],
  mend: string,
): DataError {
  const known = categories.slice(0, SHOWN).map(describe).join(", ");
  const more = categories.length > SHOWN ? `, and ${categories.length - SHOWN} more` : "";
  return new DataError(
    `${who}: row ${place.row}, column ${place.column} is ${describe(value)}, which is no category that it was ` +
      `fitted on: ${known}${more}. ${mend}`,
  );
}

/** The kind of a list of different categories for each column. */
export const categoriesOption: Kind<CategoryState["categories"] | undefined> = (who, name, given) => {
  if (given === undefined || isCategories(given)) return given;
  throw new OptionError(
    `${who}: ${name} is ${describe(given)}; needs a list of different categories for each column: [["low", "high"]].`,
  );
};

/** Whether categories are those that were given, where any were. */
export const areGiven = (
  categories: CategoryState["categories"],
  given: CategoryState["categories"] | undefined,
): boolean =>
  given === undefined ||
  (given.length === categories.length &&
    given.every((known, i) => {
      const list = categories[i] as readonly Category[];
      return list.length === known.length && known.every((one, code) => one === list[code]);
    }));

/** True for lists of different categories. */
export const isCategories = (value: unknown): value is Category[][] =>
  Array.isArray(value) && value.length > 0 && value.findIndex((one) => !isDistinct(one)) < 0;

const isDistinct = (list: unknown): boolean =>
  Array.isArray(list) &&
  list.length > 0 &&
  // Not every, which would pass over the holes of a sparse array.
  list.findIndex((one) => typeof one !== "string" && typeof one !== "boolean" && !Number.isFinite(one)) < 0 &&
  new Set(list).size === list.length;
