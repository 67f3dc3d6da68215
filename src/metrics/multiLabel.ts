/** Decisions label by label, where several can be right of a row at once. */
import { DataError, OptionError } from "../check/errors.js";
import { describe } from "../check/options.js";
import type { Settled } from "../check/schema.js";
import type { Tensor } from "../rows/table.js";
import type { ClassCounts } from "./counts.js";
import type { DECISION } from "./decisions.js";
import { readPair, readWeights } from "./rows.js";

/** What is counted of each label, and how many rows have all of them right. */
export interface LabelCounts extends ClassCounts {
  /** Share of rows all labels of which are predicted as they are. */
  readonly exact: number;
}

/**
 * Counts yes of each column: predicted where a number is above the threshold, labeled where it is 1.
 *
 * @throws DataError for rows of other widths, and labels that are not 0 or 1; OptionError for options
 */
export function countLabels(
  who: string,
  predicted: Tensor,
  labels: Tensor,
  { threshold = 0.5, sampleWeight, classes }: Settled<typeof DECISION>,
): LabelCounts {
  const pair = readPair(who, predicted, labels);
  const { rows, columns } = pair.labels;
  const wanted = typeof classes === "object" ? classes.length : classes;
  if (!Number.isFinite(threshold)) {
    throw new OptionError(`${who}: threshold is ${describe(threshold)}; needs a finite number.`);
  }
  if (pair.predicted.columns !== columns || columns < 2 || (wanted ?? columns) !== columns) {
    const named = wanted === undefined ? "" : `, and classes says ${wanted}`;
    throw new DataError(
      `${who}: predicted has ${pair.predicted.columns} numbers a row and labels ${columns}${named}; with multiLabel it ` +
        "needs one for each label, two at least. Give labels as nested rows of 0 and 1.",
    );
  }
  const weights = readWeights(who, rows, sampleWeight);
  const counts = {
    hits: new Float64Array(columns),
    predicted: new Float64Array(columns),
    labeled: new Float64Array(columns),
  };
  const add = (to: Float64Array, label: number, weight: number) => {
    to[label] = (to[label] as number) + weight;
  };
  let [total, exact] = [0, 0];
  for (let row = 0; row < rows; row++) {
    const weight = weights[row] as number;
    let isExact = true;
    for (let label = 0; label < columns; label++) {
      const right = pair.labels.values[row * columns + label] as number;
      if (right !== 0 && right !== 1) {
        throw new DataError(`${who}: labels: row ${row}, column ${label} is ${right}; needs 0 or 1.`);
      }
      const says = (pair.predicted.values[row * columns + label] as number) > threshold;
      if (says) add(counts.predicted, label, weight);
      if (right === 1) add(counts.labeled, label, weight);
      if (says && right === 1) add(counts.hits, label, weight);
      if (says !== (right === 1)) isExact = false;
    }
    total += weight;
    if (isExact) exact += weight;
  }
  return { ...counts, total, exact: exact / total };
}
