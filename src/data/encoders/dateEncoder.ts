import { DataError, OptionError } from "../../check/errors.js";
import { flag } from "../../check/kinds.js";
import { describe } from "../../check/options.js";
import { type Kind, take } from "../../check/schema.js";
import { checkSurplus } from "../../check/surplus.js";
import { cosinePi } from "../../numeric/exactMath.js";
import type { TypedArray } from "../../rows/table.js";
import { CYCLES, momentOf, weekendOf } from "./calendar.js";
import { type CheckCell, toGrid } from "./cells.js";
import { areNumbers, type Encoder, type EncoderRule, makeEncoder } from "./encoder.js";

/** What of a date becomes a number: see `dateEncoder`. */
export type DatePart =
  | "elapsed"
  | "weekend"
  | "month"
  | "dayOfMonth"
  | "dayOfYear"
  | "dayOfWeek"
  | "hour"
  | "minute";

export interface DateEncoderOptions {
  /** Default elapsed, month and dayOfWeek. */
  readonly parts?: readonly DatePart[];
  /**
   * Whether what comes again is a place on a circle, sine and cosine, so that December is beside January: default true.
   * Else it is one number, its share of the cycle in [0, 1).
   */
  readonly cyclic?: boolean;
}

/** A date, milliseconds since 1970, or a text of ISO 8601. */
export type Moment = number | string | { getTime(): number };

/** Dates of rows: one in each row, or rows of them. */
export type Moments = TypedArray | readonly (Moment | readonly Moment[])[];

interface Span {
  readonly first: readonly number[];
  readonly last: readonly number[];
}

const PARTS = ["elapsed", "weekend", ...Object.keys(CYCLES)] as readonly DatePart[];

const partsOption: Kind<readonly DatePart[], readonly DatePart[] | undefined> = (
  who,
  name,
  given = ["elapsed", "month", "dayOfWeek"],
) => {
  const odd = Array.isArray(given) ? Array.from(given).find((one) => !PARTS.includes(one)) : undefined;
  if (Array.isArray(given) && given.length > 0 && odd === undefined && new Set(given).size === given.length) {
    return [...given];
  }
  const got = Array.isArray(given) ? `[${given.map(describe).join(", ")}]` : describe(given);
  throw new OptionError(`${who}: ${name} is ${got}; needs different ones of ${PARTS.join(", ")}.`);
};

const checkedMoment: CheckCell<number> = (who, value, row, column) => {
  const moment = momentOf(value);
  if (moment !== undefined) return moment;
  throw new DataError(
    `${who}: row ${row}, column ${column} is ${describe(value)}; needs a date, milliseconds since 1970, or a text ` +
      'as "2024-02-29" or "2024-02-29T12:30:00Z". An imputer fills in what is missing.',
  );
};

export function dateEncoderRule(options: DateEncoderOptions): EncoderRule<Moments, number, Span, never> {
  const settled = take("dateEncoder", options, { parts: partsOption, cyclic: flag(true) });
  const { parts, cyclic } = settled;
  const isCyclic = (part: DatePart): part is keyof typeof CYCLES => Object.hasOwn(CYCLES, part);
  const numbersOf = (part: DatePart, moment: number, first: number, last: number): number[] => {
    if (part === "weekend") return [weekendOf(moment)];
    if (!isCyclic(part)) return [(moment - first) / (last - first || 1)];
    const share = CYCLES[part](moment);
    return cyclic ? [cosinePi(2 * share - 0.5), cosinePi(2 * share)] : [share];
  };
  const namesOf = (part: DatePart) =>
    isCyclic(part) && cyclic ? [`${part}_sine`, `${part}_cosine`] : [part];
  const width = parts.flatMap(namesOf).length;
  return {
    kind: "dateEncoder",
    options: settled,
    read: (data, reading) => toGrid(data, reading, "dates", checkedMoment),
    learn(_, { cells, rows, columns }) {
      const extreme = (choose: (a: number, b: number) => number) =>
        Array.from({ length: columns }, (_, column) => {
          let found = cells[column] as number;
          for (let row = 1; row < rows; row++) found = choose(found, cells[row * columns + column] as number);
          return found;
        });
      return { first: extreme(Math.min), last: extreme(Math.max) };
    },
    sizes: ({ first }) => ({ inputs: first.length, columns: first.length * width }),
    encode(_, { cells, rows, columns }, { first, last }, out) {
      for (let i = 0; i < rows * columns; i++) {
        const column = i % columns;
        const numbers = parts.flatMap((part) =>
          numbersOf(part, cells[i] as number, first[column] as number, last[column] as number),
        );
        out.set(numbers, i * width);
      }
    },
    whyNot: "parts of a date do not tell it. Keep the dates that were encoded.",
    names: (_, inputs) => inputs.flatMap((name) => parts.flatMap(namesOf).map((one) => `${name}_${one}`)),
    fields: ["first", "last"],
    holds: ({ first, last }) =>
      areNumbers(first, last) &&
      (first as number[]).every((one, i) => one <= ((last as number[])[i] as number)),
  };
}

/**
 * Encodes columns of dates: dates of JavaScript, milliseconds since 1970, or texts of ISO 8601, which without a zone are of
 * UTC. All parts are those of UTC, so that they are the same wherever they are computed.
 *
 * - `elapsed`: (t − first) / (last − first), by the first and the last date that it was fitted on
 * - `weekend`: 1 on Saturdays and Sundays, else 0
 * - `month`, `dayOfMonth`, `dayOfYear`, `dayOfWeek`, `hour`, `minute`: sin 2πs and cos 2πs of their share s of the cycle
 *
 * There is no inverse.
 *
 * @throws OptionError for parts that there are not
 */
export function dateEncoder(options: DateEncoderOptions = {}): Encoder<Moments, never> {
  checkSurplus("dateEncoder", arguments, 1);
  return makeEncoder(dateEncoderRule(options));
}
