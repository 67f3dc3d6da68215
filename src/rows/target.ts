import { DataError } from "../check/errors.js";
import { formatShape, type Shape, sizeOf } from "../graph/shape.js";

/** How a target may look: its shape for one row, and what its numbers must be. */
export interface TargetForm {
  readonly row: Shape;
  /** What is wrong with a number of a target, if anything. */
  fault?(value: number): string | undefined;
  /** What is wrong with a row of a target, whose numbers are right each by itself. */
  faultOfRow?(row: ArrayLike<number>): string | undefined;
  /** Whether each row is a distribution, which sums to 1. */
  readonly sumsToOne?: boolean;
}

/** What has targets: a loss. */
export interface Targeted {
  readonly name: string;
  /**
   * The forms of target that fit an output, the usual one first.
   *
   * @param columns numbers of a row of the data, for a target that may have any; unknown when it is compiled
   * @throws ShapeError when the output does not fit
   * @internal
   */
  targets(output: Shape, columns?: number): readonly TargetForm[];
}

/** A weight for each row. */
export const SAMPLE_WEIGHT: TargetForm = {
  row: [],
  fault: (value) => (value >= 0 ? undefined : "needs a weight of at least 0"),
};

/** Elements of one row of a target. */
export const targetColumns = ({ row }: TargetForm) => sizeOf(row).factor;

/** Tells apart the forms of all targets of a network. */
export const formsKey = (forms: readonly TargetForm[]) => forms.map(targetColumns).join();

/**
 * @param who what errors call the target: `fit: y`
 * @throws DataError: the form of a target whose rows have `columns` numbers
 */
export function targetForm(who: string, loss: Targeted, output: Shape, columns: number): TargetForm {
  const forms = loss.targets(output, columns);
  const form = forms.find((one) => targetColumns(one) === columns);
  if (form !== undefined) return form;
  const needed = forms.map((one) => targetColumns(one)).join(" or ");
  const areLabels = columns === 1 && forms.length === 1;
  throw new DataError(
    `${who}: its rows have ${columns} ${columns === 1 ? "number" : "numbers"}; ` +
      `${loss.name} on an output of ${formatShape(output)} needs ${needed}.` +
      (areLabels ? ' Integer labels go with "crossEntropy".' : ""),
  );
}
