/** Texts cut into words, characters, and runs of them. */
import { DataError } from "../../check/errors.js";
import { describe } from "../../check/options.js";
import { isList } from "../../rows/nesting.js";
import type { Grid, Reading } from "./cells.js";

/** A text, or a list of tokens, for each row. */
export type Texts = readonly (string | readonly string[])[];

/** Runs of letters, digits and underscores, of any language. */
export const wordsOf = (text: string): string[] => text.match(/[\p{L}\p{M}\p{N}_]+/gu) ?? [];

/** Texts are cut by `cut`; lists are tokens as they are. One column. @throws DataError naming the row */
export function toTokens(
  data: unknown,
  { who }: Reading,
  cut: (text: string) => readonly string[],
): Grid<readonly string[]> {
  if (!Array.isArray(data)) {
    throw new DataError(
      `${who}: the data is ${describe(data)}; needs an array of texts, or of lists of tokens.`,
    );
  }
  if (data.length === 0) throw new DataError(`${who}: the data has no rows; needs at least one.`);
  const cells = Array.from(data as readonly unknown[], (cell, row) => {
    if (typeof cell === "string") return cut(cell);
    const isTokens = Array.isArray(cell) && cell.every((token) => typeof token === "string");
    if (isTokens) return cell as string[];
    const odd = isList(cell) ? Array.from(cell).findIndex((token) => typeof token !== "string") : -1;
    const what =
      odd < 0 ? describe(cell) : `a list whose entry ${odd} is ${describe((cell as unknown[])[odd])}`;
    throw new DataError(`${who}: row ${row} is ${what}; needs a text, or a list of tokens that are strings.`);
  });
  return { cells, rows: data.length, columns: 1 };
}

/** Runs of `least` to `most` tokens that follow one another, joined by `between`. */
export function runsOf(
  tokens: readonly string[],
  [least, most]: readonly [number, number],
  between: string,
): string[] {
  if (most === 1) return [...tokens];
  const runs: string[] = [];
  for (let length = least; length <= most; length++) {
    for (let i = 0; i + length <= tokens.length; i++) runs.push(tokens.slice(i, i + length).join(between));
  }
  return runs;
}
