import { OptionError } from "../../check/errors.js";
import { describe } from "../../check/options.js";
import { type Kind, take } from "../../check/schema.js";
import { checkSurplus } from "../../check/surplus.js";
import type { Tensor } from "../../rows/table.js";
import { type Grid, toNumbers } from "./cells.js";
import { areNumbers, type Encoder, type EncoderRule, makeEncoder } from "./encoder.js";

export interface RobustScalerOptions {
  /** The shares of the rows below the two values whose distance becomes 1; default the quartiles, [0.25, 0.75]. */
  readonly quantiles?: readonly [low: number, high: number];
}

interface Quantiles {
  readonly medians: readonly number[];
  readonly scales: readonly number[];
}

type Shares = readonly [low: number, high: number];

const ascendingShares: Kind<Shares, Shares | undefined> = (who, name, shares = [0.25, 0.75]) => {
  const arePair = Array.isArray(shares) && shares.length === 2 && shares.every(Number.isFinite);
  if (arePair && shares[0] >= 0 && shares[0] < shares[1] && shares[1] <= 1) return [shares[0], shares[1]];
  const got = arePair ? `[${shares.join(", ")}]` : describe(shares);
  throw new OptionError(
    `${who}: ${name} is ${got}; needs two shares from 0 to 1, the smaller first: [0.25, 0.75].`,
  );
};

/** The values of a column, ascending. */
export function sortedColumn({ cells, rows, columns }: Grid<number>, column: number): Float64Array {
  return new Float64Array(rows).map((_, row) => cells[row * columns + column] as number).sort();
}

/** The value below which a share of sorted values lies, on the line between two of them, as NumPy's `quantile` has it. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const [low, high] = [sorted[below] as number, sorted[Math.min(below + 1, sorted.length - 1)] as number];
  const part = place - below;
  return part < 0.5 ? low + (high - low) * part : high - (high - low) * (1 - part);
}

export function robustScalerRule(
  options: RobustScalerOptions,
): EncoderRule<Tensor, number, Quantiles, Float32Array<ArrayBuffer>> {
  const settled = take("robustScaler", options, { quantiles: ascendingShares });
  const [low, high] = settled.quantiles;
  return {
    kind: "robustScaler",
    options: settled,
    read: toNumbers,
    learn(_, grid) {
      const sorted = Array.from({ length: grid.columns }, (_, column) => sortedColumn(grid, column));
      return {
        medians: sorted.map((column) => quantile(column, 0.5)),
        // A column most of which is one value is only centered.
        scales: sorted.map((column) => quantile(column, high) - quantile(column, low) || 1),
      };
    },
    sizes: ({ medians }) => ({ inputs: medians.length, columns: medians.length }),
    encode(_, { cells, columns }, { medians, scales }, out) {
      for (let i = 0; i < out.length; i++) {
        const column = i % columns;
        out[i] = ((cells[i] as number) - (medians[column] as number)) / (scales[column] as number);
      }
    },
    decode(_, { cells, columns }, { medians, scales }) {
      return Float32Array.from(
        cells,
        (cell, i) => cell * (scales[i % columns] as number) + (medians[i % columns] as number),
      );
    },
    names: (_, inputs) => [...inputs],
    fields: ["medians", "scales"],
    holds: ({ medians, scales }) =>
      areNumbers(medians, scales) && (scales as number[]).every((one) => one > 0),
  };
}

/**
 * Scales columns by what outliers do not move: (x − median) / (the distance of two quantiles), by default of the
 * quartiles, as scikit-learn's RobustScaler does. A column whose quantiles are equal is only centered.
 *
 * @throws OptionError for quantiles that are no shares, or not in order
 */
export function robustScaler(options: RobustScalerOptions = {}): Encoder<Tensor, Float32Array<ArrayBuffer>> {
  checkSurplus("robustScaler", arguments, 1);
  return makeEncoder(robustScalerRule(options));
}
