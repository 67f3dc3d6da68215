/** Labels of rows, counted by class. */

import { DataError } from "../../check/errors.js";
import { integer } from "../../check/kinds.js";
import { describe } from "../../check/options.js";
import { isList } from "../../rows/nesting.js";
import type { TypedArray } from "../../rows/table.js";
import { compareCategories } from "./categories.js";
import type { Category } from "./cells.js";

/** A label for each row: a whole number, or a name. */
export type ClassLabels = TypedArray | readonly Category[];

/** The classes of rows. */
export interface Classes {
  /** Each once, sorted. */
  readonly names: readonly Category[];
  /** For each row, the index of its class. */
  readonly codes: Uint32Array;
  /** Rows of each class. */
  readonly counts: readonly number[];
}

/** @throws DataError unless there is a string, number or boolean for each row */
export function classesOf(who: string, labels: ClassLabels): Classes {
  const given: unknown = labels;
  if (!isList(given)) {
    throw new DataError(`${who}: got ${describe(given)}; needs a list with the label of each row.`);
  }
  // By its length, which is 0 where the memory of an array was given away.
  const list = Array.from({ length: given.length }, (_, row) => {
    const label: unknown = given[row];
    const isName = typeof label === "string" || typeof label === "boolean" || Number.isFinite(label);
    if (isName) return label as Category;
    const mend = isList(label) ? " Give class labels, not one-hot rows." : "";
    throw new DataError(
      `${who}: row ${row} is ${describe(label)}; needs a label: a finite number, a string, true or false.${mend}`,
    );
  });
  if (list.length === 0) throw new DataError(`${who}: there are no labels; needs one for each row.`);
  const names = [...new Set(list)].sort(compareCategories);
  const codeOf = new Map(names.map((name, code) => [name, code]));
  const codes = Uint32Array.from(list, (label) => codeOf.get(label) as number);
  const counts = names.map(() => 0);
  for (const code of codes) counts[code] = (counts[code] as number) + 1;
  return { names, codes, counts };
}

/** The rows of each class, ascending. */
export function rowsByClass({ codes, counts }: Classes): number[][] {
  const rows: number[][] = counts.map(() => []);
  codes.forEach((code, row) => {
    (rows[code] as number[]).push(row);
  });
  return rows;
}

/** Rows of each class 0 … classes − 1. @throws DataError for what is no such number, or a class without rows */
export function countLabels(who: string, labels: ArrayLike<number>, classes: number | undefined): number[] {
  if (classes !== undefined) integer(1)(who, "classes", classes);
  const given = classesOf(who, labels as ClassLabels);
  const limit = classes ?? Number.MAX_SAFE_INTEGER;
  const bad = given.names.findIndex(
    (name) => typeof name !== "number" || !Number.isInteger(name) || name < 0 || name >= limit,
  );
  if (bad >= 0) {
    const row = given.codes.indexOf(bad);
    const most = classes === undefined ? "up" : `to ${classes - 1}`;
    const mend = typeof given.names[bad] === "string" ? " Encode names with labelEncoder." : "";
    throw new DataError(
      `${who}: row ${row} is ${describe(given.names[bad])}; needs a whole number from 0 ${most}.${mend}`,
    );
  }
  const counts = new Map(given.names.map((name, code) => [name, given.counts[code] as number]));
  const largest = given.names.at(-1) as number;
  return Array.from({ length: classes ?? largest + 1 }, (_, label) => {
    const count = counts.get(label);
    if (count !== undefined) return count;
    throw new DataError(
      `${who}: no row is of class ${label}; needs at least one of each of the ${classes ?? largest + 1} classes.`,
    );
  });
}

/** The largest and the smallest of many counts: a call takes only so many arguments. */
export const mostOf = (counts: readonly number[]): number => counts.reduce((a, b) => Math.max(a, b), 0);
export const leastOf = (counts: readonly number[]): number =>
  counts.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
