/** Flat lists that were rows: probabilities of each class and one-hot labels, which read number by number mean something else. */
import { DataError } from "../check/errors.js";
import type { ReadRows } from "./rows.js";

/** How far the probabilities of a row may be from 1 together: room for the rounding of f32. */
export const SUM_TOLERANCE = 1e-3;

/** Rows that cannot all be distributions by chance, of two classes and of more. */
const [FEWEST_PAIRS, FEWEST_ROWS] = [4, 2];

/** The classes of one-hot rows that a list of 0 and 1 may be, one row after the other; 0 if it is none. */
function widthOf(labels: ArrayLike<number>): number {
  let ones = 0;
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] !== 0 && labels[i] !== 1) return 0;
    ones += labels[i] as number;
  }
  const width = labels.length / ones;
  return Number.isInteger(width) && width > 1 && ones >= (width === 2 ? FEWEST_PAIRS : FEWEST_ROWS)
    ? width
    : 0;
}

const sumOf = (values: ArrayLike<number>, first: number, width: number): number => {
  let sum = 0;
  for (let i = first; i < first + width; i++) sum += values[i] as number;
  return sum;
};

/**
 * Of one number a row each: numbers between 0 and 1 that sum to 1 wherever the labels have a single 1 among zeros. What is
 * all but 0 or 1 may do so by chance, as where each is a decision by itself and right.
 *
 * @throws DataError
 */
export function checkFlat(
  who: string,
  { predicted, labels }: { readonly predicted: ReadRows; readonly labels: ReadRows },
  mend = "",
): void {
  if (predicted.columns > 1 || labels.columns > 1) return;
  const { values } = predicted;
  const width = widthOf(labels.values);
  if (width === 0 || !Array.from(values).some((one) => one > 0.01 && one < 0.99)) return;
  for (let first = 0; first < values.length; first += width) {
    if (sumOf(labels.values, first, width) !== 1) return;
    if (Math.abs(sumOf(values, first, width) - 1) > SUM_TOLERANCE) return;
  }
  throw new DataError(
    `${who}: predicted and labels are flat, and look like probabilities of ${width} classes and one-hot labels; needs nested rows.${mend}`,
  );
}
