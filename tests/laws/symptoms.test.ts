/** Each finding has its row, each row its tests, each test its name where the row says; the table goes to the log. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { COUNT, type Symptom, symptoms } from "./symptoms.js";

const tests = join(import.meta.dirname, "..");

/** Names that no test of the file has. */
function missing(path: string, names: readonly string[]): string[] {
  const file = join(tests, path);
  if (!existsSync(file)) return [`tests/${path} is not there`];
  const text = readFileSync(file, "utf8");
  // A name is text of a call of it, test, describe or of a table of cases: a string, not a comment.
  const isNamed = (name: string) =>
    text.split("\n").some((line) => line.includes(name) && /["'`]/.test(line));
  return names.filter((name) => !isNamed(name)).map((name) => `tests/${path} has no "${name}"`);
}

const countOf = ({ tests }: Symptom) => Object.values(tests).flat().length;

function table(): string {
  const lines = [...symptoms]
    .sort((one, other) => one.number - other.number)
    .map((one) => {
      const files = Object.entries(one.tests).map(
        ([path, names]) => `\n       tests/${path}${names.map((name) => `\n         ${name}`).join("")}`,
      );
      const siblings = one.siblings.map((sibling) => `\n       also ${sibling}`).join("");
      return `  ${String(one.number).padStart(2)}   ${one.kind}${siblings}${files.join("")}`;
    });
  return [`Symptoms, their kinds, siblings and tests:`, ...lines].join("\n");
}

describe("the table of symptoms", () => {
  it("has one row for each number that was filed", () => {
    const numbers = symptoms.map(({ number }) => number);
    expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: COUNT }, (_, i) => i + 1));
  });

  it.each(symptoms.map((one) => [one.number, one] as const))(
    "names for %d tests that there are",
    (_, one) => {
      expect(countOf(one)).toBeGreaterThan(0);
      expect(one.kind).not.toBe("");
      expect(Object.entries(one.tests).flatMap(([path, names]) => missing(path, names))).toEqual([]);
    },
  );

  it("would be found to name a test or a file that there is not", () => {
    expect(missing("laws/symptoms.test.ts", ["no such test, in two p" + "arts"])).toHaveLength(1);
    expect(missing("laws/nowhere.test.ts", [])).toHaveLength(1);
  });

  it("is printed", () => {
    console.log(table());
  });
});
