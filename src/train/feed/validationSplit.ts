import { OptionError } from "../../check/errors.js";
import { numberOf } from "../../check/kinds.js";
import type { ModelState } from "../../model/state.js";
import { type Examples, type ExampleTables, isExamples, toExamples } from "../../rows/examples.js";
import type { Given } from "./feed.js";
import type { Batches } from "./slabs.js";

interface Split {
  readonly data: Given;
  readonly validation: Given;
}

/**
 * The last rows of arrays apart from those before them, as Keras' validation_split: they are not shuffled first, so rows
 * that are sorted belong into trainTestSplit of `wasmgrad/data`.
 *
 * @throws OptionError for a share outside (0, 1), streams, or rows so few that one part would be empty
 */
export function splitOff(
  state: ModelState,
  data: Examples | Batches | (() => Batches),
  { validationSplit, validation }: { readonly validationSplit: number; readonly validation?: unknown },
): Split {
  numberOf("a number between 0 and 1", (share) => share > 0 && share < 1)()(
    "fit",
    "validationSplit",
    validationSplit,
  );
  if (validation !== undefined) {
    throw new OptionError("fit: validation and validationSplit are both given; needs one of them.");
  }
  if (!isExamples(data)) {
    throw new OptionError(
      "fit: validationSplit is for arrays, and the data is a stream; give { validation } beside it.",
    );
  }
  const whole = toExamples("fit", data, state.shapes);
  const kept = Math.floor(whole.rows * (1 - validationSplit));
  if (kept === 0 || kept === whole.rows) {
    throw new OptionError(
      `fit: validationSplit is ${validationSplit} of ${whole.rows} rows, which leaves ${kept} to train on and ` +
        `${whole.rows - kept} to validate; needs some of both.`,
    );
  }
  const part = (first: number, end: number) => ({ examples: rowsOf(whole, first, end) });
  return { data: part(0, kept), validation: part(kept, whole.rows) };
}

function rowsOf({ tables, forms }: ExampleTables, first: number, end: number): ExampleTables {
  const rows = end - first;
  return {
    tables: tables.map(
      ({ values, columns, checkAgain, staging }) =>
        staging?.part(first, end) ?? {
          values: values.subarray(first * columns, end * columns),
          rows,
          columns,
          checkAgain:
            checkAgain && ((read, rowOf = (row) => row) => checkAgain(read, (row) => first + rowOf(row))),
        },
    ),
    forms,
    rows,
  };
}
