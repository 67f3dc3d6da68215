import { DataError } from "../check/errors.js";
import { describe } from "../check/options.js";
import { formatShape, ROWS, type Shape, sizeOf } from "../graph/shape.js";

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

/** Rows of numbers: a flat typed array, an array of rows (arrays or typed arrays, nested as deep as you like). */
export type Tensor = TypedArray | readonly Nested[];

/** Rows of equal width, one after the other. Bytes stay bytes, everything else is f32. */
export interface Table {
  readonly values: Float32Array | Uint8Array;
  readonly rows: number;
  readonly columns: number;
}

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
  const needs = () =>
    `needs rows of ${columns} ${columns === 1 ? "number" : "numbers"}, ${formatShape([ROWS, ...row])}`;
  if (ArrayBuffer.isView(data)) return fromTyped(who, data, columns, needs);
  if (!Array.isArray(data)) throw new DataError(`${who}: is ${describe(data)}; ${needs()}.`);
  const values = new Float32Array(data.length * columns);
  // Not forEach, which would pass over the holes of a sparse array.
  for (let index = 0; index < data.length; index++) {
    const one = data[index] as unknown;
    const found = flattenInto(values, index * columns, columns, { who, row: index }, one, 0);
    if (found !== columns) {
      throw new DataError(
        `${who}: row ${index} has ${found} ${found === 1 ? "number" : "numbers"}; ${needs()}.`,
      );
    }
    if (row.length > 1) checkNesting(`${who}: row ${index}`, one, row, needs);
  }
  return checkRows(who, { values, rows: data.length, columns });
}

export const isList = (part: unknown): part is ArrayLike<unknown> =>
  Array.isArray(part) || ArrayBuffer.isView(part);

/** @throws DataError for a row that is nested in another way than its shape: the right numbers in wrong places */
function checkNesting(who: string, part: unknown, shape: Shape, needs: () => string): void {
  const [length, ...inner] = shape;
  if (inner.length === 0 || !Array.isArray(part) || !part.some(isList)) return;
  if (part.length !== length) {
    throw new DataError(`${who} is ragged: it has ${part.length} parts where ${length} belong; ${needs()}.`);
  }
  const innerSize = sizeOf(inner).factor;
  for (let i = 0; i < part.length; i++) {
    const found = countNumbers(part[i]);
    if (found !== innerSize) {
      throw new DataError(
        `${who} is ragged: its part ${i} has ${found} numbers where ${innerSize} belong; ${needs()}.`,
      );
    }
    checkNesting(`${who}, part ${i}`, part[i], inner, needs);
  }
}

/** Numbers in a list of any nesting. */
export function countNumbers(part: unknown): number {
  // A DataView has no length.
  if (ArrayBuffer.isView(part)) return (part as TypedArray).length ?? 0;
  return Array.isArray(part) ? part.reduce((sum: number, one) => sum + countNumbers(one), 0) : 1;
}

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
  return countNumbers(data[0]);
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
  if (data instanceof Uint8Array) return checkRows(who, { values: data, rows, columns });
  if (data instanceof Uint8ClampedArray) {
    return checkRows(who, {
      values: new Uint8Array(data.buffer, data.byteOffset, data.length),
      rows,
      columns,
    });
  }
  return checkRows(who, {
    values: data instanceof Float32Array ? data : Float32Array.from(data),
    rows,
    columns,
  });
}

/** Writes the numbers of a nested row and returns how many there are; writes at most `columns` of them. */
function flattenInto(
  values: Float32Array,
  start: number,
  columns: number,
  place: { who: string; row: number },
  part: unknown,
  found: number,
): number {
  if (typeof part === "number") {
    if (found < columns) values[start + found] = part;
    return found + 1;
  }
  if (isList(part)) {
    let count = found;
    for (let i = 0; i < part.length; i++) {
      count = flattenInto(values, start, columns, place, part[i], count);
    }
    return count;
  }
  throw new DataError(
    `${place.who}: row ${place.row}, column ${found} is ${describe(part)}; needs a number. Encode text and ` +
      "categories as numbers, and fill in what is missing.",
  );
}

function checkRows(who: string, table: Table): Table {
  const { values, rows, columns } = table;
  if (rows === 0) throw new DataError(`${who}: has no rows; needs at least one.`);
  if (values instanceof Uint8Array) return table;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (value - value !== 0) {
      throw new DataError(
        `${who}: row ${Math.floor(i / columns)}, column ${i % columns} is ${value}; ` +
          "needs finite numbers within the range of f32. Leave the row out or fill in a value.",
      );
    }
  }
  return table;
}
