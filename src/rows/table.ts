import { DataError } from "../check/errors.js";
import { describe } from "../check/options.js";
import { formatShape, ROWS, type Shape, sizeOf } from "../graph/shape.js";
import { mendOf } from "./mend.js";
import { countOf, eachLeaf, isList, isNestedAs, nestingOf, unevenness } from "./nesting.js";

/** The typed arrays that hold rows. */
export type TypedArray =
  | Float32Array
  | Float64Array
  | Uint8Array
  | Uint8ClampedArray
  | Int8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array;

/** A number, or rows of numbers at any depth. */
export type Nested = number | TypedArray | readonly Nested[];

/** Rows of numbers: a flat typed array, or an array of rows (arrays or typed arrays, all nested alike). */
export type Tensor = TypedArray | readonly Nested[];

/** Rows of equal width, one after the other. Bytes stay bytes, everything else is f32. */
export interface Table {
  readonly values: Float32Array | Uint8Array;
  readonly rows: number;
  readonly columns: number;
}

const numbers = (count: number | string) => `${count} ${`${count}` === "1" ? "number" : "numbers"}`;

/**
 * Checks and flattens the rows that a user gives.
 *
 * @param who what errors call it: `x`
 * @param row shape of one row
 * @throws DataError for rows that are missing, ragged, of the wrong width, or not finite
 */
export function toTable(who: string, data: Tensor, row: Shape): Table {
  const columns = sizeOf(row).factor;
  // Worded only for an error: it would take as long as a small prediction.
  const needs = () => `needs rows of ${numbers(columns)}, ${formatShape([ROWS, ...row])}`;
  if (ArrayBuffer.isView(data)) return fromTyped(who, data, columns, needs);
  if (!Array.isArray(data)) throw new DataError(`${who}: is ${describe(data)}; ${needs()}.`);
  return fromNested(who, data, row, needs);
}

function fromNested(who: string, data: readonly unknown[], row: Shape, needs: () => string): Table {
  const [rows, columns] = [data.length, sizeOf(row).factor];
  if (rows === 0) throw noRows(who);
  const nesting = nestingOf(who, data);
  let [index, at] = [0, 0];
  const error = (what: string, mend = "") =>
    new DataError(`${who}: row ${index} ${what}; ${needs()}.${mend}`);
  const isNumeric = (part: unknown) => isList(part) || typeof part === "number";
  const misfit = (part: unknown) => {
    if (!isNumeric(part)) return notNumber(who, index, at - index * columns, part);
    const lengths = nestingOf(who, [part]);
    const mend = lengths.length === 0 ? " An array holds rows: give one row as [[…]]." : "";
    return error(`has ${numbers(lengths.join(" × ") || 1)}`, mend);
  };
  const uneven = (part: unknown, depth: number) =>
    !isNumeric(part) || (depth === 0 && countOf(who, part) !== columns)
      ? misfit(part)
      : error(unevenness(part, depth, nesting));
  if (!isNestedAs(row, nesting)) throw misfit(data[0]);
  // A hole is found before there is room for all the rows that it claims.
  while (data[index] !== undefined) index++;
  if (index < rows) throw notNumber(who, index, 0, undefined);
  const values = new Float32Array(rows * columns);
  const take = (leaf: unknown) => {
    if (typeof leaf !== "number") throw notNumber(who, index, at - index * columns, leaf);
    values[at] = leaf;
    const stored = values[at] as number;
    if (stored - stored !== 0) throw notFinite(who, at, columns, leaf);
    at++;
  };
  for (index = 0; index < rows; index++) eachLeaf(data[index], nesting, take, uneven);
  return { values, rows, columns };
}

const notNumber = (who: string, row: number, column: number, value: unknown): DataError =>
  new DataError(
    `${who}: row ${row}, column ${column} is ${describe(value)}; needs a number. ${mendOf(value)}`,
  );

const noRows = (who: string): DataError => new DataError(`${who}: has no rows; needs at least one.`);

/** Numbers in each row, when their shape is not known before: those of the first row. */
export function columnsOf(who: string, data: Tensor, rows: number): number {
  if (ArrayBuffer.isView(data)) {
    checkKind(who, data);
    const columns = data.length / rows;
    if (Number.isInteger(columns) && columns > 0) return columns;
    throw new DataError(
      `${who}: has ${data.length} numbers; needs equally many for each of the ${rows} rows of x, one row after the other.`,
    );
  }
  if (!Array.isArray(data))
    throw new DataError(`${who}: is ${describe(data)}; needs an array or a typed array.`);
  if (data.length === 0) throw new DataError(`${who}: has no rows; needs ${rows}, as many as x.`);
  return countOf(who, data[0]);
}

const BIG_INTS = ["BigInt64Array", "BigUint64Array", "DataView"];

function checkKind(who: string, data: TypedArray): void {
  if (!BIG_INTS.includes(data.constructor.name)) return;
  throw new DataError(
    `${who}: is a ${data.constructor.name}; needs another typed array, such as Float32Array.`,
  );
}

function fromTyped(who: string, data: TypedArray, columns: number, needs: () => string): Table {
  checkKind(who, data);
  const rows = data.length / columns;
  if (!Number.isInteger(rows)) {
    throw new DataError(
      `${who}: has ${data.length} numbers, which is no whole number of rows; ${needs()}, one after the other.`,
    );
  }
  const values =
    data instanceof Float32Array || data instanceof Uint8Array
      ? data
      : data instanceof Uint8ClampedArray
        ? new Uint8Array(data.buffer, data.byteOffset, data.length)
        : new Float32Array(data);
  return checkRows(who, { values, rows, columns }, data);
}

function checkRows(who: string, table: Table, given: ArrayLike<number>): Table {
  const { values, rows, columns } = table;
  if (rows === 0) throw noRows(who);
  if (values instanceof Uint8Array) return table;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (value - value !== 0) throw notFinite(who, i, columns, given[i] as number);
  }
  return table;
}

/** @param value as it was given: f32 may have made an infinity of it */
function notFinite(who: string, place: number, columns: number, value: number): DataError {
  const mend = Number.isFinite(value) ? "Scale its column." : "Leave the row out or fill in a value.";
  return new DataError(
    `${who}: row ${Math.floor(place / columns)}, column ${place % columns} is ${value}; ` +
      `needs finite numbers within the range of f32. ${mend}`,
  );
}
