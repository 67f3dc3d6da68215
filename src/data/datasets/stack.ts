/** Examples stacked into a batch, and a batch taken apart. */

import { isBytes } from "../../check/arrayKind.js";
import { DataError } from "../../check/errors.js";
import { describe } from "../../check/options.js";
import { mendOf } from "../../rows/mend.js";
import { countOf, DEEPEST, eachLeaf, isList, nestingOf, unevenness } from "../../rows/nesting.js";
import { SparseRows } from "../../rows/sparseRows.js";
import type { Nested, TypedArray } from "../../rows/table.js";
import { countRows, emptyLike } from "./exampleRows.js";

/**
 * What examples of type T become as a batch: numbers and rows of numbers one flat typed array, bytes stay bytes; fields
 * of an object each by itself; text and everything else an array.
 */
export type Batched<T> = T extends SparseRows
  ? SparseRows
  : T extends Uint8Array | Uint8ClampedArray
    ? Uint8Array<ArrayBuffer>
    : T extends number | TypedArray | readonly Nested[]
      ? Float32Array<ArrayBuffer>
      : T extends string | boolean | bigint | null | readonly unknown[]
        ? T[]
        : T extends object
          ? { readonly [K in keyof T]: Batched<T[K]> }
          : T[];

/** What a batch of type T is made of. */
export type Unbatched<T> = T extends SparseRows
  ? SparseRows
  : T extends TypedArray
    ? number | T
    : T extends readonly (infer E)[]
      ? E
      : T extends object
        ? { readonly [K in keyof T]: Unbatched<T[K]> }
        : never;

/** Rows of the batches that were stacked here: flat typed arrays do not say it. */
export const batchRows = new WeakMap<object, number>();

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

const nameOf = ({ who, first, path }: Place, i: number) =>
  `${who}: element ${first + i}${path === "" ? "" : `: ${path}`}`;

const failure = (place: Place, i: number, what: string) => new DataError(`${nameOf(place, i)} ${what}`);

function stack(place: Place, values: readonly unknown[], depth = 0): unknown {
  const [one] = values;
  if (depth > DEEPEST) throw failure(place, 0, `has fields in one another beyond ${DEEPEST}; needs fewer.`);
  values.forEach((value, i) => {
    if (value !== undefined) return;
    throw failure(place, i, "is undefined; needs a value, as the others of the batch have.");
  });
  if (one instanceof SparseRows) return SparseRows.join(values as readonly SparseRows[]);
  if (isNumeric(place, one)) return stackNumbers(place, values);
  if (isFields(one)) return stackFields(place, values as readonly Fields[], one, depth);
  return values;
}

/** Whether the first thing in lists is a number, or a typed array. */
function isNumeric(place: Place, value: unknown): boolean {
  let first = value;
  for (let i = nestingOf(nameOf(place, 0), [value]).length; i > 0 && Array.isArray(first); i--)
    [first] = first;
  return typeof first === "number" || ArrayBuffer.isView(first);
}

function stackFields(place: Place, values: readonly Fields[], one: Fields, depth: number): Fields {
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
        depth + 1,
      ),
    ]),
  );
}

/** Rows one after the other: bytes where all are bytes, else f32. */
function stackNumbers(place: Place, values: readonly unknown[]): Float32Array | Uint8Array {
  const nesting = nestingOf(nameOf(place, 0), values);
  const width = countOf(nameOf(place, 0), values[0]);
  const areBytes = values.every(isBytes);
  const out = new (areBytes ? Uint8Array : Float32Array)(values.length * width);
  let at = 0;
  for (const [i, value] of values.entries()) {
    const take = (leaf: unknown) => {
      if (typeof leaf !== "number") throw notNumber(place, i, leaf);
      if (Number.isFinite(leaf) && !Number.isFinite(Math.fround(leaf))) {
        throw failure(place, i, `has ${leaf}; needs numbers within the range of f32.`);
      }
      out[at++] = leaf;
    };
    eachLeaf(value, nesting, take, (part, depth) => {
      if (!isList(part) && typeof part !== "number") return notNumber(place, i, part);
      const found = countOf(nameOf(place, i), part);
      if (depth > 0 || found === width) return failure(place, i, `${unevenness(part, depth, nesting)}.`);
      return failure(place, i, `has ${found} numbers; needs ${width}, as the first of its batch has.`);
    });
  }
  return out;
}

const notNumber = (place: Place, i: number, value: unknown) =>
  failure(place, i, `has ${describe(value)} among its numbers; needs numbers only. ${mendOf(value)}`);

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
  if (value instanceof SparseRows) return value.take([row]);
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
