import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  columns,
  dateEncoder,
  type ImputerOptions,
  imputer,
  loadEncoder,
  minMaxScaler,
  oneHotEncoder,
  robustScaler,
  standardScaler,
} from "../../../src/data/index.ts";
import { refusal } from "../refusal.ts";

const file = join(import.meta.dirname, "../../peers/sklearn/encoders.json");
const { rows, incomplete, imputed, scaled } = JSON.parse(readFileSync(file, "utf8")) as {
  rows: number[][];
  incomplete: (number | null)[][];
  imputed: Record<string, number[][]>;
  scaled: Record<string, number[][]>;
};

const near = (got: Float32Array, expected: number[][]) => {
  expect(got.length).toBe(expected.flat().length);
  expected.flat().forEach((value, i) => {
    expect(Math.abs(got[i]! - value)).toBeLessThanOrEqual(1.2e-7 * Math.abs(value) + 1e-12);
  });
};

describe("robustScaler", () => {
  it.each(Object.keys(scaled))("gives what scikit-learn does by the quantiles %s", (quantiles) => {
    const scaler = robustScaler({ quantiles: JSON.parse(quantiles) });
    const encoded = scaler.fitTransform(rows);
    near(encoded, scaled[quantiles]!);
    const back = scaler.inverse(encoded);
    rows.flat().forEach((value, i) => expect(back[i]).toBeCloseTo(value, Math.abs(value) > 1e4 ? -2 : 1));
  });

  it("only centers a column whose quantiles are equal", () => {
    expect([...robustScaler().fitTransform([3, 3, 3, 3, 9])]).toEqual([0, 0, 0, 0, 6]);
  });

  it("refuses quantiles that are no shares in order", () => {
    expect(refusal(() => robustScaler({ quantiles: [25, 75] }))).toBe(
      "OptionError: robustScaler: quantiles is [25, 75]; needs two shares from 0 to 1, the smaller first: [0.25, 0.75].",
    );
  });
});

describe("imputer", () => {
  it.each<[string, ImputerOptions]>([
    ["mean", {}],
    ["median", { strategy: "median" }],
    ["most_frequent", { strategy: "mostFrequent" }],
    ["constant", { strategy: "constant", value: -7.5 }],
  ])("fills in what scikit-learn does: %s", (name, options) => {
    near(imputer(options).fitTransform(incomplete), imputed[name]!);
    const typed = Float64Array.from(incomplete.flat(), (value) => value ?? Number.NaN);
    near(imputer(options).fitTransform(typed, { columns: 3 }), imputed[name]!);
  });

  it("fills in by the training rows, then encodes, and tells what was missing", () => {
    const encoder = imputer({ strategy: "median", indicator: true, encoder: minMaxScaler() });
    expect([...encoder.fitTransform([0, null, 10, 4])]).toEqual([
      0,
      0,
      Math.fround(0.4),
      1,
      1,
      0,
      Math.fround(0.4),
      0,
    ]);
    expect([...encoder.transform([undefined, 5, Number.NaN])]).toEqual([
      Math.fround(0.4),
      1,
      0.5,
      0,
      Math.fround(0.4),
      1,
    ]);
    expect(encoder.featureNames(["age"])).toEqual(["age", "age_missing"]);
    expect([encoder.columns, encoder.inputs]).toEqual([2, 1]);
    expect([...(encoder.inverse([[0.5, 1]]) as Float32Array)]).toEqual([5]);
  });

  it("fills in categories, and takes values that stand for missing ones", () => {
    const encoder = imputer({ strategy: "mostFrequent", missing: ["", "?"], encoder: oneHotEncoder() });
    expect([...encoder.fitTransform(["b", "", "a", "b", "?"])]).toEqual([0, 1, 0, 1, 1, 0, 0, 1, 0, 1]);
    expect(encoder.inverse([[0, 1]])).toEqual([["b"]]);
    const constant = imputer({ strategy: "constant", value: "none", encoder: oneHotEncoder() });
    expect(constant.fit([null, "x"]).featureNames(["kind"])).toEqual(["kind_none", "kind_x"]);
  });

  it("is a column of records, saved and loaded with them", () => {
    const records = [
      { rooms: 3, near: "bay" },
      { rooms: null, near: undefined },
      { rooms: 5, near: "bay" },
    ];
    const houses = columns({
      rooms: imputer({ indicator: true, encoder: standardScaler() }),
      near: imputer({ strategy: "mostFrequent", encoder: oneHotEncoder() }),
    });
    const encoded = houses.fitTransform(records);
    const deviation = Math.fround(Math.sqrt(1.5));
    expect([...encoded]).toEqual([-deviation, 0, 1, 0, 1, 1, deviation, 0, 1]);
    expect(houses.featureNames()).toEqual(["rooms", "rooms_missing", "near_bay"]);
    expect(houses.inverse(encoded)[1]).toEqual({ rooms: 4, near: "bay" });
    const loaded = loadEncoder(JSON.parse(JSON.stringify(houses)), "columns");
    expect(loaded.transform(records)).toEqual(encoded);
    expect(refusal(() => columns({ near: oneHotEncoder() }).fit(records))).toContain(
      'columns: fit: row 1 has no "near": it is undefined. Leave the row out, or fill in a value by an imputer.',
    );
  });

  it("fills in dates before they are encoded", () => {
    const encoder = imputer({ strategy: "mostFrequent", encoder: dateEncoder({ parts: ["elapsed"] }) });
    expect([...encoder.fitTransform(["2020-01-01", null, "2020-01-03"])]).toEqual([0, 0, 1]);
  });

  it("refuses columns without a value, text for numbers, and options that do not go together", () => {
    expect(
      refusal(() =>
        imputer().fit([
          [1, null],
          [2, Number.NaN],
        ]),
      ),
    ).toBe(
      "DataError: imputer: fit: column 1 has no value in any of the 2 rows; needs one to learn from. Leave the column " +
        'out, or give strategy: "constant" and a value.',
    );
    expect(refusal(() => columns({ a: imputer() }).fit([{ a: null }]))).toContain(
      'columns: "a": imputer: fit: column 0 has no value in any of the 1 rows',
    );
    expect(refusal(() => imputer().fit(["a", null]))).toContain(
      'column 0 has "a"; strategy: "mean" needs numbers. Give strategy: "mostFrequent"',
    );
    expect(refusal(() => imputer({ strategy: "constant" }))).toContain(
      "value is undefined; needs a finite number",
    );
    expect(refusal(() => imputer({ value: 3 }))).toContain(
      'value is 3; needs none with strategy: "mean". Give strategy: "constant".',
    );
    expect(refusal(() => imputer({ missing: "" as never }))).toContain(
      'missing is ""; needs a list of values',
    );
    expect(refusal(() => imputer({ encoder: standardScaler as never }))).toContain(
      "Call it: standardScaler().",
    );
    expect(refusal(() => imputer().transform([1]))).toContain("it has learned nothing yet");
    const strict = imputer().fit([1, 2]);
    expect(refusal(() => strict.transform([[1, 2]]))).toContain(
      "row 0 has 2 values; needs 1, as it was fitted on",
    );
  });
});
