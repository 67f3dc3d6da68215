import { describe, expect, it } from "vitest";
import {
  columns,
  hashingEncoder,
  labelEncoder,
  loadEncoder,
  minMaxScaler,
  oneHotEncoder,
  ordinalEncoder,
  type SavedEncoder,
  standardScaler,
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
    const [encoder, data] = fitted[kind];
    const loaded = loadEncoder(JSON.parse(JSON.stringify(encoder)), kind);
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
    ] as const) {
      expect(load({ ...saved(kind), fitted: state }), kind).toContain("damaged; needs what");
    }
    expect(refusal(() => loadEncoder(fitted.labelEncoder[0].toJSON(), "columns"))).toBe(
      "FormatError: loadEncoder: it is a labelEncoder; needs a columns.",
    );
  });
});
