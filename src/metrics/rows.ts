import { DataError } from "../check/errors.js";
import { later } from "../check/kinds.js";
import { describe } from "../check/options.js";
import type { Tensor } from "../rows/table.js";

/** What was read of an argument: rows of equally many finite numbers, one after the other. */
export interface ReadRows {
  readonly values: ArrayLike<number>;
  readonly rows: number;
  readonly columns: number;
}

/** Numbers as they were given: flat, with no rows as yet, or nested. */
interface Given {
  readonly values: ArrayLike<number>;
  /** Undefined of a flat list: what it is compared with decides. */
  readonly rows: number | undefined;
}

/** The schema of weights: how many there must be is known with the data. */
export const SAMPLE_WEIGHT = { sampleWeight: /* @__PURE__ */ later<Tensor | undefined>() };

const isList = (part: unknown): part is ArrayLike<unknown> =>
  Array.isArray(part) || (ArrayBuffer.isView(part) && "length" in part);

const countOf = (part: unknown): number => {
  if (!isList(part)) return 1;
  if (ArrayBuffer.isView(part)) return part.length;
  let count = 0;
  for (let i = 0; i < part.length; i++) count += countOf(part[i]);
  return count;
};

/** @throws DataError for what is no list of finite numbers, empty or ragged */
function read(who: string, name: string, data: Tensor): Given {
  if (!isList(data)) {
    throw new DataError(`${who}: ${name} is ${describe(data)}; needs an array or a typed array.`);
  }
  if (data.length === 0 || countOf(data) === 0) {
    throw new DataError(`${who}: ${name} is empty; needs at least one row.`);
  }
  const list: ArrayLike<unknown> = data;
  const isNested = Array.isArray(data) && data.some(isList);
  const values = isNested ? flatten(who, name, list) : (list as ArrayLike<number>);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as unknown;
    if (typeof value === "number" && Number.isFinite(value)) continue;
    throw new DataError(`${who}: ${name}: number ${i} is ${describe(value)}; needs finite numbers.`);
  }
  return { values, rows: isNested ? list.length : undefined };
}

function flatten(who: string, name: string, rows: ArrayLike<unknown>): unknown[] & number[] {
  const values: unknown[] = [];
  const columns = countOf(rows[0]);
  const append = (part: unknown): void => {
    if (!isList(part)) values.push(part);
    else for (let i = 0; i < part.length; i++) append(part[i]);
  };
  for (let row = 0; row < rows.length; row++) {
    append(rows[row]);
    const found = values.length - row * columns;
    if (found === columns) continue;
    throw new DataError(
      `${who}: ${name} is ragged: row ${row} has ${found} numbers and row 0 has ${columns}; needs as many in each.`,
    );
  }
  return values as unknown[] & number[];
}

const inRows = ({ values }: Given, rows: number): ReadRows => ({
  values,
  rows,
  columns: values.length / rows,
});

/**
 * Reads predictions and what they should have been, row by row. Nested arrays say themselves what a row is. A flat list
 * of labels has one for each row, and a flat list of predictions as many for each row as divide evenly.
 *
 * @throws DataError for numbers that are missing, ragged or not finite, and for lengths that do not go together
 */
export function readPair(
  who: string,
  predicted: Tensor,
  labels: Tensor,
): { predicted: ReadRows; labels: ReadRows } {
  const p = read(who, "predicted", predicted);
  const l = read(who, "labels", labels);
  const rows = l.rows ?? p.rows ?? l.values.length;
  if (p.values.length % rows !== 0 || l.values.length % rows !== 0 || (p.rows ?? rows) !== rows) {
    const [found, wanted] = [p.rows ?? p.values.length, l.rows ?? l.values.length];
    throw new DataError(
      `${who}: predicted has ${found} ${p.rows ? "rows" : "numbers"} and labels has ${wanted}; needs as many of each, ` +
        "or equally many numbers for each label. Give one-hot labels as nested rows.",
    );
  }
  return { predicted: inRows(p, rows), labels: inRows(l, rows) };
}

/**
 * Weights of rows; all 1 where there are none.
 *
 * @throws DataError unless there is a number of at least 0 for each row, and one of them is larger
 */
export function readWeights(who: string, rows: number, given: Tensor | undefined): ArrayLike<number> {
  if (given === undefined) return new Float64Array(rows).fill(1);
  const { values } = read(who, "sampleWeight", given);
  if (values.length !== rows) {
    throw new DataError(
      `${who}: sampleWeight has ${values.length} numbers; needs one for each of the ${rows} rows.`,
    );
  }
  let total = 0;
  for (let row = 0; row < rows; row++) {
    const weight = values[row] as number;
    if (weight < 0) {
      throw new DataError(`${who}: sampleWeight: number ${row} is ${weight}; needs at least 0.`);
    }
    total += weight;
  }
  if (total > 0) return values;
  throw new DataError(`${who}: all of sampleWeight is 0; needs a row that counts.`);
}

/** Σ weights[row] · f(row), and Σ weights. */
export function weightedMean(weights: ArrayLike<number>, of: (row: number) => number): number {
  let sum = 0;
  let total = 0;
  for (let row = 0; row < weights.length; row++) {
    const weight = weights[row] as number;
    sum += weight * of(row);
    total += weight;
  }
  return sum / total;
}
