import { arrayKind, isBytes } from "../check/arrayKind.js";
import { DataError } from "../check/errors.js";
import { describe } from "../check/options.js";
import { formatShape, ROWS, type Shape, sizeOf } from "../graph/shape.js";
import { areFinite } from "./finite.js";
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
  /**
   * Checks values again when they are read, where they lie in memory of the user's, who may have changed them since.
   *
   * @param read some rows, of which `rowOf` tells the places among all
   * @throws DataError
   */
  readonly checkAgain?: CheckAgain | undefined;
  /** Of rows that are staged in a form of their own: then there are no values here. */
  readonly staging?: Staging;
}

/** How rows lie in linear memory that are not all of one length: sparse ones. */
export interface Staging {
  /** Bytes that any so many of the rows take at most. */
  bytes(rows: number): number;
  /** How many of the `rows` rows from `first` on there is room for in so many bytes. */
  fitting(first: number, rows: number, bytes: number): number;
  /** So many rows as they are staged, `rowOf` telling which. @throws DataError for what was changed meanwhile */
  pack(rows: number, rowOf: (i: number) => number): Uint8Array;
  /** Rows `first` … `end` − 1 as a table. */
  part(first: number, end: number): Table;
}

export type CheckAgain = (read: Table["values"], rowOf?: (i: number) => number) => void;

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
    if (stored - stored !== 0) throw notFinite(who, { place: at, columns }, leaf);
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

function checkKind(who: string, data: TypedArray): void {
  const kind = arrayKind(data) ?? "DataView";
  if (!/^Big|^DataView/.test(kind)) return;
  throw new DataError(`${who}: is a ${kind}; needs another typed array, such as Float32Array.`);
}

/** Bytes and f32 as they lie in memory, by a view of this realm's own class: what follows asks for it. */
function viewOf(data: TypedArray): Table["values"] {
  const isF32 = arrayKind(data) === "Float32Array";
  if (!isF32 && !isBytes(data)) return new Float32Array(data);
  return new (isF32 ? Float32Array : Uint8Array)(data.buffer as ArrayBuffer, data.byteOffset, data.length);
}

function fromTyped(who: string, data: TypedArray, columns: number, needs: () => string): Table {
  checkKind(who, data);
  const rows = data.length / columns;
  if (!Number.isInteger(rows)) {
    throw new DataError(
      `${who}: has ${data.length} numbers, which is no whole number of rows; ${needs()}, one after the other.`,
    );
  }
  if (rows === 0) throw noRows(who);
  const values = viewOf(data);
  const check = (read: Table["values"], given: ArrayLike<number>, rowOf?: (i: number) => number) => {
    if (read instanceof Uint8Array || areFinite(read)) return;
    for (let i = 0; i < read.length; i++) {
      const value = read[i] as number;
      if (value - value !== 0) throw notFinite(who, { place: i, columns, rowOf }, given[i] as number);
    }
  };
  check(values, data);
  if (values.buffer !== data.buffer) return { values, rows, columns };
  const checkAgain: CheckAgain = (read, rowOf) => {
    if (data.length === 0) throw new DataError(`${who}: is empty now, as what was transferred. ${CHANGED}`);
    check(read, read, rowOf);
  };
  return { values, rows, columns, checkAgain };
}

/** Which number it is of rows that were read, and which rows they are where that is not the same. */
interface Where {
  readonly place: number;
  readonly columns: number;
  readonly rowOf?: ((i: number) => number) | undefined;
}

/** @param value as it was given: f32 may have made an infinity of it */
function notFinite(who: string, { place, columns, rowOf }: Where, value: number): DataError {
  const row = Math.floor(place / columns);
  const mend = Number.isFinite(value)
    ? "Scale its column."
    : rowOf === undefined
      ? "Leave the row out or fill in a value."
      : CHANGED;
  return new DataError(
    `${who}: row ${rowOf?.(row) ?? row}, column ${place % columns} is ${value}; ` +
      `needs finite numbers within the range of f32. ${mend}`,
  );
}

/** Of what was right when it was given. */
export const CHANGED = "It was changed while it was in use: give a copy.";
