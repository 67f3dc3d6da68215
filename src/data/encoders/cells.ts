/** Rows as encoders take them: of numbers in f64, or of categories. */

import { DataError } from "../../check/errors.js";
import { describe } from "../../check/options.js";
import { mendOf } from "../../rows/mend.js";
import { countOf, eachLeaf, isList, nestingOf, unevenness } from "../../rows/nesting.js";
import type { Tensor, TypedArray } from "../../rows/table.js";

/** The value of a category: what JSON holds without loss. */
export type Category = string | number | boolean;

/** Rows of categories: one in each row, or rows of them. */
export type Categories = TypedArray | readonly (Category | readonly Category[] | TypedArray)[];

/** Cells row after row. */
export interface Grid<Cell> {
  readonly cells: ArrayLike<Cell>;
  readonly rows: number;
  readonly columns: number;
}

/** How rows are read: `columns` in each, where that is known. */
export interface Reading {
  /** What errors call the data: `standardScaler: fit`. */
  readonly who: string;
  readonly columns: number | undefined;
}

/** @throws DataError for a number that is missing or not finite */
function checkedNumber(who: string, value: unknown, row: number, column: number): number {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw new DataError(
    `${who}: row ${row}, column ${column} is ${describe(value)}; needs a finite number. ${mendOf(value)}`,
  );
}

/** @throws DataError for a category that is missing, or that no JSON would hold */
export function checkedCategory(who: string, value: unknown, row: number, column: number): Category {
  if (typeof value === "string" || typeof value === "boolean") return value;
  // −0 and 0 are one category, and JSON has no −0.
  if (typeof value === "number" && Number.isFinite(value)) return value + 0;
  throw new DataError(
    `${who}: row ${row}, column ${column} is ${describe(value)}; needs a string, a finite number, true or false. ${mendOf(value)}`,
  );
}

/** Numbers of rows, nested as deep as you like. @throws DataError naming row and column */
export const toNumbers = (data: Tensor, reading: Reading): Grid<number> =>
  toGrid(data, reading, "numbers", checkedNumber);

/** Categories of rows. @throws DataError naming row and column */
export const toCategories = (data: Categories, reading: Reading): Grid<Category> =>
  toGrid(data, reading, "categories", checkedCategory);

/** What a cell is taken as. @throws DataError for what it cannot be */
export type CheckCell<Cell> = (who: string, value: unknown, row: number, column: number) => Cell;

/** Cells of rows, nested as deep as you like, each as `check` takes it. @throws DataError naming row and column */
export function toGrid<Cell>(
  data: unknown,
  reading: Reading,
  what: string,
  check: CheckCell<Cell>,
): Grid<Cell> {
  const { who } = reading;
  if (ArrayBuffer.isView(data)) return fromTyped(data as TypedArray, reading, check);
  if (!Array.isArray(data)) {
    throw new DataError(`${who}: the data is ${describe(data)}; needs an array of rows of ${what}.`);
  }
  if (data.length === 0) throw new DataError(`${who}: the data has no rows; needs at least one.`);
  const nesting = nestingOf(who, data);
  const found = countOf(who, data[0]);
  const columns = reading.columns ?? found;
  const because = reading.columns === undefined ? "as row 0 has" : "as it was fitted on";
  const cells: Cell[] = [];
  let row = 0;
  const wrongWidth = (count: number) =>
    new DataError(
      `${who}: row ${row} has ${count} ${what}; needs ${columns === 0 ? "at least 1" : `${columns}, ${because}`}.`,
    );
  if (found !== columns || found === 0) throw wrongWidth(found);
  const uneven = (part: unknown, depth: number) => {
    // What is missing is told as a cell.
    if (!isList(part)) check(who, part, row, cells.length - row * columns);
    const count = countOf(who, part);
    if (depth === 0 && count !== columns) return wrongWidth(count);
    return new DataError(`${who}: row ${row} ${unevenness(part, depth, nesting)}.`);
  };
  const take = (cell: unknown) => cells.push(check(who, cell, row, cells.length - row * columns));
  // Not forEach, which would pass over the holes of a sparse array.
  for (; row < data.length; row++) eachLeaf(data[row], nesting, take, uneven);
  return { cells, rows: data.length, columns };
}

function fromTyped<Cell>(data: TypedArray, { who, columns }: Reading, check: CheckCell<Cell>): Grid<Cell> {
  if (columns === undefined) {
    throw new DataError(
      `${who}: the data is a flat ${data.constructor.name}; needs the number of its columns too: fit(data, { columns }).`,
    );
  }
  const rows = (data.length ?? 0) / columns;
  if (!Number.isInteger(rows) || rows === 0) {
    throw new DataError(
      `${who}: the data has ${data.length} numbers; needs whole rows of ${columns}, at least one.`,
    );
  }
  for (let i = 0; i < data.length; i++) check(who, data[i], Math.floor(i / columns), i % columns);
  return { cells: data as ArrayLike<number> as ArrayLike<Cell & number>, rows, columns };
}
