/** Surplus arguments of every public function are refused, of as many as its published type has. */
import { describe, expect, it } from "vitest";
import * as autodiff from "../../src/autodiff/index.ts";
import * as core from "../../src/core.ts";
import * as data from "../../src/data/index.ts";
import * as index from "../../src/index.ts";
import * as metrics from "../../src/metrics/index.ts";
import * as ops from "../../src/ops/index.ts";
import * as plot from "../../src/plot/index.ts";
import { rejectionOf } from "../given/models.ts";
import { readGiven } from "./given.ts";

const ENTRIES: Record<string, object> = { autodiff, core, data, index, metrics, ops, plot };

/** Where brackets open and close: `=>` closes none. */
const depthAfter = (text: string, i: number, depth: number) => {
  if (/[([{<]/.test(text[i] as string)) return depth + 1;
  return /[)\]}>]/.test(text[i] as string) && text.slice(i - 1, i + 1) !== "=>" ? depth - 1 : depth;
};

/** Parameters of a published signature, `(a: X, b?: Y) => Z`; undefined of what takes any number. */
function parametersOf(signature: string): number | undefined {
  const text = signature.replace(/^function: /, "").replace(/^\{ /, "");
  let depth = 0;
  let at = 0;
  // Behind the type parameters.
  if (text.startsWith("<"))
    do depth = depthAfter(text, at++, depth);
    while (depth > 0);
  if (text[at] !== "(") return undefined;
  const list = [""];
  for (depth = 1, at++; ; at++) {
    depth = depthAfter(text, at, depth);
    if (depth === 0) break;
    if (depth === 1 && text[at] === ",") list.push("");
    else list.push(`${list.pop()}${text[at]}`);
  }
  if (list.some((one) => one.trim().startsWith("..."))) return undefined;
  return list.filter((one) => one.trim() !== "").length;
}

interface Callable {
  readonly name: string;
  readonly most: number;
  readonly call: (given: readonly unknown[]) => unknown;
}

function callables(entry: string): Callable[] {
  const exported = ENTRIES[entry] as Record<string, never>;
  return Object.entries(readGiven("publicSurface")[entry] as Record<string, string>).flatMap(
    ([name, type]) => {
      const found: unknown = exported[name];
      const given =
        type === "function: ClassMetric<unknown>" || type === "function: ClassMetric<BetaOptions>";
      const most = given ? 3 : parametersOf(type);
      if (!type.startsWith("function: ") || most === undefined) return [];
      return [
        { name, most, call: (all: readonly unknown[]) => (found as (...all: unknown[]) => unknown)(...all) },
      ];
    },
  );
}

/** Methods of a class, by their published types; `::` is of those that are static. */
function methods(entry: string, type: string, instance: object, separator: "." | "::"): Callable[] {
  const surface = readGiven("publicSurface")[entry] as Record<string, string>;
  return Object.entries(surface).flatMap(([key, signature]) => {
    const [owner, name] = key.split(separator) as [string, string | undefined];
    const method = name === undefined ? undefined : (instance as Record<string, unknown>)[name];
    const most = parametersOf(signature);
    if (owner !== type || typeof method !== "function" || most === undefined || name === "dispose") return [];
    return [{ name: key, most, call: (all: readonly unknown[]) => method.apply(instance, all) }];
  });
}

const model = await index.compile(index.sequential(index.input(1), index.dense(1)), {
  loss: "meanSquaredError",
});

const ALL: [string, Callable[]][] = [
  ...Object.keys(ENTRIES).map((entry): [string, Callable[]] => [entry, callables(entry)]),
  ["Model", methods("index", "Model", model, ".")],
  ["Dataset", methods("data", "Dataset", data.Dataset.fromIterable([1]), ".")],
  ["Dataset itself", methods("data", "Dataset", data.Dataset, "::")],
];

describe("one argument more than the published type has", () => {
  it.each(ALL)("is refused by every function of %s, by its name", async (entry, all) => {
    const quiet: string[] = [];
    for (const { name, most, call } of all) {
      const given = [...Array.from({ length: most }, () => undefined), "surplus"];
      const error = (await rejectionOf((async () => call(given))()).catch((cause) => cause)) as Error;
      const says = `got ${most + 1} arguments; needs at most ${most}.`;
      if (!(error instanceof index.OptionError && error.message.includes(says)))
        quiet.push(`${name}: ${error}`);
    }
    expect(quiet, `${quiet.length} of ${all.length} functions of ${entry}`).toEqual([]);
  });

  it("is looked for in all that there are", () => {
    const counts = Object.fromEntries(ALL.map(([entry, all]) => [entry, all.length]));
    for (const [entry, least] of Object.entries({
      index: 110,
      ops: 80,
      metrics: 20,
      data: 15,
      plot: 10,
      Model: 12,
      Dataset: 12,
    })) {
      expect(counts[entry], entry).toBeGreaterThanOrEqual(least);
    }
  });
});

describe("a function that is given to map", () => {
  it("says how to write it", () => {
    const values = [ops.constant(1), ops.constant(2)];
    expect(() => values.map(ops.square as never)).toThrow(
      "square: got 3 arguments; needs at most 1. In map write (x) => square(x).",
    );
  });
});

describe("an argument that is left undefined", () => {
  it("is none", () => {
    expect(index.dense(3, "relu", ...([undefined] as unknown as [])).options).toEqual(
      index.dense(3, "relu").options,
    );
  });

  it("of a dense layer says what was dropped", () => {
    expect(() => index.dense(3, "relu", ...([5] as unknown as []))).toThrow(
      "dense: got 3 arguments; needs at most 2. Options go by name, in one object.",
    );
  });
});
