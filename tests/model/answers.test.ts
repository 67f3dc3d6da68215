/** `predict` in the form that it is asked for: the same numbers, as rows, classes or those of one row. */
import { describe, expect, it } from "vitest";
import { columns, labelEncoder, oneHotEncoder, standardScaler, tfIdfEncoder } from "../../src/data/index.ts";
import { compile, dense, input, network, sequential, sparseInput } from "../../src/index.ts";
import { rejection } from "../data/refusal.ts";

const x = [
  [0.2, -1, 3],
  [2, 0.5, -1],
  [-0.3, 0.9, 0.1],
];
const names = ["ant", "bee", "cow", "dog"];

describe("predict", () => {
  it("gives rows, classes by name or number, and those of one row", async () => {
    const model = await compile(sequential(input(3), dense(4, "softmax")), { seed: 3 });
    const flat = await model.predict(x);
    const rows = await model.predict(x, { as: "rows" });
    expect(rows.map((row) => [...row])).toEqual([0, 1, 2].map((i) => [...flat.slice(4 * i, 4 * i + 4)]));
    const numbers = rows.map((row) => row.indexOf(Math.max(...row)));
    expect(await model.predict(x, { as: "classes" })).toEqual(numbers);
    expect(await model.predict(x, { as: "classes", labels: names })).toEqual(numbers.map((i) => names[i]));
    const labels = labelEncoder().fit(names);
    expect(await model.predict(x, { as: "classes", labels })).toEqual(numbers.map((i) => names[i]));
    expect(await model.predict(x[1], { as: "row" })).toEqual(rows[1]);
    expect(await model.predict(Float32Array.from(x[2]!), { as: "row" })).toEqual(rows[2]);
    expect(await model.predict(x[2], { as: "class", labels })).toBe(names[numbers[2]!]);
  });

  it("says yes or no of one probability", async () => {
    const model = await compile(sequential(input(1), dense(1, "sigmoid")), { seed: 3 });
    model.setWeights({ "dense/kernel": { shape: [1, 1], data: [1] } });
    expect(await model.predict([-2, 0, 3], { as: "classes" })).toEqual([0, 0, 1]);
    expect(await model.predict([[5]], { as: "classes", labels: [false, true] })).toEqual([true]);
    expect(await model.predict(5, { as: "class", labels: ["no", "yes"] })).toBe("yes");
    const linear = await compile(sequential(input(1), dense(1)), { seed: 3 });
    linear.setWeights({ "dense/kernel": { shape: [1, 1], data: [1] } });
    expect(await rejection(linear.predict([0.2, 7], { as: "classes" }))).toBe(
      "DataError: predict: row 1 gives 7, one number that is no probability; needs one for each class, or a sigmoid.",
    );
  });

  it("takes records and texts by their encoder, one or many", async () => {
    const people = columns({ age: standardScaler(), color: oneHotEncoder() });
    const records = [
      { age: 31, color: "red" },
      { age: 54, color: "blue" },
    ];
    const encoded = people.fitTransform(records);
    const model = await compile(sequential(input(people.columns), dense(2, "softmax")), { seed: 1 });
    const rows = await model.predict(encoded, { as: "rows" });
    expect(await model.predict(records, { as: "rows", encoder: people })).toEqual(rows);
    expect(await model.predict(records[1], { as: "row", encoder: people })).toEqual(rows[1]);
    const words = tfIdfEncoder().fit(["free prize", "at home"]);
    const spam = await compile(sequential(sparseInput(words.columns), dense(2, "softmax")), { seed: 1 });
    const all = await spam.predict(["home", "free"], {
      as: "classes",
      encoder: words,
      labels: ["ham", "spam"],
    });
    expect(await spam.predict("free", { as: "class", encoder: words, labels: ["ham", "spam"] })).toBe(all[1]);
  });

  it("answers for each of several outputs, of one row of each of several inputs", async () => {
    const [left, right] = [input(2), input(1)];
    const both = network({
      inputs: { left, right },
      outputs: { kind: dense(3, "softmax")(left), price: dense(1)(right) },
    });
    const model = await compile(both, { seed: 2 });
    const many = {
      left: [
        [1, 2],
        [3, 4],
      ],
      right: [[1], [2]],
    };
    const flat = await model.predict(many);
    const rows = await model.predict(many, { as: "rows" });
    expect(rows.kind[1]).toEqual(flat.kind.slice(3));
    expect(rows.price.map(([price]) => price)).toEqual([...flat.price]);
    const one = await model.predict({ left: [3, 4], right: 2 }, { as: "row" });
    expect([one.kind, one.price]).toEqual([rows.kind[1], rows.price[1]]);
  });

  it("refuses forms that there are not, more than one row, and labels that do not fit", async () => {
    const model = await compile(sequential(input(3), dense(4, "softmax")), { seed: 3 });
    const odd = (data: unknown, options: object) => rejection(model.predict(data, options as { as: "row" }));
    expect(await odd(x, { as: "table" })).toContain(
      'there is no as "table". Known: row, rows, class, classes',
    );
    expect(await odd(x, { as: "row" })).toContain("predict: x");
    expect(await odd(new Float32Array(6), { as: "row" })).toContain("predict: x");
    expect(await odd(x, { as: "classes", labels: ["a"] })).toBe(
      "OptionError: predict: labels is 1 names; needs 4, a list of them or a fitted labelEncoder.",
    );
    expect(await odd(x, { as: "rows", labels: names })).toContain(
      'as is "rows"; needs as: "classes", or "class"',
    );
    expect(await odd(x, { as: "rows", encoder: standardScaler })).toContain(
      "encoder is a function; needs a fitted",
    );
    expect(await odd(x, { as: "rows", encoders: 1 })).toContain("encoders");
    expect(await odd([[1, 2, Number.NaN]], { as: "rows" })).toContain("row 0, column 2 is NaN");
    expect(await odd(x, { labels: names })).toContain("labels");
  });
});
