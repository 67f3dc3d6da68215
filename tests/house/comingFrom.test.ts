/** COMING-FROM.md: each name that it gives for another is one that there is. */
import { describe, expect, it } from "vitest";
import * as autodiff from "../../src/autodiff/index.ts";
import * as data from "../../src/data/index.ts";
import * as main from "../../src/index.ts";
import * as io from "../../src/io/index.ts";
import * as metrics from "../../src/metrics/index.ts";
import * as ops from "../../src/ops/index.ts";
import { read } from "./sources.js";

const entries: Readonly<Record<string, object>> = { autodiff, data, io, metrics, ops };
const surface = JSON.parse(read("tests/given/publicSurface.json")) as Record<string, Record<string, unknown>>;
/** Names of options and members, whatever they are of. */
const members = new Set(
  Object.values(surface).flatMap((entry) =>
    Object.keys(entry).map((path) => path.split(".").at(-1) as string),
  ),
);
const sections = read("COMING-FROM.md").split(/^## /m).slice(1);

interface Entry {
  readonly theirs: string;
  readonly ours: string;
}

/** The lines of a table, without its head. */
const tableOf = (section: string): Entry[] =>
  section
    .split("\n")
    .filter((line) => line.startsWith("| ") || line.startsWith("|-"))
    .slice(2)
    .map((line) => {
      const [, theirs = "", ours = ""] = line.split(/(?<!\\)\|/);
      return { theirs, ours };
    });

const spansOf = (text: string): string[] =>
  [...text.matchAll(/`([^`]+)`/g)].map(([, span]) => span as string);

/** Names of variables in the examples, and of what JavaScript has. */
const OWN =
  /^(await|model|encoder|a|b|x|y|rows|bytes|batches|json|weights|prediction|target|function|age|Float32Array|true|false|inputs?|outputs?|network)$/;

/** What a line says that there is and is not: names of functions, methods and options. */
function unknown({ ours }: Entry): string[] {
  const paths = [...ours.matchAll(/`wasmgrad\/(\w+)`/g)].map(([, name]) => name as string);
  const known = Object.assign({}, main, ...paths.map((name) => entries[name] ?? {})) as object;
  return spansOf(ours)
    .filter((span) => !span.startsWith("wasmgrad"))
    .flatMap((span) => {
      const code = span.replaceAll(/"[^"]*"/g, '""');
      const methods = [...code.matchAll(/\bmodel\.(\w+)/g)].map(([, name]) => name as string);
      const ofEncoder = [...code.matchAll(/\bencoder\.(\w+)/g)].map(([, name]) => name as string);
      const called = [...code.matchAll(/(?<![.\w])(\w+)\(/g)].map(([, name]) => name as string);
      const alone = /^\w+$/.test(code) ? [code] : [];
      const options = [...code.matchAll(/[{,] *([a-zA-Z]\w*)(?= *[:,}])/g)].map(([, name]) => name as string);
      const strings = [...span.matchAll(/"(\w+)"/g)].map(([, name]) => name as string);
      return [
        ...methods.filter((name) => !(`Model.${name}` in (surface.index ?? {}))),
        ...ofEncoder.filter((name) => !(`Encoder.${name}` in (surface.data ?? {}))),
        ...[...called, ...alone].filter((name) => !(name in known) && !OWN.test(name)),
        ...options.filter((name) => !members.has(name) && !OWN.test(name)),
        ...strings.filter(
          (name) => !(name in main) && !(name in ops) && !(name in metrics) && !/^(dense|stop)$/.test(name),
        ),
      ];
    });
}

describe("COMING-FROM.md", () => {
  it("has a table for each framework", () => {
    const titles = sections.map((section) => section.split("\n")[0]);
    expect(titles).toEqual(["Keras", "PyTorch", "TensorFlow.js", "brain.js", "scikit-learn"]);
    for (const section of sections) expect(tableOf(section).length).toBeGreaterThan(10);
  });

  it.each(sections.map((section) => [section.split("\n")[0], section] as const))(
    "gives names that there are for those of %s",
    (_, section) => {
      const wrong = tableOf(section).map((entry) => ({ theirs: entry.theirs, unknown: unknown(entry) }));
      expect(wrong.filter((one) => one.unknown.length > 0)).toEqual([]);
    },
  );

  it.each([
    ["a function", "`densely(3)`"],
    ["a function of another entry", "`save(model)`"],
    ["a method", "`model.train(x)`"],
    ["an option", "`adam({ rate: 3 })`"],
    ["a name alone", "`convolution2d`"],
    ["a string", '`dense(3, "rilu")`'],
  ])("would show a wrong name: %s", (_, ours) => {
    expect(unknown({ theirs: "", ours })).toHaveLength(1);
  });
});
