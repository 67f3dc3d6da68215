/** Weights by name: read as copies, set whole or in part, checked before the first is changed. */
import { describe, expect, it } from "vitest";
import { compile, DataError, dense, input, OptionError, ShapeError, sequential } from "../../src/index.js";
import { bitsOf, rowsOf, weightBits } from "../given/models.js";

const network = () => sequential(input(3), dense(4, { activation: "relu", name: "hidden" }), dense(2));
const ready = (seed = 1) => compile(network(), { loss: "meanSquaredError", seed });
const data = { x: rowsOf(8, 3), y: rowsOf(8, 2) };

describe("weights", () => {
  it("come by name with their shapes, row-major", async () => {
    const model = await ready();
    const shapes = Object.entries(model.weights()).map(([name, { shape, data: values }]) => [
      name,
      shape,
      values.length,
    ]);
    expect(shapes).toEqual([
      ["hidden/kernel", [3, 4], 12],
      ["hidden/bias", [4], 4],
      ["dense/kernel", [4, 2], 8],
      ["dense/bias", [2], 2],
    ]);
  });

  it("are copies: neither side sees what the other does afterwards", async () => {
    const model = await ready();
    const taken = model.weights();
    const bits = bitsOf(taken);
    await model.fit(data);
    expect(bitsOf(taken)).toEqual(bits);
    const trained = weightBits(model);
    for (const { data: values } of Object.values(model.weights())) values.fill(0);
    expect(weightBits(model)).toEqual(trained);
    expect(trained).not.toEqual(bits);
  });

  it("go from one model to another to the bit, and predict alike", async () => {
    const [from, to] = [await ready(1), await ready(2)];
    await from.fit(data, { epochs: 3 });
    expect(weightBits(to)).not.toEqual(weightBits(from));
    to.setWeights(from.weights());
    expect(weightBits(to)).toEqual(weightBits(from));
    expect(await to.predict(data.x)).toEqual(await from.predict(data.x));
  });

  it("may be set in part, flat or nested, and the others stay", async () => {
    const model = await ready();
    const before = weightBits(model);
    model.setWeights({
      "dense/bias": [0.5, -2],
      "dense/kernel": [
        [1, 2],
        [3, 4],
        [5, 6],
        [7, 8],
      ],
    });
    const { "dense/bias": bias, "dense/kernel": kernel, ...others } = model.weights();
    expect([...(bias?.data ?? [])]).toEqual([0.5, -2]);
    expect([...(kernel?.data ?? [])]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    const { "dense/bias": _, "dense/kernel": __, ...othersBefore } = before;
    expect(bitsOf(others)).toEqual(othersBefore);
    // A row of ones: h · kernel + bias, where h is what the hidden layer makes of it.
    model.setWeights({ "hidden/kernel": new Float32Array(12), "hidden/bias": Float64Array.of(1, 0, 0, 2) });
    expect([...(await model.predict([[1, 1, 1]]))]).toEqual([1 + 2 * 7 + 0.5, 2 + 2 * 8 - 2]);
  });

  it.each<[string, Record<string, unknown>, abstract new (...args: never[]) => Error, string]>([
    [
      "a name that there is not",
      { "dense/biass": [1, 2] },
      OptionError,
      'there is no parameter "dense/biass". Did you mean "dense/bias"?',
    ],
    ["too few numbers", { "dense/bias": [1] }, ShapeError, "dense/bias has 1 number; needs [2]"],
    [
      "too many numbers",
      { "dense/bias": new Float32Array(3) },
      ShapeError,
      "dense/bias has 3 numbers; needs [2]",
    ],
    [
      "another shape of as many numbers",
      { "dense/kernel": { shape: [2, 4], data: new Float32Array(8) } },
      ShapeError,
      "dense/kernel is [2, 4]; needs [4, 2]",
    ],
    [
      "NaN",
      { "dense/bias": [1, Number.NaN] },
      DataError,
      "dense/bias: row 0, column 1 is NaN; needs finite numbers",
    ],
    [
      "Infinity",
      { "dense/bias": { shape: [2], data: Float32Array.of(1, Number.POSITIVE_INFINITY) } },
      DataError,
      "column 1 is Infinity",
    ],
    ["text", { "dense/bias": ["1", 2] }, DataError, 'column 0 is "1"; needs a number'],
    [
      "null",
      { "dense/bias": null },
      DataError,
      "dense/bias is null; needs [2], as numbers or { shape, data }",
    ],
    ["a number", { "dense/bias": 1 }, DataError, "dense/bias is 1; needs [2]"],
  ])("refuse %s, and change nothing", async (_, wrong, kind, says) => {
    const model = await ready();
    const before = weightBits(model);
    const set = () => model.setWeights({ "hidden/bias": [9, 9, 9, 9], ...wrong } as never);
    expect(set).toThrow(kind);
    expect(set).toThrow(`setWeights: ${says.startsWith("column") ? "dense/bias: row 0, " : ""}${says}`);
    expect(weightBits(model)).toEqual(before);
  });
});

describe("disassemble", () => {
  it("prints a numbered instruction a line for each method, with its layer", async () => {
    const model = await ready();
    const text = (["train", "evaluate", "predict"] as const).map((method) => model.disassemble(method));
    for (const one of text) {
      const lines = one.split("\n");
      lines.forEach((line, i) => expect(line).toMatch(new RegExp(`^ *${i}  [A-Z]\\w+ +\\w+=.*  ; \\S+`)));
      expect(
        lines.filter((line) => /^ *\d+ {2}Matmul .*; (hidden|dense)$/.test(line)).length,
      ).toBeGreaterThan(1);
    }
    const [train = "", evaluate = "", predict = ""] = text;
    expect(model.disassemble()).toBe(train);
    expect(train).toMatch(/GradientNorm .*\n *\d+ {2}Adam .*; adam$/);
    expect(evaluate).toMatch(/SquaredError .*; loss\n/);
    expect(predict).not.toMatch(/Grad|SquaredError|Adam|Report/);
    expect(evaluate).not.toMatch(/Grad|Adam/);
  });
});
