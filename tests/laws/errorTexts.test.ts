/**
 * The texts of errors are part of what the package promises. Each misuse in misuses/ is made, and what it is told is
 * compared with tests/given/errorTexts.json; `UPDATE_GIVEN=1` takes over the texts as they are.
 */
import { beforeAll, describe, expect, it } from "vitest";
import * as wasmgrad from "../../src/index.js";
import { differences, type Given, isUpdating, readGiven, writeGiven } from "./given.js";
import { misuses } from "./misuses/index.js";

interface Told {
  readonly name: string;
  readonly message: string;
}

/** Classes of errors that the package exports, by their names. */
const classes = Object.fromEntries(
  Object.entries(wasmgrad as Given).filter(
    ([, value]) => typeof value === "function" && value.prototype instanceof Error,
  ),
) as Record<string, new (...given: never[]) => Error>;

/**
 * Lines of the user's program are the misuses' own: of any other file the name is kept, as no frame of the package
 * may be told. The bytes of a plan follow from the engine's build.
 */
function normalized({ name, message }: Error): Told {
  const sited = message.replace(/\(at ([^()]+):\d+:\d+\)/g, (_, path: string) =>
    /[/\\]misuses[/\\][^/\\]+$/.test(path) ? "(at the misuse)" : `(at ${path.replace(/^.*[/\\]/, "")})`,
  );
  if (name !== "OutOfMemoryError") return { name, message: sited };
  return {
    name,
    message: sited.replace(/needs \d+ bytes/, "needs N bytes").replace(/so \d+ are/, "so N are"),
  };
}

const told: Record<string, Record<string, Told>> = {};
const unrefused: string[] = [];
const strange: string[] = [];

beforeAll(async () => {
  for (const [area, all] of Object.entries(misuses)) {
    const texts: Record<string, Told> = {};
    told[area] = texts;
    for (const [key, misuse] of Object.entries(all)) {
      try {
        await misuse();
        unrefused.push(`${area}: ${key}`);
      } catch (thrown) {
        const error = thrown as Error;
        const type = classes[error?.name];
        if (type !== undefined && error instanceof type) texts[key] = normalized(error);
        else strange.push(`${area}: ${key}\n    ${error?.stack ?? error}`);
      }
    }
  }
  if (isUpdating) writeGiven("errorTexts", told);
}, 120_000);

describe("a misuse", () => {
  it("is refused", () => {
    expect(unrefused, unrefused.join("\n")).toEqual([]);
  });

  it("is told by an error of the package's own", () => {
    expect(strange, strange.join("\n")).toEqual([]);
  });
});

describe("error texts", () => {
  it("are frozen for the areas that there are, and for hundreds of misuses", () => {
    const given = readGiven("errorTexts");
    expect(Object.keys(given).sort()).toEqual(Object.keys(misuses).sort());
    expect(Object.values(given).flatMap((area) => Object.keys(area)).length).toBeGreaterThan(350);
  });

  it.each(Object.keys(misuses))("of %s are those that were frozen", (area) => {
    const shown = (value: unknown) => `${(value as Told).name}: ${(value as Told).message}`;
    const changed = differences(readGiven("errorTexts")[area] ?? {}, told[area] ?? {}, shown);
    expect(changed.length, `${changed.length} of ${area} differ:\n\n${changed.join("\n\n")}\n\n`).toBe(0);
  });

  it("are frozen of every class of errors that the package exports", () => {
    const frozen = Object.values(readGiven("errorTexts")).flatMap((area) => Object.values(area) as Told[]);
    expect([...new Set(frozen.map(({ name }) => name))].sort()).toEqual(Object.keys(classes).sort());
  });

  it("tell no path of a machine", () => {
    const texts = Object.values(told).flatMap((area) => Object.values(area));
    expect(texts.filter(({ message }) => /file:|[/\\](src|tests|node_modules)[/\\]/.test(message))).toEqual(
      [],
    );
  });
});
