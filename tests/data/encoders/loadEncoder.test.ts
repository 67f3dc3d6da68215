import { describe, expect, it } from "vitest";
import {
  booleanEncoder,
  columns,
  countEncoder,
  dateEncoder,
  type Encoder,
  hashingEncoder,
  imputer,
  labelEncoder,
  loadEncoder,
  minMaxScaler,
  oneHotEncoder,
  ordinalEncoder,
  robustScaler,
  type SavedEncoder,
  standardScaler,
  tfIdfEncoder,
} from "../../../src/data/index.ts";
import { refusal } from "../refusal.ts";

const names = ["red", "green", "blue", "green"];
const numbers = [
  [1, -5],
  [2.5, 1e-3],
  [0.1, 7],
  [1 / 3, 1e6],
];
const records = names.map((name, i) => ({ name, pair: numbers[i]!, "7": i, text: `the ${name} one` }));

const fitted = {
  standardScaler: [standardScaler().fit(numbers), numbers],
  minMaxScaler: [minMaxScaler({ range: [-1, 2], clip: true }).fit(numbers), numbers],
  oneHotEncoder: [oneHotEncoder({ unknown: "ignore" }).fit(names), [...names, "teal"]],
  ordinalEncoder: [
    ordinalEncoder({ unknown: -1, categories: [["red", "green", "blue"]] }).fit(names),
    ["teal", "red"],
  ],
  hashingEncoder: [hashingEncoder({ size: 16, seed: 5, signed: true }).fit(["a b"]), ["some words", "more"]],
  robustScaler: [robustScaler({ quantiles: [0.1, 0.9] }).fit(numbers), numbers],
  booleanEncoder: [booleanEncoder({ yes: "on", no: "off" }).fit(["on"]), ["off", "on"]],
  dateEncoder: [dateEncoder({ parts: ["elapsed", "hour"] }).fit(["2020-01-01", 0]), [1e12, "2021-02-03"]],
  imputer: [
    imputer({ strategy: "mostFrequent", indicator: true, missing: ["?"], encoder: oneHotEncoder() }).fit(
      names,
    ),
    [null, "red", "?"],
  ],
  countEncoder: [countEncoder({ ngrams: [1, 2] }).fit(["a b", "b c"]), ["a b c", "z"]],
  tfIdfEncoder: [tfIdfEncoder({ sublinear: true, maxTerms: 2 }).fit(["a b", "b c"]), ["a b b c", "z"]],
  labelEncoder: [labelEncoder().fit(names), names],
  columns: [
    columns({
      pair: standardScaler(),
      "7": "passThrough",
      name: oneHotEncoder(),
      text: hashingEncoder({ size: 4 }),
    }).fit(records),
    records,
  ],
} as const;

describe("loadEncoder", () => {
  it.each(Object.keys(fitted) as (keyof typeof fitted)[])("gives back a %s that transforms alike", (kind) => {
    const [encoder, data] = fitted[kind] as [Encoder, unknown];
    const loaded = loadEncoder(JSON.parse(JSON.stringify(encoder)), kind as "columns") as Encoder;
    expect(loaded.transform(data as never)).toEqual(encoder.transform(data as never));
    expect(loaded.toJSON()).toEqual(encoder.toJSON());
    expect(loadEncoder(JSON.stringify(encoder)).kind).toBe(kind);
  });

  it.each([
    () => standardScaler(),
    () => oneHotEncoder({ unknown: "ignore" }),
    () => labelEncoder(),
    () => columns({ age: minMaxScaler() }),
  ])("gives back one that has learned nothing as such", (make) => {
    const loaded = loadEncoder(JSON.stringify(make()));
    expect(loaded.toJSON()).toEqual(JSON.parse(JSON.stringify(make())));
    expect(refusal(() => loaded.transform([] as never))).toContain("it has learned nothing yet");
  });

  it("refuses what is no encoder, of another kind or format, or damaged", () => {
    const load = (saved: unknown) => refusal(() => loadEncoder(saved));
    expect(load("{")).toBe('FormatError: loadEncoder: got "{", which is no JSON.');
    for (const saved of [null, undefined, 3, [], {}, { encoder: "toString" }, { encoder: "scaler" }]) {
      expect(load(saved)).toContain("which is no saved encoder; needs what toJSON of one gave");
    }
    const saved = (kind: keyof typeof fitted) => structuredClone(fitted[kind][0].toJSON()) as SavedEncoder;
    expect(load({ ...saved("minMaxScaler"), format: 2 })).toContain(
      "minMaxScaler has format 2; this version reads 1",
    );
    expect(load({ ...saved("minMaxScaler"), options: { range: [1, 0] } })).toContain(
      "the options of minMaxScaler are damaged: minMaxScaler: range is [1, 0]",
    );
    expect(load({ ...saved("minMaxScaler"), options: null })).toContain("minMaxScaler is damaged");
    expect(load({ ...saved("minMaxScaler"), fitted: 3 })).toContain("minMaxScaler is damaged");
    for (const [kind, state] of [
      ["standardScaler", { means: [1], scales: [0] }],
      ["standardScaler", { means: [1, null], scales: [1, 1] }],
      ["standardScaler", { means: [], scales: [] }],
      ["minMaxScaler", { least: [1], most: [0] }],
      ["oneHotEncoder", { categories: [["a", "a"]] }],
      ["ordinalEncoder", { categories: ["a"] }],
      ["hashingEncoder", { inputs: 0 }],
      ["labelEncoder", { classes: [] }],
      ["columns", { columns: [] }],
      ["robustScaler", { medians: [1], scales: [0] }],
      ["booleanEncoder", { inputs: 0 }],
      ["dateEncoder", { first: [2], last: [1] }],
      ["imputer", { fills: ["red"] }],
      ["imputer", { fills: [{}], encoder: oneHotEncoder().fit(names).toJSON() }],
      ["imputer", { fills: ["red"], encoder: oneHotEncoder({ unknown: "ignore" }).fit(names).toJSON() }],
      ["countEncoder", { terms: ["a", "a"] }],
      ["countEncoder", { terms: ["a"], weights: [1] }],
      ["tfIdfEncoder", { terms: ["a", "b"], weights: [1] }],
      ["tfIdfEncoder", { terms: ["a"], weights: [0] }],
    ] as const) {
      expect(load({ ...saved(kind), fitted: state }), kind).toContain("damaged; needs what");
    }
    expect(refusal(() => loadEncoder(fitted.labelEncoder[0].toJSON(), "columns"))).toBe(
      "FormatError: loadEncoder: it is a labelEncoder; needs a columns.",
    );
  });

  const saved = (kind: keyof typeof fitted) =>
    JSON.parse(JSON.stringify(fitted[kind][0])) as { options: object; fitted: Record<string, unknown> };
  const sparse = (length: number) => Array.from({ length: 0 }).concat(new Array(length));

  it.each<[string, keyof typeof fitted, object]>([
    ["a length that is no list's", "standardScaler", { means: { length: 1e8 }, scales: { length: 1e8 } }],
    ["lists of other lengths", "standardScaler", { means: [1, 2], scales: [1] }],
    ["a list of holes", "standardScaler", { means: sparse(4e9), scales: sparse(4e9) }],
    ["a number that is text", "standardScaler", { means: ["1"], scales: [1] }],
    ["a field more", "standardScaler", { means: [1], scales: [1], rows: 4 }],
    ["a field that it inherits", "standardScaler", Object.create({ means: [1], scales: [1] })],
    ["extremes that are not finite", "minMaxScaler", { least: [Number.NEGATIVE_INFINITY], most: [1] }],
    ["categories with holes", "labelEncoder", { classes: sparse(4e9) }],
    ["a category that is an object", "labelEncoder", { classes: [{}] }],
    ["other categories than it was given", "ordinalEncoder", { categories: [["red", "blue", "green"]] }],
    ["fewer columns than it was given", "ordinalEncoder", { categories: [] }],
    ["more columns than there can be", "hashingEncoder", { inputs: 2 ** 40 }],
    ["two columns of text", "hashingEncoder", { inputs: 2 }],
  ])("refuses a state with %s at once", (_, kind, state) => {
    expect(refusal(() => loadEncoder({ ...saved(kind), fitted: state }))).toMatch(/^FormatError: .*damaged/);
  });

  it("refuses a number for unknown categories that stands for one of them", () => {
    const { options, ...rest } = saved("ordinalEncoder");
    const taken = { ...rest, options: { ...options, unknown: 1 } };
    expect(refusal(() => loadEncoder(taken))).toContain("what the ordinalEncoder learned is damaged");
  });

  it("refuses options that there are not, and fields beside those of a saved encoder", () => {
    const odd = { ...saved("standardScaler"), options: { mean: 1 } };
    expect(refusal(() => loadEncoder(odd))).toContain("the options of standardScaler are damaged");
    expect(refusal(() => loadEncoder({ ...saved("labelEncoder"), x: 1 }))).toContain(
      "labelEncoder is damaged",
    );
  });

  it("refuses columns of other encoders than their options say, twice the same, or nested without end", () => {
    type Columns = { options: { columns: [string, object][] }; fitted: { columns: object[] } };
    const refuse = (change: (of: Columns) => void) => {
      const one = saved("columns") as unknown as Columns;
      change(one);
      return refusal(() => loadEncoder(one));
    };
    const damaged = /^FormatError: loadEncoder: .*damaged/;
    expect(refuse((one) => void one.fitted.columns.reverse())).toMatch(damaged);
    expect(refuse((one) => void one.fitted.columns.pop())).toMatch(damaged);
    expect(refuse((one) => void one.options.columns.push(["x", saved("labelEncoder")]))).toMatch(damaged);
    expect(refuse((one) => void one.fitted.columns.splice(0, 1, saved("labelEncoder")))).toMatch(damaged);
    expect(refuse((one) => void one.fitted.columns.splice(0, 1, one.options.columns[0]![1]))).toMatch(
      damaged,
    );
    expect(refuse((one) => void one.options.columns[1]!.splice(0, 1, one.options.columns[0]![0]))).toMatch(
      damaged,
    );
    let nested: object = saved("standardScaler");
    for (let i = 0; i < 5000; i++) {
      nested = { encoder: "columns", format: 1, options: { columns: [["a", nested]] }, fitted: null };
    }
    expect(refusal(() => loadEncoder(nested))).toContain("nested more than 8 deep");
    expect(refusal(() => loadEncoder(JSON.parse(`${"[".repeat(5000)}${"]".repeat(5000)}`)))).toContain(
      "no saved",
    );
  });
});
