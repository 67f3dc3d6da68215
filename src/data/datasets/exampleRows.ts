/** Rows of examples, whatever fields they have: x, y, named inputs, sample weights. */

import { arrayKind } from "../../check/arrayKind.js";
import { DataError } from "../../check/errors.js";
import { integer, optional } from "../../check/kinds.js";
import { describe } from "../../check/options.js";
import { take } from "../../check/schema.js";
import { checkSurplus } from "../../check/surplus.js";
import { DEEPEST, isList } from "../../rows/nesting.js";
import { SparseRows } from "../../rows/sparseRows.js";
import type { TypedArray } from "../../rows/table.js";

/** Rows: the entries of an array, or a flat typed array of equally many numbers for each. */
type Column = TypedArray | readonly unknown[] | SparseRows;

/** Where typed arrays hold more than one number for each row, how many rows they hold. */
export interface RowOptions {
  /**
   * Rows that flat typed arrays hold. Not needed where one field is an array, whose entries are the rows, or there is
   * a `sampleWeight`, which has a number for each.
   */
  readonly rows?: number;
}

/** Their schema. */
export const ROWS = { rows: /* @__PURE__ */ optional(/* @__PURE__ */ integer(1)) };

const isSparse = (value: unknown): value is SparseRows => value instanceof SparseRows;

const isColumn = (value: unknown): value is Column =>
  Array.isArray(value) || ArrayBuffer.isView(value) || isSparse(value);

/** Whether a column says itself how many rows it has. */
const isTelling = (column: Column) => Array.isArray(column) || isSparse(column);

const lengthOf = (column: Column) => (isSparse(column) ? column.rows : column.length);

/** Every column, with its path: `x.left`. @throws DataError for what is neither rows nor named rows */
function columnsOf(
  who: string,
  data: object,
  path: string,
  found: [string, Column][] = [],
  depth = 0,
): [string, Column][] {
  if (depth > DEEPEST) {
    throw new DataError(
      `${who}: ${path.slice(0, 80)}… has fields in one another beyond ${DEEPEST}; needs fewer.`,
    );
  }
  if (isColumn(data)) found.push([path, data]);
  else {
    for (const [name, value] of Object.entries(data)) {
      const place = path === "" ? name : `${path}.${name}`;
      if (value === undefined) continue;
      if (typeof value !== "object" || value === null) {
        throw new DataError(
          `${who}: ${place} is ${describe(value)}; needs an array or a typed array of rows.`,
        );
      }
      columnsOf(who, value as object, place, found, depth + 1);
    }
  }
  return found;
}

const isRowwise = (path: string) => path.split(".")[0] === "sampleWeight";

/**
 * How many rows examples have.
 *
 * @throws DataError when the fields have unequal numbers of rows, or nothing says how many flat typed arrays hold
 */
export function countRows(who: string, data: object, given?: number): number {
  if (typeof data !== "object" || data === null) {
    throw new DataError(`${who}: the data is ${describe(data)}; needs { x, y }.`);
  }
  if (given !== undefined) integer(1)(who, "rows", given);
  const columns = columnsOf(who, data, "");
  const telling = columns.find(([path, column]) => isTelling(column) || isRowwise(path));
  const rows = given ?? (telling && lengthOf(telling[1]));
  if (columns.length === 0) throw new DataError(`${who}: the data has no field; needs { x, y }.`);
  if (rows === undefined) {
    throw new DataError(
      `${who}: ${columns.map(([path]) => path || "the data").join(" and ")} ${columns.length > 1 ? "are" : "is"} flat; ` +
        "needs the number of rows too: { rows }.",
    );
  }
  const source = given === undefined ? `${telling?.[0] || "the data"} has` : "rows is";
  if (rows === 0)
    throw new DataError(`${who}: ${telling?.[0] || "the data"} has no rows; needs at least one.`);
  for (const [path, column] of columns) {
    const name = path || "the data";
    const length = lengthOf(column);
    const isWhole = length > 0 && length % rows === 0;
    if (isTelling(column) || isRowwise(path) ? length === rows : isWhole) continue;
    const unit = isTelling(column) ? "rows" : "numbers";
    throw new DataError(
      `${who}: ${name} has ${length} ${unit} and ${source} ${rows}; needs as many rows of each.`,
    );
  }
  return rows;
}

/** The same fields, with `change` made of each column. Fields that are undefined are left out. */
export function mapColumns<T extends object>(data: T, change: (column: Column) => unknown): T {
  if (isColumn(data)) return change(data) as T;
  const entries = Object.entries(data as Record<string, object | undefined>);
  const changed = entries.flatMap(([name, value]) =>
    value === undefined ? [] : [[name, mapColumns(value, change)] as const],
  );
  return Object.fromEntries(changed) as T;
}

/** Rows of a column by their indices, as an array or typed array of the same kind. */
function pick(column: Column, indices: ArrayLike<number>, rows: number): Column {
  if (isSparse(column)) return column.take(indices);
  if (!ArrayBuffer.isView(column)) return Array.from(indices, (row) => column[row]);
  const width = column.length / rows;
  const picked = emptyLike(column, indices.length * width);
  for (let i = 0; i < indices.length; i++) {
    const from = (indices[i] as number) * width;
    picked.set(column.subarray(from, from + width), i * width);
  }
  return picked;
}

/** A typed array of the same kind; of a Node Buffer, plain bytes. */
export function emptyLike(column: TypedArray, length: number): TypedArray {
  if (arrayKind(column) === "Uint8Array") return new Uint8Array(length);
  const Kind = column.constructor as new (length: number) => TypedArray;
  return new Kind(length);
}

/** Rows by indices that are known to fit: see `takeRows`. */
export const rowsAt = <T extends object>(data: T, indices: ArrayLike<number>, rows: number): T =>
  mapColumns(data, (column) => pick(column, indices, rows));

/**
 * The rows of examples with these indices, in this order, copied: of `{ x, y }`, named inputs, sample weights alike.
 * Typed arrays give typed arrays of the same kind, arrays give arrays.
 *
 * @param indices as `kFold`, `oversample` and the like give them; a row may come more than once
 * @throws DataError for an index that is no row, or fields of unequal numbers of rows
 *
 * @example
 * await model.fit(takeRows({ x, y }, oversample(y, { seed: 1 })));
 */
export function takeRows<T extends object>(data: T, indices: ArrayLike<number>, options: RowOptions = {}): T {
  checkSurplus("takeRows", arguments, 3);
  const rows = countRows("takeRows", data, take("takeRows", options, ROWS).rows);
  checkIndices("takeRows", indices, rows);
  return rowsAt(data, indices, rows);
}

/** @throws DataError for an index that is no row of so many */
export function checkIndices(who: string, indices: ArrayLike<number>, rows: number): void {
  if (!isList(indices)) {
    throw new DataError(`${who}: the indices are ${describe(indices)}; needs a list of row numbers.`);
  }
  for (let i = 0; i < indices.length; i++) {
    const row = indices[i] as number;
    if (Number.isInteger(row) && row >= 0 && row < rows) continue;
    throw new DataError(
      `${who}: index ${i} is ${describe(row)}; needs a row, a whole number from 0 to ${rows - 1}.`,
    );
  }
}
