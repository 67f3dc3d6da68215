import { DataError, OptionError } from "../check/errors.js";
import { later } from "../check/kinds.js";
import { describe } from "../check/options.js";
import type { Settled } from "../check/schema.js";
import type { Tensor } from "../rows/table.js";
import { checkFlat } from "./flatRows.js";
import { type ReadRows, readPair, readWeights } from "./rows.js";

/** What metrics of decisions share. */
export interface DecisionOptions {
  /** For predictions of one number a row: yes, class 1, where it is larger. Default 0.5 for probabilities. */
  readonly threshold?: number;
  /** How often each row counts; default 1. */
  readonly sampleWeight?: Tensor;
  /**
   * How many classes there are, or their names, as `labelEncoder` has them. Default: those that predictions and labels have. Says, too, that two flat
   * lists of equal length are probabilities and one-hot labels of three classes or more.
   */
  readonly classes?: number | readonly (string | number | boolean)[];
}

/** Their schema: what they may be is known with the data. */
export const DECISION = {
  threshold: /* @__PURE__ */ later<number | undefined>(),
  sampleWeight: /* @__PURE__ */ later<Tensor | undefined>(),
  classes: /* @__PURE__ */ later<DecisionOptions["classes"]>(),
};

/** The class that was predicted and the class that is right, row by row. */
export interface Decisions {
  readonly predicted: ArrayLike<number>;
  readonly labels: ArrayLike<number>;
  readonly weights: ArrayLike<number>;
  readonly rows: number;
  readonly classes: number;
  /** Whether `classes` were given: then all count, even those that no row has. */
  readonly areAllClasses: boolean;
}

/** More would be a mistake: something else was taken for labels. */
const MOST_CLASSES = 2 ** 24;

/**
 * Predictions are classes, whole numbers; or a number for each class, of which the largest wins, the first of equals; or
 * probabilities of yes, which a threshold decides. Labels are whole numbers or one-hot rows.
 *
 * @throws DataError for data that does not fit, OptionError for options
 */
export function decide(
  who: string,
  predicted: Tensor,
  labels: Tensor,
  options: Settled<typeof DECISION>,
): Decisions {
  const { threshold, sampleWeight, classes } = options;
  const wanted = classesOf(who, classes);
  const given = readPair(who, predicted, labels);
  if (wanted === undefined) checkFlat(who, given, " For decisions number by number give { classes: 2 }.");
  const pair = asOneHot(given, wanted);
  const { rows } = pair.labels;
  const right = toLabels(who, pair.labels);
  const said = decideRows(who, pair.predicted, threshold);
  const known = knownClasses(who, pair, said, wanted);
  let most = 2;
  for (const [name, list] of [
    ["predicted", said],
    ["labels", right],
  ] as const) {
    for (let row = 0; row < rows; row++) {
      const one = list[row] as number;
      if (known !== undefined && one >= known) {
        throw new DataError(
          `${who}: ${name}: row ${row} is class ${one}; needs one from 0 to ${known - 1}, as there are ${known} classes.`,
        );
      }
      most = Math.max(most, one + 1);
    }
  }
  return {
    predicted: said,
    labels: right,
    weights: readWeights(who, rows, sampleWeight),
    rows,
    classes: known ?? most,
    areAllClasses: wanted !== undefined,
  };
}

type Pair = ReturnType<typeof readPair>;

/**
 * How many classes there are, by the option or the widths of rows: two, where a threshold decided. Undefined where both
 * sides are classes.
 *
 * @throws DataError where they differ
 */
function knownClasses(
  who: string,
  { predicted, labels }: Pair,
  said: ArrayLike<number>,
  wanted: number | undefined,
): number | undefined {
  const told = [
    ["classes", wanted],
    ["predicted", predicted.columns > 1 ? predicted.columns : said === predicted.values ? undefined : 2],
    ["labels", labels.columns > 1 ? labels.columns : undefined],
  ].filter(([, count]) => count !== undefined) as [string, number][];
  const [first, ...others] = told;
  const other = others.find(([, count]) => count !== first?.[1]);
  if (first === undefined || other === undefined) return first?.[1];
  throw new DataError(
    `${who}: ${first[0]} says ${first[1]} classes and ${other[0]} ${other[1]}; needs as many of each.`,
  );
}

/**
 * Flat lists of equal length, read again as rows of probabilities and one-hot rows where the classes are too many for a
 * single probability of each row.
 */
function asOneHot(pair: Pair, classes: number | undefined): Pair {
  const { predicted, labels } = pair;
  if (classes === undefined || classes < 3 || predicted.columns > 1 || labels.columns > 1) return pair;
  if (Array.from(predicted.values).every(Number.isInteger) || predicted.rows % classes !== 0) return pair;
  const inRows = ({ values }: ReadRows): ReadRows => ({
    values,
    rows: values.length / classes,
    columns: classes,
  });
  return { predicted: inRows(predicted), labels: inRows(labels) };
}

function classesOf(who: string, classes: DecisionOptions["classes"]): number | undefined {
  if (classes === undefined) return undefined;
  const count = Array.isArray(classes) ? classes.length : (classes as number);
  if (Number.isInteger(count) && count >= 2 && count <= MOST_CLASSES) return count;
  throw new OptionError(
    `${who}: classes is ${describe(classes)}; needs their number, at least 2, or an array of their names.`,
  );
}

/** Names of the classes: those that were given, else their numbers. */
export const namesOf = ({ classes }: Settled<typeof DECISION>, count: number): string[] =>
  Array.from({ length: count }, (_, i) => (typeof classes === "object" ? String(classes[i]) : String(i)));

/** Integer labels of rows that hold one, or are one-hot. @throws DataError for other rows */
export function toLabels(who: string, { values, rows, columns }: ReadRows): ArrayLike<number> {
  if (columns === 1) return checkClasses(who, "labels", values, "needs a whole number of at least 0");
  return Int32Array.from({ length: rows }, (_, row) => {
    let label = -1;
    for (let column = 0; column < columns; column++) {
      const value = values[row * columns + column] as number;
      if (value === 0) continue;
      if (value !== 1 || label >= 0) {
        throw new DataError(
          `${who}: labels: row ${row} is not one-hot; needs a single 1 among zeros, or a class by its number.`,
        );
      }
      label = column;
    }
    if (label >= 0) return label;
    throw new DataError(`${who}: labels: row ${row} is all zeros; needs a single 1 among them.`);
  });
}

function checkClasses(who: string, name: string, values: ArrayLike<number>, needs: string) {
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as number;
    if (Number.isInteger(value) && value >= 0 && value < MOST_CLASSES) continue;
    throw new DataError(`${who}: ${name}: row ${row} is ${value}; ${needs}.`);
  }
  return values;
}

const HALF = 0.5;

function decideRows(who: string, predicted: ReadRows, threshold: number | undefined): ArrayLike<number> {
  const { values, rows, columns } = predicted;
  if (threshold !== undefined && !Number.isFinite(threshold)) {
    throw new OptionError(`${who}: threshold is ${describe(threshold)}; needs a finite number.`);
  }
  if (columns > 1) {
    if (threshold === undefined)
      return Int32Array.from({ length: rows }, (_, row) => largest(predicted, row));
    throw new OptionError(
      `${who}: threshold is for one number a row, and predicted has ${columns}; needs none: the largest wins.`,
    );
  }
  const isClass = (value: number) => Number.isInteger(value);
  const isShare = (value: number) => value >= 0 && value <= 1;
  const list = Array.from(values);
  const chosen = threshold ?? (!list.every(isClass) && list.every(isShare) ? HALF : undefined);
  if (chosen !== undefined) return Int32Array.from(list, (value) => (value > chosen ? 1 : 0));
  const needs =
    "needs a class by its whole number, a probability of yes, or a number for each class. For logits of yes, " +
    "give the threshold: { threshold: 0 }";
  return checkClasses(who, "predicted", values, needs);
}

/** Column of the first largest number of a row. */
function largest({ values, columns }: ReadRows, row: number): number {
  const first = row * columns;
  let best = 0;
  for (let column = 1; column < columns; column++) {
    if ((values[first + column] as number) > (values[first + best] as number)) best = column;
  }
  return best;
}
