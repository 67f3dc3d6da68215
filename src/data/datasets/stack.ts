/** Examples stacked into a batch, and a batch taken apart. */

import { DataError } from "../../check/errors.js";
import { describe } from "../../check/options.js";
import { isList, type Nested, type TypedArray } from "../../rows/table.js";
import { countRows, emptyLike } from "./exampleRows.js";

/**
 * What examples of type T become as a batch: numbers and rows of numbers one flat typed array, bytes stay bytes; fields
 * of an object each by itself; text and everything else an array.
 */
export type Batched<T> = T extends Uint8Array | Uint8ClampedArray
  ? Uint8Array<ArrayBuffer>
  : T extends number | TypedArray | readonly Nested[]
    ? Float32Array<ArrayBuffer>
    : T extends string | boolean | bigint | null | readonly unknown[]
      ? T[]
      : T extends object
        ? { readonly [K in keyof T]: Batched<T[K]> }
        : T[];

/** What a batch of type T is made of. */
export type Unbatched<T> = T extends TypedArray
  ? number | T
  : T extends readonly (infer E)[]
    ? E
    : T extends object
      ? { readonly [K in keyof T]: Unbatched<T[K]> }
      : never;

/** Rows of the batches that were stacked here: flat typed arrays do not say it. */
const batchRows = new WeakMap<object, number>();

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !isList(value);

/**
 * @param first number of the first example, for errors
 * @throws DataError naming the example and the field that is unlike that of the first
 */
export function stackExamples<T>(who: string, examples: readonly T[], first: number): Batched<T> {
  const batch = stack({ who, first, path: "" }, examples);
  if (typeof batch === "object" && batch !== null) batchRows.set(batch, examples.length);
  return batch as Batched<T>;
}

interface Place {
  readonly who: string;
  readonly first: number;
  readonly path: string;
}

const failure = ({ who, first, path }: Place, i: number, what: string) =>
  new DataError(`${who}: element ${first + i}${path === "" ? "" : `: ${path}`} ${what}`);

function stack(place: Place, values: readonly unknown[]): unknown {
  const [one] = values;
  values.forEach((value, i) => {
    if (value !== undefined) return;
    throw failure(place, i, "is undefined; needs a value, as the others of the batch have.");
  });
  if (isNumeric(one)) return stackNumbers(place, values);
  if (isFields(one)) return stackFields(place, values as readonly Fields[], one);
  return values;
}

const isNumeric = (value: unknown): boolean => {
  let first = value;
  while (Array.isArray(first) && first.length > 0) first = first[0];
  return typeof first === "number" || ArrayBuffer.isView(first);
};

function stackFields(place: Place, values: readonly Fields[], one: Fields): Fields {
  const names = Object.keys(one).filter((name) => one[name] !== undefined);
  values.forEach((value, i) => {
    const own = isFields(value) ? Object.keys(value).filter((name) => value[name] !== undefined) : [];
    if (own.length === names.length && own.every((name) => names.includes(name))) return;
    const got = isFields(value) ? `the fields ${own.join(", ")}` : describe(value);
    throw failure(place, i, `is ${got}; needs ${names.join(", ")}, as the first of its batch has.`);
  });
  const inside = (name: string) => ({ ...place, path: place.path === "" ? name : `${place.path}.${name}` });
  return Object.fromEntries(
    names.map((name) => [
      name,
      stack(
        inside(name),
        values.map((value) => value[name]),
      ),
    ]),
  );
}

/** Rows one after the other: bytes where all are bytes, else f32. */
function stackNumbers(place: Place, values: readonly unknown[]): Float32Array | Uint8Array {
  const width = sizeOf(place, values[0], 0);
  const isBytes = values.every((one) => one instanceof Uint8Array || one instanceof Uint8ClampedArray);
  const out = new (isBytes ? Uint8Array : Float32Array)(values.length * width);
  for (const [i, value] of values.entries()) {
    const found = sizeOf(place, value, i);
    if (found !== width) {
      throw failure(place, i, `has ${found} numbers; needs ${width}, as the first of its batch has.`);
    }
    write(out, i * width, value);
  }
  return out;
}

function sizeOf(place: Place, value: unknown, i: number): number {
  if (typeof value === "number") return 1;
  if (ArrayBuffer.isView(value) && "length" in value && typeof (value as TypedArray)[0] !== "bigint") {
    return (value as TypedArray).length;
  }
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + sizeOf(place, one, i), 0);
  throw failure(place, i, `has ${describe(value)} among its numbers; needs numbers only.`);
}

function write(out: Float32Array | Uint8Array, at: number, value: unknown): number {
  if (typeof value === "number") {
    out[at] = value;
    return at + 1;
  }
  if (ArrayBuffer.isView(value)) {
    out.set(value as TypedArray, at);
    return at + (value as TypedArray).length;
  }
  return (value as readonly unknown[]).reduce((next: number, one) => write(out, next, one), at);
}

/** The examples of a batch. @throws DataError when nothing says how many a batch of flat typed arrays has */
export function* unstack<T>(who: string, batch: T): Generator<Unbatched<T>> {
  if (typeof batch !== "object" || batch === null) {
    throw new DataError(`${who} is ${describe(batch)}; needs a batch: an object or list of rows.`);
  }
  const known = batchRows.get(batch);
  const rows = countRows(who, batch, known);
  for (let row = 0; row < rows; row++) yield rowOf(batch, row, rows) as Unbatched<T>;
}

/** A row of rows: an entry of an array; of a flat typed array a copy, or the number where it is one. */
export function rowOf(value: unknown, row: number, rows: number): unknown {
  if (Array.isArray(value)) return value[row];
  if (ArrayBuffer.isView(value)) {
    const column = value as TypedArray;
    const width = column.length / rows;
    if (width === 1) return column[row];
    const copy = emptyLike(column, width);
    copy.set(column.subarray(row * width, (row + 1) * width));
    return copy;
  }
  const fields = Object.entries(value as Fields).filter(([, one]) => one !== undefined);
  return Object.fromEntries(fields.map(([name, one]) => [name, rowOf(one, row, rows)]));
}
