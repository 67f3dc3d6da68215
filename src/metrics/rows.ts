import { DataError } from "../check/errors.js";
import { later } from "../check/kinds.js";
import { describe } from "../check/options.js";
import { mendOf } from "../rows/mend.js";
import { countOf, eachLeaf, isList, nestingOf, unevenness } from "../rows/nesting.js";
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

/** @throws DataError for what is no list of finite numbers, empty or ragged */
function read(who: string, name: string, data: Tensor): Given {
  if (!isList(data)) {
    throw new DataError(`${who}: ${name} is ${describe(data)}; needs an array or a typed array.`);
  }
  if (data.length === 0 || countOf(`${who}: ${name}`, data[0]) === 0) {
    throw new DataError(`${who}: ${name} is empty; needs at least one row.`);
  }
  const isNested = nestingOf(`${who}: ${name}`, data).length > 0;
  const values = isNested ? flatten(who, name, data) : (data as ArrayLike<number>);
  for (let i = 0; i < values.length; i++) checkNumber(who, name, values[i], i);
  return { values, rows: isNested ? data.length : undefined };
}

function checkNumber(who: string, name: string, value: unknown, i: number): asserts value is number {
  if (typeof value === "number" && Number.isFinite(value)) return;
  throw new DataError(
    `${who}: ${name}: number ${i} is ${describe(value)}; needs finite numbers. ${mendOf(value)}`,
  );
}

function flatten(who: string, name: string, rows: ArrayLike<unknown>): number[] {
  const values: number[] = [];
  const place = `${who}: ${name}`;
  const nesting = nestingOf(place, rows);
  const columns = countOf(place, rows[0]);
  let row = 0;
  const uneven = (part: unknown, depth: number) => {
    if (!isList(part)) checkNumber(who, name, part, values.length);
    const found = countOf(place, part);
    const what =
      depth > 0 || found === columns
        ? `row ${row} ${unevenness(part, depth, nesting)}`
        : `is ragged: row ${row} has ${found} numbers and row 0 has ${columns}; needs as many in each`;
    return new DataError(`${place} ${what}.`);
  };
  const take = (value: unknown) => {
    checkNumber(who, name, value, values.length);
    values.push(value);
  };
  for (; row < rows.length; row++) eachLeaf(rows[row], nesting, take, uneven);
  return values;
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
