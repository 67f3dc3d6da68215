/** What the folds of a cross-validation came to, each by itself and together. */
import { printed } from "../../check/printed.js";

/** Scores as `evaluate` gives them: numbers, by name, also below the names of outputs. */
export interface FoldScores {
  readonly loss: number;
}

/** What one fold came to. */
export interface FoldResult<S extends FoldScores = FoldScores> {
  /** Counted from 1. */
  readonly fold: number;
  /** What `evaluate` gave on the rows of the test. */
  readonly scores: S;
  readonly trainRows: number;
  readonly validationRows: number;
  readonly testRows: number;
}

/** Scores by name; of several outputs by their path, as `outputs.digit.loss`. */
export type FlatScores<S extends FoldScores = FoldScores> = {
  readonly [K in keyof S as S[K] extends number ? K : never]: number;
} & { readonly [path: string]: number };

export interface CrossValidation<S extends FoldScores = FoldScores> {
  readonly folds: readonly FoldResult<S>[];
  /** Mean of each score over the folds. */
  readonly mean: FlatScores<S>;
  /** Sample deviation of each score over the folds, divided by folds − 1; NaN of a single fold. */
  readonly deviation: FlatScores<S>;
  /** A table with a line for each fold, and one of mean ± deviation, which `console.log` prints too. */
  toString(): string;
}

/** Every number of the scores, by its path. */
function flatScores(scores: object, path = ""): [string, number][] {
  return Object.entries(scores).flatMap(([name, value]): [string, number][] => {
    const place = path === "" ? name : `${path}.${name}`;
    if (typeof value === "number") return [[place, value]];
    return typeof value === "object" && value !== null ? flatScores(value, place) : [];
  });
}

export function summarizeFolds<S extends FoldScores>(folds: readonly FoldResult<S>[]): CrossValidation<S> {
  const scores = folds.map((one) => new Map(flatScores(one.scores)));
  const names = [...(scores[0] as Map<string, number>).keys()];
  const moments = names.map((name) => {
    const values = scores.map((one) => one.get(name) ?? Number.NaN);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const squares = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
    return { name, mean, deviation: Math.sqrt(squares / (values.length - 1)) };
  });
  const by = (key: "mean" | "deviation") =>
    Object.fromEntries(moments.map((one) => [one.name, one[key]])) as FlatScores<S>;
  const text = () =>
    printFolds(
      ["fold", ...names],
      [
        ...folds.map(({ fold }, i) => [`${fold}`, ...names.map((name) => shown(scores[i]?.get(name)))]),
        ["mean", ...moments.map(({ mean, deviation }) => `${shown(mean)} ± ${shown(deviation)}`)],
      ],
    );
  return printed({ folds, mean: by("mean"), deviation: by("deviation"), toString: text });
}

const shown = (value = Number.NaN) => (Number.isFinite(value) ? value.toPrecision(4) : "–");

/** Columns aligned to the right, a rule under the head and above the last line. */
function printFolds(head: readonly string[], lines: readonly string[][]): string {
  const widths = head.map((name, i) => Math.max(name.length, ...lines.map((line) => line[i]?.length ?? 0)));
  const print = (line: readonly string[]) =>
    line.map((cell, i) => cell.padStart(widths[i] as number)).join("  ");
  const rule = widths.map((width) => "─".repeat(width)).join("  ");
  return [print(head), rule, ...lines.slice(0, -1).map(print), rule, print(lines.at(-1) as string[])].join(
    "\n",
  );
}
