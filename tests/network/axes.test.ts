/** Outputs of one number or of many axes for each row, and layers that look across the rows of a step. */
import { describe, expect, it } from "vitest";
import { compile, customLayer, dense, input, network, ShapeError, sequential, sgd } from "../../src/index.js";
import * as ops from "../../src/ops/index.js";
import { errorOf } from "../given/errorOf.js";
import { rowsOf } from "../given/models.js";
import { type AnyOptions, checkGradients, plain, scoresInF64 } from "../graph/inF64.js";

const ROWS = 10;
const x = rowsOf(ROWS, 3);

describe("outputs with an axis of time", () => {
  const net = () => {
    const words = input([4, 3]);
    const outputs = { tags: dense(5, "softmax")(words), values: dense(2)(words) };
    return network({ inputs: { words }, outputs });
  };
  const options = {
    loss: { tags: "crossEntropy", values: "meanSquaredError" },
    metrics: { tags: ["accuracy"], values: ["meanAbsoluteError"] },
    optimizer: sgd({ learningRate: 0.1 }),
    seed: 1,
  } as const;
  const tags = x.map((_, i) => [0, 1, 2, 3].map((time) => (i + time) % 5));
  const data = { x: { words: rowsOf(ROWS, 12) }, y: { tags, values: rowsOf(ROWS, 8, 3) } };

  it("are scored as the graph of ops says in f64, with its gradients", async () => {
    const model = await compile(net(), { ...options, batchSize: ROWS });
    const expected = scoresInF64(net(), options as AnyOptions, data, plain(model.weights()));
    const { loss, outputs } = await model.evaluate(data);
    expect(loss).toBeCloseTo(expected.loss as number, 5);
    expect(outputs.tags.loss).toBeCloseTo(expected["outputs/tags/loss"] as number, 5);
    expect(outputs.tags.accuracy).toBeCloseTo(expected["outputs/tags/accuracy"] as number, 12);
    expect(outputs.values.meanAbsoluteError).toBeCloseTo(
      expected["outputs/values/meanAbsoluteError"] as number,
      5,
    );
    expect(await checkGradients(net(), options as AnyOptions, data)).toBe(15 + 5 + 6 + 2);
  });

  it("add up in micro-batches, labels and one-hot rows alike", async () => {
    const oneHot = tags.map((times) => times.map((tag) => [0, 1, 2, 3, 4].map((k) => (k === tag ? 1 : 0))));
    const train = async (accumulate: number, y: object) => {
      const model = await compile(net(), options);
      const [report] = await model.fit({ x: data.x, y } as never, { batchSize: ROWS, accumulate });
      return { report, weights: model.weights() };
    };
    const whole = await train(1, data.y);
    for (const parts of [await train(3, data.y), await train(4, { ...data.y, tags: oneHot })]) {
      expect(parts.report?.loss).toBeCloseTo(whole.report?.loss as number, 5);
      for (const [name, { data: values }] of Object.entries(whole.weights)) {
        values.forEach((value, i) => expect(parts.weights[name]?.data[i]).toBeCloseTo(value, 5));
      }
    }
  });
});

describe("layers that look across rows", () => {
  /** Columns of mean 0 and variance 1 over the rows of the step (Ioffe & Szegedy 2015, without running averages). */
  const standardize = customLayer({
    kind: "standardize",
    parameters: ([, columns]) => ({ gain: { shape: [columns as number], initializer: 1 } }),
    build: ([h], { gain }) => {
      const centered = ops.subtract(h!, ops.mean(h!, { axis: 0, keepDims: true }));
      const variance = ops.mean(ops.square(centered), { axis: 0, keepDims: true });
      return ops.multiply(gain, ops.divide(centered, ops.sqrt(ops.add(variance, 1e-3))));
    },
  });

  it("have the gradients of all ways through the mean and the variance", async () => {
    const net = sequential(input(3), dense(4), standardize, dense(2));
    const data = { x, y: rowsOf(ROWS, 2, 5) };
    expect(await checkGradients(net, { loss: "meanSquaredError", seed: 1 }, data)).toBe(16 + 4 + 10);
  });

  it("give columns of mean 0 and variance 1", async () => {
    const model = await compile(sequential(input(3), standardize), { batchSize: ROWS });
    const found = await model.predict(x);
    for (const column of [0, 1, 2]) {
      const values = x.map((_, i) => found[3 * i + column] as number);
      const mean = values.reduce((sum, value) => sum + value, 0) / ROWS;
      expect(mean).toBeCloseTo(0, 6);
      expect(values.reduce((sum, value) => sum + value ** 2, 0) / ROWS).toBeCloseTo(1, 1);
    }
  });

  it.each<[string, (h: Parameters<typeof ops.exp>[0]) => ReturnType<typeof ops.exp>, string]>([
    [
      "pair all rows with all",
      (h) => ops.matmul(h, ops.transpose(h)),
      "gives [rows, rows]; needs a result with rows once.",
    ],
    ["merge rows with columns", (h) => ops.reshape(h, [-1, 1]), "they cannot merge with another axis."],
    [
      "double the rows",
      (h) => ops.concat([h, h], { axis: 0 }),
      "axis 0 of [rows, 3] is the rows, whose number is known only when it runs",
    ],
    [
      "take the first row",
      (h) => ops.slice(h, [0, 0], [1, 3]),
      "axis 0 of [rows, 3] is the rows, whose number is known only when it runs",
    ],
  ])("are refused where they %s", (_, build, says) => {
    const error = errorOf(() => customLayer({ kind: "mixing", build: ([h]) => build(h!) })(input(3)));
    expect(error).toBeInstanceOf(ShapeError);
    expect(error.message).toMatch(/^mixing: /);
    expect(error.message).toContain(says);
  });
});
