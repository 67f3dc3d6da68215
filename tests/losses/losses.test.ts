/** Losses and metrics as evaluate reports them, against their formulas in f64. */
import { describe, expect, it } from "vitest";
import {
  type ActivationName,
  binaryCrossEntropy,
  type CompileOptions,
  compile,
  crossEntropy,
  customLayer,
  dense,
  input,
  meanSquaredError,
  network,
  sequential,
  sgd,
  type Tensor,
} from "../../src/index.js";
import * as ops from "../../src/ops/index.js";
import { rowsOf } from "../given/models.js";

const ROWS = 20;
const COLUMNS = 3;
const x = rowsOf(ROWS, COLUMNS, 3).map((row) => row.map((value) => 3 * value));
const targets = rowsOf(ROWS, COLUMNS, 4);
const shares = targets.map((row) => row.map((value) => (value + 1) / 2));
const labels = x.map((_, i) => (i * 5) % COLUMNS);
const oneHot = labels.map((label) => [0, 1, 2].map((i) => (i === label ? 1 : 0)));

/** Scores of the network that hands on its input through an activation. */
async function scoresOf(activation: ActivationName, y: Tensor, options: CompileOptions) {
  const identity = [1, 0, 0, 0, 1, 0, 0, 0, 1];
  const model = await compile(sequential(input(COLUMNS), dense(COLUMNS, activation)), {
    batchSize: 7,
    ...options,
  });
  model.setWeights({ "dense/kernel": identity, "dense/bias": [0, 0, 0] });
  return model.evaluate({ x, y });
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]) => sum(values) / values.length;
/** One number for each element of prediction and target. */
const each = (a: readonly number[][], b: readonly number[][], f: (a: number, b: number) => number) =>
  a.flatMap((row, i) => row.map((value, j) => f(value, b[i]?.[j] as number)));
const squares = each(x, targets, (p, t) => (p - t) ** 2);
const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
const logShares = x.map((row) => {
  const total = Math.log(sum(row.map(Math.exp)));
  return row.map((z) => z - total);
});
const crossEntropies = labels.map((label, i) => -(logShares[i]?.[label] as number));
const binaries = each(x, shares, (z, t) => -t * Math.log(sigmoid(z)) - (1 - t) * Math.log(1 - sigmoid(z)));
const largest = (row: readonly number[]) => row.indexOf(Math.max(...row));

describe("losses", () => {
  it.each<[string, ActivationName, Tensor, CompileOptions["loss"], number]>([
    ["meanSquaredError: the mean over all elements", "linear", targets, "meanSquaredError", mean(squares)],
    [
      "crossEntropy on softmax with labels: the mean over rows",
      "softmax",
      labels,
      "crossEntropy",
      mean(crossEntropies),
    ],
    ["crossEntropy on logits", "linear", labels, "crossEntropy", mean(crossEntropies)],
    ["crossEntropy with one-hot rows", "softmax", oneHot, "crossEntropy", mean(crossEntropies)],
    [
      "crossEntropy with soft rows",
      "softmax",
      shares.map((row) => row.map((one) => one / sum(row))),
      "crossEntropy",
      mean(
        shares.map((row, i) => -sum(row.map((one, j) => (one / sum(row)) * (logShares[i]?.[j] as number)))),
      ),
    ],
    [
      "binaryCrossEntropy on sigmoid: the mean over all elements",
      "sigmoid",
      shares,
      "binaryCrossEntropy",
      mean(binaries),
    ],
    ["binaryCrossEntropy on logits", "linear", shares, binaryCrossEntropy(), mean(binaries)],
  ])("%s", async (_, activation, y, loss, expected) => {
    const scores = await scoresOf(activation, y, { loss: loss as "crossEntropy" });
    expect(Math.abs(scores.loss - expected)).toBeLessThan(1e-6 * Math.max(1, Math.abs(expected)));
  });

  it.each([7, ROWS])("as sums are the sums over all rows, in steps of %i rows", async (batchSize) => {
    const reduction = { reduction: "sum" } as const;
    const cases = [
      ["linear", targets, meanSquaredError(reduction), sum(squares)],
      ["linear", targets, "sumOfSquares", sum(squares) / 2],
      ["softmax", labels, crossEntropy(reduction), sum(crossEntropies)],
      ["sigmoid", shares, binaryCrossEntropy(reduction), sum(binaries)],
    ] as const;
    for (const [activation, y, loss, expected] of cases) {
      const scores = await scoresOf(activation, y, { loss, batchSize });
      expect(Math.abs(scores.loss - expected)).toBeLessThan(1e-6 * expected);
    }
  });

  it.each<["linear" | "sigmoid", "meanSquaredError" | "binaryCrossEntropy"]>([
    ["linear", "meanSquaredError"],
    ["linear", "binaryCrossEntropy"],
    ["sigmoid", "binaryCrossEntropy"],
  ])("of an output with one number a row, %s, train as those of one column: %s", async (activation, loss) => {
    const training = async (isFlat: boolean) => {
      const start = input(COLUMNS);
      const column = dense(1, { activation: "linear", name: "dense" })(start);
      const flat = customLayer({ kind: "flat", build: ([h]) => ops.reshape(h!, [-1]) });
      const end = isFlat ? flat(column) : column;
      const last = customLayer({
        kind: "last",
        build: ([h]) => (activation === "linear" ? h! : ops.sigmoid(h!)),
      });
      const model = await compile(network({ inputs: start, outputs: last(end) }), {
        loss,
        metrics: ["meanAbsoluteError"],
        optimizer: sgd({ learningRate: 0.1 }),
      });
      const y = shares.map(([share]) => share as number);
      const [report] = await model.fit({ x, y }, { batchSize: 8 });
      return [report?.loss, report?.meanAbsoluteError, ...(model.weights()["dense/kernel"]?.data ?? [])];
    };
    const [flat, columns] = [await training(true), await training(false)];
    expect(flat).toEqual(columns);
    expect(flat[0]).toBeGreaterThan(0);
  });

  it("stay finite and right where probabilities vanish: logits of ±1000", async () => {
    const one = async (
      activation: ActivationName,
      loss: "crossEntropy" | "binaryCrossEntropy",
      y: Tensor,
    ) => {
      const model = await compile(sequential(input(2), dense(2, activation)), { loss, optimizer: sgd() });
      model.setWeights({ "dense/kernel": [1, 0, 0, 1], "dense/bias": [0, 0] });
      const [report] = await model.fit({ x: [[1000, -1000]], y });
      return report?.loss;
    };
    expect(await one("softmax", "crossEntropy", [1])).toBe(2000);
    expect(await one("softmax", "crossEntropy", [0])).toBe(0);
    expect(await one("sigmoid", "binaryCrossEntropy", [[0, 1]])).toBe(1000);
    expect(await one("sigmoid", "binaryCrossEntropy", [[1, 0]])).toBe(0);
  });
});

describe("metrics", () => {
  const near = (found: number | undefined, expected: number) => {
    expect(Math.abs((found as number) - expected)).toBeLessThan(1e-6);
  };

  it("accuracy is the share of rows whose largest output is the label, in either form", async () => {
    const expected = mean(x.map((row, i) => (largest(row) === labels[i] ? 1 : 0)));
    expect(expected).toBeGreaterThan(0);
    expect(expected).toBeLessThan(1);
    for (const y of [labels, oneHot]) {
      for (const activation of ["softmax", "linear"] as const) {
        const scores = await scoresOf(activation, y, { loss: "crossEntropy", metrics: ["accuracy"] });
        near(scores.accuracy, expected);
      }
    }
  });

  it("accuracy of yes or no is the share of outputs on the target's side, of probabilities and of logits", async () => {
    const expected = mean(each(x, shares, (z, t) => (z > 0 === t > 0.5 ? 1 : 0)));
    expect(expected).toBeGreaterThan(0);
    expect(expected).toBeLessThan(1);
    for (const activation of ["sigmoid", "linear"] as const) {
      const metrics = ["accuracy", "binaryAccuracy"] as const;
      const scores = await scoresOf(activation, shares, { loss: "binaryCrossEntropy", metrics });
      near(scores.accuracy, expected);
      near(scores.binaryAccuracy, expected);
    }
  });

  it("meanSquaredError and meanAbsoluteError are means over all elements, beside any loss", async () => {
    const metrics = ["meanAbsoluteError", "meanSquaredError"] as const;
    const scores = await scoresOf("linear", targets, { loss: "sumOfSquares", metrics });
    near(scores.meanAbsoluteError, mean(each(x, targets, (p, t) => Math.abs(p - t))));
    near(scores.meanSquaredError, mean(squares));
    expect(Object.keys(scores)).toEqual(["loss", ...metrics]);
  });
});
