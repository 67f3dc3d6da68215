import { DataError, OptionError } from "../../check/errors.js";
import { flag, integer, later, optional } from "../../check/kinds.js";
import { take } from "../../check/schema.js";
import { checkSurplus } from "../../check/surplus.js";
import { countRows, type RowOptions, rowsAt } from "../datasets/exampleRows.js";
import { type ClassLabels, classesOf } from "../encoders/classes.js";
import { drawsOf, Use } from "./draws.js";
import { heldRows, holdLast, holdRandom, holdStratified } from "./holdOut.js";

export interface TrainTestSplitOptions extends RowOptions {
  /** Share of the rows to test on, rounded up, or their number; default 0.25. */
  readonly testSize?: number;
  /** Whether rows are put into a random order first; default true. Without it the last rows are for the test. */
  readonly shuffle?: boolean;
  /** Seed of that order; default 0. */
  readonly seed?: number;
  /** The class of each row, whose shares both parts shall have; true for the labels in `y`. */
  readonly stratify?: boolean | ClassLabels;
}

/** Two parts of examples, in the form of the whole. */
export interface TrainTest<T> {
  readonly train: T;
  readonly test: T;
}

/**
 * Splits examples into those to train on and those to test on: `{ x, y }`, named inputs and sample weights alike, as
 * scikit-learn's train_test_split does. Rows are copied; a typed array gives typed arrays.
 *
 * @throws OptionError for options outside their domain; DataError for unequal numbers of rows
 *
 * @example
 * const { train, test } = trainTestSplit({ x, y }, { testSize: 0.2, seed: 1, stratify: true });
 * await model.fit(train);
 * await model.evaluate(test);
 */
export function trainTestSplit<T extends object>(data: T, options: TrainTestSplitOptions = {}): TrainTest<T> {
  checkSurplus("trainTestSplit", arguments, 2);
  const who = "trainTestSplit";
  const settled = take(who, options, {
    testSize: later(0.25),
    shuffle: flag(true),
    seed: integer(0, 0),
    stratify: later<boolean | ClassLabels>(false),
    rows: optional(integer(1)),
  });
  const { testSize, shuffle, seed, stratify } = settled;
  const rows = countRows(who, data, settled.rows);
  const held = heldRows(who, "testSize", testSize, rows);
  const labels = stratify === true ? labelsOf(who, data) : stratify;
  if (labels !== false && !shuffle) {
    throw new OptionError(
      `${who}: stratify is given and shuffle is false; needs shuffle: true, or no stratify.`,
    );
  }
  const draw = drawsOf(seed, 0, Use.Split);
  const parted = () => {
    if (!shuffle) return holdLast(rows, held);
    if (labels === false) return holdRandom(rows, held, draw);
    const classes = classesOf(`${who}: stratify`, labels);
    if (classes.codes.length === rows) return holdStratified(who, classes, held, draw);
    throw new DataError(
      `${who}: stratify has ${classes.codes.length} labels for ${rows} rows; needs one for each row.`,
    );
  };
  const { kept, held: test } = parted();
  return { train: rowsAt(data, kept, rows), test: rowsAt(data, test, rows) };
}

/** The labels in `y`. @throws DataError when there is no `y`, or one by names */
function labelsOf(who: string, data: object): ClassLabels {
  const { y } = data as { readonly y?: unknown };
  if (Array.isArray(y) || ArrayBuffer.isView(y)) return y as ClassLabels;
  throw new DataError(
    `${who}: stratify is true, and the data has no labels in y; give the labels themselves: { stratify: labels }.`,
  );
}
