/** What callbacks watch: a number of the reports, by its path, and whether it should fall or rise. */
import { OptionError } from "../check/errors.js";
import { nameHere } from "../check/familiarNames.js";
import { oneOf } from "../check/kinds.js";
import { choose } from "../check/options.js";
import type { Kind } from "../check/schema.js";
import type { Training } from "./callback.js";

/** Whether less or more is better; `auto` goes by the metric, and by the name of what is none. */
export type Mode = "auto" | "min" | "max";
export type Direction = "min" | "max";

const RISES =
  /(accuracy|precision|recall|specificity|auc|kappa|matthews|similarity|correlation|^f\d|fbeta|^r2|rsquared|persecond)/i;
const FALLS = /(loss|error|perplexity|entropy|divergence|distance|norm)/i;

/** All numbers of a report by their paths: `loss`, `validation.accuracy`, `outputs.age.loss`; findings are no numbers. */
export function numbersOf(report: object): Map<string, number> {
  const found = new Map<string, number>();
  const visit = (value: unknown, path: string): void => {
    if (typeof value === "number") found.set(path, value);
    else if (typeof value === "object" && value !== null) {
      for (const [name, one] of Object.entries(value)) visit(one, path === "" ? name : `${path}.${name}`);
    }
  };
  visit({ ...report, health: undefined }, "");
  return found;
}

/** @throws OptionError for a path that the reports do not have, with the nearest that they have */
export function monitored(who: string, monitor: string, report: object): number {
  return choose(who, "monitor", monitor, Object.fromEntries(numbersOf(report)));
}

/** Numbers of reports that are no scores; what `statistics` adds depends on the layers. */
const OTHERS = /^(epoch|steps|learningRate|samplesPerSecond|statistics\..*)$/;

/** The path of a score that is known by another: as Keras calls it, without its output, or without the validation. */
function pathHere(monitor: string, scores: readonly string[]): string | undefined {
  const name = monitor.replace(/^val(idation)?[._]/, "");
  const isOfValidation = name !== monitor;
  const ends = [name, nameHere(name, [...new Set(scores.map((path) => path.split(".").at(-1) as string))])];
  return scores
    .filter((path) => !isOfValidation || path.startsWith("validation."))
    .find((path) => ends.some((end) => end !== undefined && (path === end || path.endsWith(`.${end}`))));
}

/**
 * Refuses before the first step what will not be in the reports; another callback may put numbers of its own into them.
 *
 * @throws OptionError for a validation that there is not, or a score that there is not
 */
export function checkMonitor(who: string, monitor: string, training: Training): void {
  const { hasValidation, scores, isAmended = true } = training;
  if (scores.includes(monitor) || OTHERS.test(monitor)) return;
  if (/^val(idation)?[._]/.test(monitor) && !hasValidation) {
    throw new OptionError(
      `${who}: monitor is "${monitor}", and there is no validation. Give fit({ x, y }, { validation: { x, y } }), or ` +
        'monitor: "loss".',
    );
  }
  const meant = pathHere(monitor, scores);
  if (meant !== undefined) {
    throw new OptionError(`${who}: there is no monitor "${monitor}". Did you mean "${meant}"?`);
  }
  const isScore = monitor.startsWith("validation.");
  if (isAmended && !isScore) return;
  const paths = isScore
    ? scores.filter((path) => path.startsWith("validation."))
    : [...scores, "learningRate"];
  choose(who, "monitor", monitor, Object.fromEntries(paths.map((path) => [path, path])));
}

/** The kind of a mode. */
export const modeOption: () => Kind<Mode, Mode | undefined> = () =>
  oneOf({ auto: 0, min: 0, max: 0 }, "auto");

/**
 * As the metric itself says; what is no metric, such as a number that a callback put into the reports, goes by its name.
 *
 * @throws OptionError for a metric and a name that do not say what is better
 */
export function directionOf(who: string, monitor: string, mode: Mode, training: Training): Direction {
  if (mode !== "auto") return mode;
  const better = training.better(monitor);
  if (better !== undefined) return better === "higher" ? "max" : "min";
  const name = monitor.slice(monitor.lastIndexOf(".") + 1);
  if (RISES.test(name)) return "max";
  if (FALLS.test(name)) return "min";
  throw new OptionError(
    `${who}: mode is "auto", and "${monitor}" does not say whether less or more of it is better; needs "min" or "max".`,
  );
}

/** The best value so far. */
export class Best {
  readonly #direction: Direction;
  readonly #minDelta: number;
  value: number;

  constructor(direction: Direction, minDelta: number) {
    this.#direction = direction;
    this.#minDelta = minDelta;
    this.value = direction === "min" ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  }

  /** Whether a value is better than another, by more than minDelta; NaN never is. */
  isBetter(value: number, than: number = this.value): boolean {
    return this.#direction === "min" ? value < than - this.#minDelta : value > than + this.#minDelta;
  }
}

/** Epochs that were counted, as a state has them: of what is no such number, none. */
export const count = (given: unknown): number =>
  Number.isSafeInteger(given) ? Math.max(0, given as number) : 0;
