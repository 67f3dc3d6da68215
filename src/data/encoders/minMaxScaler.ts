import { OptionError } from "../../check/errors.js";
import { flag } from "../../check/kinds.js";
import { describe } from "../../check/options.js";
import { type Kind, take } from "../../check/schema.js";
import { checkSurplus } from "../../check/surplus.js";
import type { Tensor } from "../../rows/table.js";
import { toNumbers } from "./cells.js";
import { areNumbers, type Encoder, type EncoderRule, makeEncoder } from "./encoder.js";

export interface MinMaxScalerOptions {
  /** What the smallest and the largest value become; default [0, 1]. */
  readonly range?: readonly [least: number, most: number];
  /** Whether values beyond those of `fit` are held at the ends of the range; default false. */
  readonly clip?: boolean;
}

interface Extremes {
  readonly least: readonly number[];
  readonly most: readonly number[];
}

type Range = readonly [least: number, most: number];

const ascending: Kind<Range, Range | undefined> = (who, name, range = [0, 1]) => {
  const isRange = Array.isArray(range) && range.length === 2 && range.every(Number.isFinite);
  if (isRange && range[0] < range[1]) return [range[0], range[1]];
  const got = isRange ? `[${range.join(", ")}]` : describe(range);
  throw new OptionError(`${who}: ${name} is ${got}; needs two finite numbers, the smaller first: [-1, 1].`);
};

export function minMaxScalerRule(
  options: MinMaxScalerOptions,
): EncoderRule<Tensor, number, Extremes, Float32Array<ArrayBuffer>> {
  const settled = take("minMaxScaler", options, { range: ascending, clip: flag(false) });
  const { range, clip } = settled;
  const [low, high] = range;
  /** Encoded units for one of the data; a column of one value becomes `low`. */
  const scaleOf = ({ least, most }: Extremes, column: number) => {
    const spread = (most[column] as number) - (least[column] as number);
    return (high - low) / (spread === 0 ? 1 : spread);
  };
  return {
    kind: "minMaxScaler",
    options: settled,
    read: toNumbers,
    learn(_, { cells, columns }) {
      const least = Array.from({ length: columns }, (_, column) => cells[column] as number);
      const most = [...least];
      for (let i = columns; i < cells.length; i++) {
        const column = i % columns;
        least[column] = Math.min(least[column] as number, cells[i] as number);
        most[column] = Math.max(most[column] as number, cells[i] as number);
      }
      return { least, most };
    },
    sizes: ({ least }) => ({ inputs: least.length, columns: least.length }),
    encode(_, { cells, columns }, state, out) {
      const scales = state.least.map((_, column) => scaleOf(state, column));
      for (let i = 0; i < out.length; i++) {
        const column = i % columns;
        const value =
          low + ((cells[i] as number) - (state.least[column] as number)) * (scales[column] as number);
        out[i] = clip ? Math.min(high, Math.max(low, value)) : value;
      }
    },
    decode(_, { cells, columns }, state) {
      const scales = state.least.map((_, column) => scaleOf(state, column));
      return Float32Array.from(
        cells,
        (cell, i) => (cell - low) / (scales[i % columns] as number) + (state.least[i % columns] as number),
      );
    },
    names: (_, inputs) => [...inputs],
    fields: ["least", "most"],
    holds: ({ least, most }) =>
      areNumbers(least, most) &&
      (least as number[]).every((one, i) => one <= ((most as number[])[i] as number)),
  };
}

/**
 * Scales columns into a range: low + (x − min) · (high − low) / (max − min), by the extremes of the rows that it was
 * fitted on, as scikit-learn's MinMaxScaler does. A column of one value becomes `low`.
 *
 * @throws OptionError for a range whose ends are not finite or not in order
 */
export function minMaxScaler(options: MinMaxScalerOptions = {}): Encoder<Tensor, Float32Array<ArrayBuffer>> {
  checkSurplus("minMaxScaler", arguments, 1);
  return makeEncoder(minMaxScalerRule(options));
}
