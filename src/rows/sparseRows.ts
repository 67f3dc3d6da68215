import { DataError } from "../check/errors.js";
import { integer, optional } from "../check/kinds.js";
import { describe } from "../check/options.js";
import { take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import { isList } from "./nesting.js";
import { sparseTable } from "./sparseTable.js";
import { type Table, type Tensor, toTable } from "./table.js";

/** The parts of sparse rows, in the form that is known as compressed sparse rows. */
export interface SparseParts {
  /** Numbers in each row, zeros included. */
  readonly columns: number;
  /** For each row, and once more at the end, where its values begin. */
  readonly starts: ArrayLike<number>;
  /** Columns of the values, ascending in each row. */
  readonly indices: ArrayLike<number>;
  /** The values that are not 0. */
  readonly values: ArrayLike<number>;
}

/** More columns than any data has: an f32 would not count them. */
const MOST_COLUMNS = 2 ** 24;

/**
 * Rows most numbers of which are 0: they take memory by the others, 8 bytes for each, here and in linear memory. Encoders of
 * text make them, `sparseInput` takes them, and a dense layer behind it computes with what is not 0 alone.
 */
export class SparseRows {
  // Minified, it would be called otherwise.
  /** @internal */
  static readonly name = "SparseRows";
  /** How many rows there are. */
  readonly rows: number;
  /** Numbers in each row, zeros included. */
  readonly columns: number;
  /** For each row, and once more at the end, where its values begin. */
  readonly starts: Uint32Array<ArrayBuffer>;
  /** Columns of the values, ascending in each row. */
  readonly indices: Uint32Array<ArrayBuffer>;
  readonly values: Float32Array<ArrayBuffer>;

  /** Copies the parts. @throws DataError for parts that do not go together, OptionError for columns that there cannot be */
  constructor(parts: SparseParts) {
    checkSurplus("SparseRows", arguments, 1);
    const who = "SparseRows";
    if (typeof parts !== "object" || parts === null) {
      throw new DataError(`${who}: got ${describe(parts)}; needs { columns, starts, indices, values }.`);
    }
    this.columns = columnsOf(who, parts.columns);
    for (const name of ["starts", "indices", "values"] as const) {
      if (isList(parts[name])) continue;
      throw new DataError(`${who}: ${name} is ${describe(parts[name])}; needs an array or a typed array.`);
    }
    checkParts(who, parts);
    this.rows = parts.starts.length - 1;
    this.starts = Uint32Array.from(parts.starts);
    this.indices = Uint32Array.from(parts.indices);
    this.values = Float32Array.from(parts.values);
  }

  /** Values that are not 0, of all rows. */
  get nonZeros(): number {
    return this.values.length;
  }

  /** Bytes that the rows take: 8 for each value, 4 for each row. */
  get bytes(): number {
    return 8 * this.values.length + 4 * this.starts.length;
  }

  /** The rows with these indices, in this order. @throws DataError for an index that is no row */
  take(indices: ArrayLike<number>): SparseRows {
    if (!isList(indices)) {
      throw new DataError(
        `SparseRows: take: the rows are ${describe(indices)}; needs an array of their numbers.`,
      );
    }
    const starts = new Uint32Array(indices.length + 1);
    for (let i = 0; i < indices.length; i++) {
      const row = indices[i] as number;
      if (!(Number.isInteger(row) && row >= 0 && row < this.rows)) {
        throw new DataError(
          `SparseRows: take: index ${i} is ${describe(row)}; needs a row, a whole number from 0 to ${this.rows - 1}.`,
        );
      }
      const length = (this.starts[row + 1] as number) - (this.starts[row] as number);
      starts[i + 1] = (starts[i] as number) + length;
    }
    const taken = {
      indices: new Uint32Array(starts.at(-1) as number),
      values: new Float32Array(starts.at(-1) as number),
    };
    for (let i = 0; i < indices.length; i++) {
      const [from, to] = [this.starts[indices[i] as number], this.starts[(indices[i] as number) + 1]];
      taken.indices.set(this.indices.subarray(from, to), starts[i]);
      taken.values.set(this.values.subarray(from, to), starts[i]);
    }
    return new SparseRows({ columns: this.columns, starts, ...taken });
  }

  /** Rows `first` … `end` − 1, as many of them as there are. @throws OptionError for what is no whole number from 0 on */
  slice(first = 0, end = this.rows): SparseRows {
    for (const [name, given] of Object.entries({ first, end })) integer(0)("SparseRows: slice", name, given);
    const [from, to] = [Math.min(first, this.rows), Math.min(end, this.rows)];
    return this.take(Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i));
  }

  /** The rows of all parts, one after the other. @throws DataError unless all have as many columns */
  static join(parts: readonly SparseRows[]): SparseRows {
    checkSurplus("SparseRows.join", arguments, 1);
    const given: unknown = parts;
    if (!Array.isArray(given)) {
      throw new DataError(`SparseRows.join: got ${describe(given)}; needs an array of SparseRows.`);
    }
    const [first] = parts;
    const odd = parts.findIndex((one) => !(one instanceof SparseRows) || one.columns !== first?.columns);
    if (first === undefined || odd >= 0) {
      const got = first === undefined ? "an empty list" : `as part ${odd} ${describe(parts[odd])}`;
      throw new DataError(`SparseRows.join: got ${got}; needs SparseRows, all of as many columns.`);
    }
    const starts = new Uint32Array(parts.reduce((sum, { rows }) => sum + rows, 1));
    const nonZeros = parts.reduce((sum, one) => sum + one.nonZeros, 0);
    const [indices, values] = [new Uint32Array(nonZeros), new Float32Array(nonZeros)];
    let [row, at] = [0, 0];
    for (const part of parts) {
      starts.set(
        part.starts.map((start) => at + start),
        row,
      );
      indices.set(part.indices, at);
      values.set(part.values, at);
      row += part.rows;
      at += part.nonZeros;
    }
    return new SparseRows({ columns: first.columns, starts, indices, values });
  }

  /** All numbers, row after row, zeros included, as `input` takes them. */
  toDense(): Float32Array<ArrayBuffer> {
    const dense = new Float32Array(this.rows * this.columns);
    for (let row = 0; row < this.rows; row++) {
      for (let i = this.starts[row] as number; i < (this.starts[row + 1] as number); i++) {
        dense[row * this.columns + (this.indices[i] as number)] = this.values[i] as number;
      }
    }
    return dense;
  }

  /**
   * How they are staged, for an input of so many columns.
   *
   * @internal
   */
  toTable(who: string, columns: number): Table {
    if (this.columns === columns) return sparseTable(who, this);
    throw new DataError(
      `${who}: its sparse rows have ${this.columns} columns; needs ${columns}, as sparseInput(${columns}) says. ` +
        `Compile with sparseInput(${this.columns}).`,
    );
  }
}

/** @throws OptionError */
function columnsOf(who: string, given: number): number {
  const columns = integer(1)(who, "columns", given);
  if (columns <= MOST_COLUMNS) return columns;
  throw new DataError(`${who}: columns is ${columns}; needs at most ${MOST_COLUMNS}.`);
}

/** @throws DataError naming row and place */
function checkParts(who: string, { columns, starts, indices, values }: SparseParts): void {
  if (indices.length !== values.length) {
    throw new DataError(
      `${who}: there are ${indices.length} indices and ${values.length} values; needs as many of each.`,
    );
  }
  if (starts.length === 0 || starts[0] !== 0 || starts[starts.length - 1] !== indices.length) {
    throw new DataError(
      `${who}: starts has ${starts.length} entries from ${describe(starts[0])} to ${describe(starts[starts.length - 1])}; ` +
        `needs one for each row and one more, from 0 to ${indices.length}, the number of values.`,
    );
  }
  for (let row = 0; row + 1 < starts.length; row++) {
    const [from, to] = [starts[row] as number, starts[row + 1] as number];
    if (!(Number.isInteger(to) && from <= to && to <= indices.length)) {
      throw new DataError(
        `${who}: row ${row} goes from ${from} to ${describe(to)}; needs whole numbers that ascend, to ${indices.length}.`,
      );
    }
    for (let i = from; i < to; i++) {
      const [index, value] = [indices[i] as number, values[i] as number];
      const before = i > from ? (indices[i - 1] as number) : -1;
      if (!(Number.isInteger(index) && index > before && index < columns)) {
        throw new DataError(
          `${who}: row ${row} has index ${describe(index)} after ${before}; needs columns that ascend, below ${columns}.`,
        );
      }
      if (!Number.isFinite(Math.fround(value))) {
        throw new DataError(
          `${who}: row ${row}, column ${index} is ${describe(value)}; needs finite numbers within the range of f32.`,
        );
      }
    }
  }
}

/**
 * Dense rows as sparse ones: what is not 0.
 *
 * @param data nested rows, or a flat typed array with the number of its columns
 * @throws DataError naming row and column
 */
export function toSparse(data: Tensor, options: { readonly columns?: number } = {}): SparseRows {
  checkSurplus("toSparse", arguments, 2);
  const who = "toSparse";
  const given = take(who, options, { columns: optional(integer(1)) }).columns;
  const first: unknown = (Array.isArray(data) ? data : [])[0];
  const width = given ?? (isList(first) ? first.length : undefined);
  if (width === undefined) {
    throw new DataError(`${who}: the data is flat; needs the number of its columns too: { columns }.`);
  }
  const { values, rows, columns } = toTable(who, data, [columnsOf(who, width)]);
  const starts = new Uint32Array(rows + 1);
  const indices: number[] = [];
  const kept: number[] = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const value = values[row * columns + column] as number;
      if (value === 0) continue;
      indices.push(column);
      kept.push(value);
    }
    starts[row + 1] = kept.length;
  }
  return new SparseRows({ columns, starts, indices, values: kept });
}
