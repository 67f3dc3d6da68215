import { bindMembers } from "../check/bindMembers.js";
import { OptionError } from "../check/errors.js";
import { oneOf } from "../check/kinds.js";
import { printed } from "../check/printed.js";
import { take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import type { Tensor } from "../rows/table.js";
import { DECISION, type DecisionOptions, decide, namesOf } from "./decisions.js";
import { printTable } from "./printTable.js";

export interface ConfusionOptions extends DecisionOptions {
  /**
   * Shares instead of counts: of the rows that are labeled alike, predicted alike, or of all. 0 of none is 0, as in
   * scikit-learn. Default `none`.
   */
  readonly normalize?: "none" | "labels" | "predictions" | "all";
}

/** How often each class was taken for each. `console.log` prints it as a table, as `String(matrix)` is. */
export class ConfusionMatrix {
  // Minified, it would be called otherwise.
  /** @internal */
  static readonly name = "ConfusionMatrix";

  constructor(
    /** `counts[label][prediction]`, or shares when normalized. */
    readonly counts: readonly (readonly number[])[],
    /** Names of the classes, in the order of `counts`. */
    readonly classes: readonly string[],
  ) {
    bindMembers(this);
    printed(this);
  }

  /** A line for each labeled class, a column for each predicted one. */
  toString(): string {
    const areWhole = this.counts.every((line) => line.every(Number.isInteger));
    const cells = (line: readonly number[]) => line.map((one) => (areWhole ? String(one) : one.toFixed(3)));
    return printTable([
      { name: "label \\ predicted", cells: this.classes },
      ...this.counts.map((line, i) => ({ name: this.classes[i] as string, cells: cells(line) })),
    ]);
  }
}

const NORMALIZERS = { none: true, labels: true, predictions: true, all: true };
/** Beyond, it would be gigabytes, and nobody would read it. */
const MOST_CLASSES = 4096;

/**
 * How often rows of each class, a line each, were predicted to be of each class, a column each; `confusion_matrix` of
 * scikit-learn with all classes from 0 on.
 *
 * @param predicted classes, probabilities of yes, or a number for each class, as `predict` gives them
 * @param labels classes by their numbers, or one-hot rows
 * @throws DataError for data that does not fit, OptionError for options
 */
export function confusionMatrix(
  predicted: Tensor,
  labels: Tensor,
  options: ConfusionOptions = {},
): ConfusionMatrix {
  checkSurplus("confusionMatrix", arguments, 3);
  const who = "confusionMatrix";
  const settled = take(who, options, { ...DECISION, normalize: oneOf(NORMALIZERS, "none") });
  const decisions = decide(who, predicted, labels, settled);
  const { classes, rows } = decisions;
  if (classes > MOST_CLASSES) {
    throw new OptionError(`${who}: there are ${classes} classes; needs at most ${MOST_CLASSES}.`);
  }
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let row = 0; row < rows; row++) {
    const line = counts[decisions.labels[row] as number] as number[];
    const column = decisions.predicted[row] as number;
    line[column] = (line[column] as number) + (decisions.weights[row] as number);
  }
  return new ConfusionMatrix(normalized(counts, settled.normalize), namesOf(settled, classes));
}

function normalized(counts: number[][], by: keyof typeof NORMALIZERS): number[][] {
  if (by === "none") return counts;
  const sum = (list: readonly number[]) => list.reduce((one, other) => one + other, 0);
  const ofLines = counts.map(sum);
  const ofColumns = counts.map((_, column) => sum(counts.map((line) => line[column] as number)));
  const all = sum(ofLines);
  const totals = {
    labels: (i: number) => ofLines[i],
    predictions: (_: number, j: number) => ofColumns[j],
    all: () => all,
  };
  return counts.map((line, i) =>
    line.map((count, j) => (count === 0 ? 0 : count / (totals[by](i, j) as number))),
  );
}
