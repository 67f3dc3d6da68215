/** Logs as text: a line for each epoch or step. */
import { arrayKind } from "../check/arrayKind.js";
import { OptionError } from "../check/errors.js";
import { functionOf, optional } from "../check/kinds.js";
import { describe } from "../check/options.js";
import { type Kind, type Settled, take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import type { Callback } from "./callback.js";
import { type LogUnit, unitOption } from "./learningRateLog.js";
import { numbersOf } from "./monitor.js";

export interface TextLogOptions {
  /** Takes each piece of text, and is awaited, as `(text) => appendFile("log.csv", text)`. Default: `text` collects it. */
  readonly write?: (text: string) => unknown;
  /** Default "epoch". */
  readonly per?: LogUnit;
}

/** What `csvLog` and `jsonLinesLog` make. */
export interface TextLog extends Callback {
  /** All that was logged of the last training, where no `write` was given. */
  readonly text: string;
}

export interface CsvLogOptions extends TextLogOptions {
  /** One letter that no number has; default ",". */
  readonly separator?: string;
}

const textSchema = () => ({
  write: optional(functionOf<(text: string) => unknown>()),
  per: unitOption(),
});

/** A log whose lines are made of reports; `begin` makes what makes them. */
function textLog(
  who: string,
  { write, per }: Settled<ReturnType<typeof textSchema>>,
  begin: () => (report: object) => string,
): TextLog {
  let text = "";
  let lineOf = begin();
  const take = (report: object): unknown => {
    const line = lineOf(report);
    if (write !== undefined) return write(line);
    text += line;
    return undefined;
  };
  const log: Callback = {
    name: who,
    onTrainBegin() {
      text = "";
      lineOf = begin();
    },
    ...(per === "step" ? { onStepEnd: take } : { onEpochEnd: take }),
  };
  return Object.defineProperty(log, "text", { get: () => text, enumerable: true }) as TextLog;
}

const oneLetter: Kind<string, string | undefined> = (who, name, given = ",") => {
  if (typeof given === "string" && /^[^\w.+\-"\r\n]$/.test(given)) return given;
  throw new OptionError(
    `${who}: ${name} is ${describe(given)}; needs one letter that no number has, as "," or ";" or "\\t".`,
  );
};

/**
 * Comma-separated values (RFC 4180, lines ended by \n): a header, then the numbers of each report by their paths, as
 * `validation.loss`. The first report says which columns there are; a later one without a number leaves its place
 * empty, and numbers that only later ones have are left out. So are findings of `health`: jsonLinesLog has them.
 *
 * @throws OptionError for options that do not exist or lie outside their domain
 */
export function csvLog(options: CsvLogOptions = {}): TextLog {
  checkSurplus("csvLog", arguments, 1);
  const settled = take("csvLog", options, { ...textSchema(), separator: oneLetter });
  const { separator } = settled;
  const cell = (text: string) =>
    text.includes(separator) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  const line = (cells: readonly string[]) => `${cells.map(cell).join(separator)}\n`;
  return textLog("csvLog", settled, () => {
    let columns: readonly string[] | undefined;
    return (report) => {
      const numbers = numbersOf(report);
      const header = columns === undefined ? line([...numbers.keys()]) : "";
      columns ??= [...numbers.keys()];
      return header + line(columns.map((name) => String(numbers.get(name) ?? "")));
    };
  });
}

/** Typed arrays as arrays: JSON makes objects of them. */
const plain = (_: string, value: unknown): unknown =>
  arrayKind(value) === undefined ? value : Array.from(value as ArrayLike<number>);

/**
 * JSON lines: each report as one line of JSON (jsonlines.org). JSON has no NaN or ∞: they become null.
 *
 * @throws OptionError for options that do not exist or lie outside their domain
 */
export function jsonLinesLog(options: TextLogOptions = {}): TextLog {
  checkSurplus("jsonLinesLog", arguments, 1);
  const settled = take("jsonLinesLog", options, textSchema());
  return textLog("jsonLinesLog", settled, () => (report) => `${JSON.stringify(report, plain)}\n`);
}
