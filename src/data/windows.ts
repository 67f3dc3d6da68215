import { DataError, OptionError } from "../check/errors.js";
import { flag, integer, later, optional } from "../check/kinds.js";
import { describe } from "../check/options.js";
import { take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import { isList } from "../rows/nesting.js";
import { type Tensor, toTable } from "../rows/table.js";

export interface WindowOptions {
  /** Times of a series that a network sees. */
  readonly length: number;
  /** Times behind them that it is to tell; default 1. */
  readonly horizon?: number;
  /** Times from the start of one window to that of the next; default 1. */
  readonly stride?: number;
  /** Times between what is seen and what is told; default 0. */
  readonly gap?: number;
  /** The columns that are told; default all. */
  readonly targets?: readonly number[];
  /** Whether `data` is a list of series, none of which goes on in the next; default false. */
  readonly several?: boolean;
  /** Numbers at each time of a flat typed array; default 1. */
  readonly columns?: number;
}

/** Windows of series, each a row. */
export interface Windows {
  /** For each window [length, columns], one after the other: for `input([length, columns])`, or `input(length)` of one. */
  readonly x: Float32Array<ArrayBuffer>;
  /** For each window [horizon, targets], one after the other. */
  readonly y: Float32Array<ArrayBuffer>;
  /** How many windows there are. */
  readonly rows: number;
  /** For each window, which series it is of. */
  readonly series: Uint32Array<ArrayBuffer>;
  /** For each window, the time of its series at which it starts. */
  readonly starts: Uint32Array<ArrayBuffer>;
}

/** A series: a number for each time, or a row of them. */
type Series = Tensor;

/**
 * Cuts series into windows: what is seen, `length` times, and what is told, the `horizon` times behind them. No window
 * goes from one series into another.
 *
 * To test on what comes later, cut the series first, then each part into windows: then no time is in both.
 *
 * @param data a series, numbers or rows of them by time; with `several` a list of series
 * @throws DataError for a series shorter than a window, or numbers that are missing, naming series and time; OptionError
 *
 * @example
 * const { x, y } = windows(passengers, { length: 12, horizon: 1 });
 * const network = sequential(input(12), dense(16, "relu"), dense(1));
 */
export function windows(data: Series | readonly Series[], options: WindowOptions): Windows {
  checkSurplus("windows", arguments, 2);
  const who = "windows";
  const settled = take(who, options ?? {}, {
    length: integer(1),
    horizon: integer(1, 1),
    stride: integer(1, 1),
    gap: integer(0, 0),
    targets: later<readonly number[] | undefined>(undefined),
    several: flag(false),
    columns: optional(integer(1)),
  });
  const { length, horizon, stride, gap, several } = settled;
  if (several && !Array.isArray(data)) {
    throw new DataError(`${who}: the data is ${describe(data)}; needs a list of series, as several is true.`);
  }
  const list = several ? Array.from(data as readonly Series[]) : [data as Series];
  if (list.length === 0) throw new DataError(`${who}: there is no series; needs one at least.`);
  const nameOf = (i: number) => (several ? `${who}: series ${i}` : `${who}: the series`);
  const first = widthOf(nameOf(0), list[0], settled.columns);
  const tables = list.map((one, i) => {
    const width = widthOf(nameOf(i), one, settled.columns);
    if (width === first) return toTable(nameOf(i), one as Tensor, [width]);
    throw new DataError(
      `${nameOf(i)} has ${width} columns, and the first has ${first}; needs as many in each.`,
    );
  });
  const targets = targetsOf(who, settled.targets, first);
  const span = length + gap + horizon;
  const counts = tables.map(({ rows }, i) => {
    if (rows >= span) return Math.floor((rows - span) / stride) + 1;
    throw new DataError(
      `${nameOf(i)} has ${rows} times; a window takes ${span}: length ${length}, gap ${gap} and horizon ${horizon}. ` +
        "Give a longer series, or shorter windows.",
    );
  });
  const rows = counts.reduce((sum, count) => sum + count, 0);
  const made = {
    x: new Float32Array(rows * length * first),
    y: new Float32Array(rows * horizon * targets.length),
    rows,
    series: new Uint32Array(rows),
    starts: new Uint32Array(rows),
  };
  let row = 0;
  tables.forEach(({ values }, i) => {
    for (let window = 0; window < (counts[i] as number); window++, row++) {
      const start = window * stride;
      made.series[row] = i;
      made.starts[row] = start;
      made.x.set(values.subarray(start * first, (start + length) * first), row * length * first);
      for (let time = 0; time < horizon; time++) {
        const from = (start + length + gap + time) * first;
        targets.forEach((target, k) => {
          made.y[(row * horizon + time) * targets.length + k] = values[from + target] as number;
        });
      }
    }
  });
  return made;
}

/** Numbers at each time. @throws DataError for what is no series */
function widthOf(who: string, series: unknown, columns: number | undefined): number {
  if (!isList(series)) throw new DataError(`${who} is ${describe(series)}; needs numbers, or rows of them.`);
  const [first]: unknown[] = Array.isArray(series) ? series : [];
  if (!isList(first)) return columns ?? 1;
  if (columns === undefined || columns === first.length) return first.length;
  throw new DataError(`${who} has rows of ${first.length}, and columns is ${columns}; needs as many.`);
}

/** @throws OptionError for columns that there are not */
function targetsOf(who: string, given: readonly number[] | undefined, columns: number): readonly number[] {
  if (given === undefined) return Array.from({ length: columns }, (_, i) => i);
  const isColumn = (one: unknown) =>
    Number.isInteger(one) && (one as number) >= 0 && (one as number) < columns;
  if (Array.isArray(given) && given.length > 0 && Array.from(given).every(isColumn)) return given;
  const got = Array.isArray(given) ? `[${given.map(describe).join(", ")}]` : describe(given);
  throw new OptionError(`${who}: targets is ${got}; needs a list of columns from 0 to ${columns - 1}.`);
}
