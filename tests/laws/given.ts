/**
 * What was frozen: records in tests/given, by name. `UPDATE_GIVEN=1` writes them anew, in place of a comparison.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export type Given = Readonly<Record<string, unknown>>;

export const isUpdating = process.env.UPDATE_GIVEN === "1";

const directory = join(import.meta.dirname, "../given");
const pathOf = (name: string) => join(directory, `${name}.json`);

const byName = (record: Given) => Object.entries(record).sort(([a], [b]) => (a < b ? -1 : Number(a > b)));

/** A line for each name, so that a change shows in its line alone. */
export function writeGiven(name: string, areas: Readonly<Record<string, Given>>): void {
  const lines = (record: Given) =>
    byName(record).map(([key, value]) => `    ${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  const parts = byName(areas).map(
    ([area, record]) => `  ${JSON.stringify(area)}: {\n${lines(record as Given).join(",\n")}\n  }`,
  );
  mkdirSync(directory, { recursive: true });
  writeFileSync(pathOf(name), `{\n${parts.join(",\n")}\n}\n`);
}

export function readGiven(name: string): Readonly<Record<string, Given>> {
  return existsSync(pathOf(name)) ? JSON.parse(readFileSync(pathOf(name), "utf8")) : {};
}

/** What is missing, new or another, each by its name with what was and what is. */
export function differences(was: Given, is: Given, shown: (value: unknown) => string): string[] {
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].sort().flatMap((name) => {
    const [before, now] = [was, is].map((side) => (name in side ? shown(side[name]) : "nothing"));
    return before === now ? [] : [`${name}\n    was ${before}\n    is  ${now}`];
  });
}
