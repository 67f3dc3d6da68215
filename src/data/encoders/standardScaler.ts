import { take } from "../../check/schema.js";
import { checkSurplus } from "../../check/surplus.js";
import type { Tensor } from "../../rows/table.js";
import { type Grid, toNumbers } from "./cells.js";
import { areNumbers, type Encoder, type EncoderRule, makeEncoder } from "./encoder.js";

interface Moments {
  readonly means: readonly number[];
  readonly scales: readonly number[];
}

/** Spacing of f64 at 1. */
const EPSILON = 2 ** -52;

/**
 * Mean and deviation of a column in two passes, the second corrected by the error of the first (Chan, Golub & LeVeque,
 * "Algorithms for computing the sample variance", 1983).
 */
function momentsOf({ cells, rows, columns }: Grid<number>, column: number): { mean: number; scale: number } {
  let sum = 0;
  for (let i = column; i < cells.length; i += columns) sum += cells[i] as number;
  const mean = sum / rows;
  let squares = 0;
  let rest = 0;
  for (let i = column; i < cells.length; i += columns) {
    const difference = (cells[i] as number) - mean;
    squares += difference * difference;
    rest += difference;
  }
  const variance = Math.max(0, squares / rows - (rest / rows) * (rest / rows));
  // A column of one value has a variance of rounding errors: this bound, which scikit-learn has too, tells it.
  const rounding = rows * mean * EPSILON;
  const isConstant = variance <= rows * EPSILON * variance + rounding * rounding;
  return { mean: mean + rest / rows, scale: isConstant ? 1 : Math.sqrt(variance) };
}

export const standardScalerRule = (): EncoderRule<Tensor, number, Moments, Float32Array<ArrayBuffer>> => ({
  kind: "standardScaler",
  options: {},
  read: toNumbers,
  learn(_, grid) {
    const moments = Array.from({ length: grid.columns }, (_, column) => momentsOf(grid, column));
    return { means: moments.map(({ mean }) => mean), scales: moments.map(({ scale }) => scale) };
  },
  sizes: ({ means }) => ({ inputs: means.length, columns: means.length }),
  encode(_, { cells, columns }, { means, scales }, out) {
    for (let i = 0; i < out.length; i++) {
      const column = i % columns;
      out[i] = ((cells[i] as number) - (means[column] as number)) / (scales[column] as number);
    }
  },
  decode(_, { cells, columns }, { means, scales }) {
    return Float32Array.from(
      cells,
      (cell, i) => cell * (scales[i % columns] as number) + (means[i % columns] as number),
    );
  },
  names: (_, inputs) => [...inputs],
  fields: ["means", "scales"],
  holds: ({ means, scales }) => areNumbers(means, scales) && (scales as number[]).every((one) => one > 0),
});

/**
 * Standardizes columns: z = (x − mean) / deviation, by the mean and the population deviation of the rows that it was
 * fitted on (divided by n, not n − 1, as scikit-learn's StandardScaler does). A column of one value is only centered.
 *
 * `transform` and `inverse` give f32, row after row; both are computed in f64.
 *
 * @example
 * const scaler = standardScaler();
 * await model.fit({ x: scaler.fitTransform(rows), y });
 * await model.predict(scaler.transform(newRows));
 */
export function standardScaler(
  options: Record<string, never> = {},
): Encoder<Tensor, Float32Array<ArrayBuffer>> {
  checkSurplus("standardScaler", arguments, 1);
  take("standardScaler", options, {});
  return makeEncoder(standardScalerRule());
}
