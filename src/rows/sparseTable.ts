/** Sparse rows as they are staged: see assembly/kernels/move/sparse.ts for how they lie there. */
import { DataError } from "../check/errors.js";
import { CHANGED, type Staging, type Table } from "./table.js";

const START = 4;
const PAIR = 8;

/** What of sparse rows is staged. */
interface Rows {
  readonly rows: number;
  readonly columns: number;
  readonly starts: Uint32Array;
  readonly indices: Uint32Array;
  readonly values: Float32Array;
}

/** Bytes of the entries where rows start: whole pairs, so that those that follow are aligned. */
const startBytes = (rows: number) => Math.ceil(((rows + 1) * START) / PAIR) * PAIR;

/** Bytes that so many rows of so many values take. */
const bytesOf = (rows: number, nonZeros: number) => startBytes(rows) + nonZeros * PAIR;

/** Sparse rows as a table. */
export function sparseTable(who: string, given: Rows): Table {
  return tableOf({ who, given, first: 0, rows: given.rows });
}

interface Part {
  readonly who: string;
  readonly given: Rows;
  /** The row that is the first of the table. */
  readonly first: number;
  readonly rows: number;
}

function tableOf(part: Part): Table {
  const { who, given, first, rows } = part;
  if (rows === 0) throw new DataError(`${who}: has no rows; needs at least one.`);
  return { values: new Float32Array(0), rows, columns: 0, staging: stagingOf(who, given, first, rows) };
}

function stagingOf(who: string, given: Rows, first: number, rows: number): Staging {
  const { starts } = given;
  const lengthOf = (row: number) => {
    const [from, to] = [starts[first + row] as number, starts[first + row + 1] as number];
    if (from <= to && to <= given.values.length) return to - from;
    throw new DataError(
      `${who}: row ${first + row} goes from ${from} to ${to} of ${given.values.length} values; ` +
        `needs places that ascend. ${CHANGED}`,
    );
  };
  /** Values of the n longest rows, for each n: made when somebody asks for fewer than all. */
  let most: Float64Array | undefined;
  const total = (starts[first + rows] as number) - (starts[first] as number);
  const mostOf = (count: number) => {
    if (count >= rows) return total;
    if (most === undefined) {
      const lengths = new Float64Array(rows)
        .map((_, row) => lengthOf(row))
        .sort()
        .reverse();
      let sum = 0;
      most = lengths.map((length) => {
        sum += length;
        return sum;
      });
    }
    return count === 0 ? 0 : (most[count - 1] as number);
  };
  return {
    bytes: (count) => bytesOf(count, mostOf(Math.min(count, rows))),
    fitting(from, count, bytes) {
      let fitting = 0;
      let nonZeros = 0;
      while (fitting < count) {
        nonZeros += lengthOf(from + fitting);
        // A single row always fits: the plan has room for one of all columns.
        if (fitting > 0 && bytesOf(fitting + 1, nonZeros) > bytes) break;
        fitting++;
      }
      return fitting;
    },
    pack(count, rowOf) {
      let nonZeros = 0;
      for (let i = 0; i < count; i++) nonZeros += lengthOf(rowOf(i));
      // Room was made for so many.
      if (nonZeros > mostOf(count)) throw new DataError(`${who}: has more values than before. ${CHANGED}`);
      const staged = new Uint8Array(bytesOf(count, nonZeros));
      const words = new Uint32Array(staged.buffer);
      const floats = new Float32Array(staged.buffer);
      let at = startBytes(count) / START;
      for (let i = 0; i < count; i++) {
        words[i] = at * START;
        const row = first + rowOf(i);
        const end = starts[row + 1] as number;
        let before = -1;
        for (let j = starts[row] as number; j < end; j++) {
          const [index, value] = [given.indices[j] as number, given.values[j] as number];
          // What is staged is not checked again: an index beyond the columns would read foreign memory.
          if (!(index > before && index < given.columns && value - value === 0)) {
            throw new DataError(
              `${who}: row ${row} has the value ${value} at column ${index}; needs finite numbers at columns that ` +
                `ascend, below ${given.columns}. ${CHANGED}`,
            );
          }
          words[at] = index;
          floats[at + 1] = value;
          before = index;
          at += 2;
        }
      }
      words[count] = at * START;
      return staged;
    },
    part: (from, end) => tableOf({ who, given, first: first + from, rows: end - from }),
  };
}
