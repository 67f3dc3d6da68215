/** What missing values become, by those of their column. */
import { DataError } from "../../check/errors.js";
import { describe } from "../../check/options.js";
import { compareCategories } from "./categories.js";
import type { Category, Grid } from "./cells.js";
import { quantile, sortedColumn } from "./robustScaler.js";

/** What a missing value becomes. */
export const STRATEGIES = { mean: true, median: true, mostFrequent: true, constant: true };

/** What an imputer was configured by. */
export interface Settings {
  readonly strategy: keyof typeof STRATEGIES;
  readonly value?: Category;
  readonly indicator: boolean;
  readonly missing: readonly Category[];
}

/** Whether it is a value that JSON holds. */
export const isCategory = (value: unknown): value is Category =>
  typeof value === "string" || typeof value === "boolean" || Number.isFinite(value);

/** What the missing values of each column become. @throws DataError for a column without a value */
export function fillsOf(who: string, grid: Grid<Category | null>, settings: Settings): Category[] {
  const { cells, rows, columns } = grid;
  return Array.from({ length: columns }, (_, column) => {
    if (settings.strategy === "constant") return settings.value as Category;
    const present: Category[] = [];
    for (let row = 0; row < rows; row++) {
      const cell = cells[row * columns + column];
      if (cell !== null) present.push(cell as Category);
    }
    if (present.length === 0) {
      throw new DataError(
        `${who}: column ${column} has no value in any of the ${rows} rows; needs one to learn from. ` +
          'Leave the column out, or give strategy: "constant" and a value.',
      );
    }
    return fillOf(who, present, column, settings.strategy);
  });
}

function fillOf(
  who: string,
  present: readonly Category[],
  column: number,
  strategy: Settings["strategy"],
): Category {
  if (strategy === "mostFrequent") return mostFrequent(present);
  const odd = present.find((one) => typeof one !== "number");
  if (odd !== undefined) {
    throw new DataError(
      `${who}: column ${column} has ${describe(odd)}; strategy: "${strategy}" needs numbers. ` +
        'Give strategy: "mostFrequent", or "constant" and a value.',
    );
  }
  const numbers = present as readonly number[];
  if (strategy === "mean") return numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
  return quantile(sortedColumn({ cells: numbers, rows: numbers.length, columns: 1 }, 0), 0.5);
}

function mostFrequent(present: readonly Category[]): Category {
  const counts = new Map<Category, number>();
  for (const one of present) counts.set(one, (counts.get(one) ?? 0) + 1);
  return [...counts].reduce((best, next) => {
    const more = next[1] - best[1] || compareCategories(best[0], next[0]);
    return more > 0 ? next : best;
  })[0];
}

/** Rows without gaps: a value for each where there is one column. */
export function complete(
  { cells, rows, columns }: Grid<Category | null>,
  fills: readonly Category[],
): unknown[] {
  const value = (i: number) => cells[i] ?? fills[i % columns];
  if (columns === 1) return Array.from({ length: rows }, (_, row) => value(row));
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => value(row * columns + column)),
  );
}
