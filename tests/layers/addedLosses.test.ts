/** Losses that layers add: their part in the whole, their gradients, their place in reports. */
import { describe, expect, it } from "vitest";
import {
  adam,
  compile,
  customLayer,
  dense,
  GradientError,
  input,
  network,
  ShapeError,
  sequential,
  type Value,
} from "../../src/index.js";
import * as ops from "../../src/ops/index.js";
import { rejectionOf, rowsOf } from "../given/models.js";
import { checkGradients, plain, scoresInF64 } from "../graph/inF64.js";

const x = rowsOf(21, 5);
const y = rowsOf(21, 3, 2);

describe("addLoss", () => {
  const adding = (make: (h: Value) => Value | undefined, name?: string) =>
    customLayer({
      kind: "adding",
      ...(name === undefined ? {} : { name }),
      parameters: () => ({ w: { shape: [], initializer: 1 } }),
      build: ([h], { w }, { addLoss }) => {
        const result = ops.multiply(h!, w);
        const value = make(result);
        if (value !== undefined) addLoss(value);
        return result;
      },
    });
  const net = (layer: ReturnType<typeof customLayer>) => sequential(input(5), layer, dense(3));
  const squares = x.flat().reduce((sum, value) => sum + value ** 2, 0);

  it.each<[string, (h: Value) => Value, number]>([
    ["a scalar", (h) => ops.multiply(ops.sum(ops.square(h)), 0.01), 0.01 * squares],
    ["a number for each row", (h) => ops.sum(ops.square(h), { axis: 1 }), squares / 21],
    ["a column", (h) => ops.sum(ops.square(h), { axis: 1, keepDims: true }), squares / 21],
    ["a number for each element", (h) => ops.square(h), squares / 105],
    ["a scalar of rank 2", (h) => ops.sum(ops.square(h), { keepDims: true }), squares],
  ])("takes %s, and reports it", async (_, make, expected) => {
    const model = await compile(net(adding(make)), { loss: "meanSquaredError", seed: 1 });
    const bare = await compile(net(adding(() => undefined)), { loss: "meanSquaredError", seed: 1 });
    bare.setWeights(model.weights());
    const { loss: without, ...rest } = await bare.evaluate({ x, y });
    expect(rest).toEqual({});
    // More rows than this would be cut into chunks, of which a scalar is averaged.
    const { loss, losses } = await model.evaluate({ x, y });
    expect(losses?.adding).toBeCloseTo(expected, 5);
    expect(loss).toBeCloseTo(without + expected, 4);
    const [report] = await model.fit({ x, y }, { batchSize: 21 });
    expect(report?.losses?.adding).toBeCloseTo(expected, 5);
  });

  it("is what is trained when no output has a loss", async () => {
    const square = customLayer({
      kind: "shrinking",
      parameters: () => ({ w: { shape: [5], initializer: 3 } }),
      build: ([h], { w }, { addLoss }) => {
        addLoss(ops.sum(ops.square(w)));
        return ops.multiply(h!, w);
      },
    });
    const model = await compile(sequential(input(5), square), { optimizer: adam({ learningRate: 0.1 }) });
    const history = await model.fit({ x }, { epochs: 100, batchSize: 21 });
    expect(history[0]?.loss).toBeCloseTo(45, 4);
    expect(history[0]?.losses?.shrinking).toBeCloseTo(45, 4);
    expect(history.at(-1)?.loss).toBeLessThan(0.1);
    expect((await model.evaluate({ x })).loss).toBeLessThan(0.1);
  });

  it("has its gradient in the step", async () => {
    const layer = customLayer({
      kind: "both",
      parameters: ([, n]) => ({ w: { shape: [n as number, 4] } }),
      build: ([h], { w }, { addLoss }) => {
        const code = ops.tanh(ops.matmul(h!, w));
        addLoss(ops.mean(ops.square(code), { axis: 1 }));
        addLoss(ops.multiply(ops.sum(ops.square(w)), 0.1));
        return code;
      },
    });
    const options = { loss: "meanSquaredError", seed: 3 } as const;
    expect(await checkGradients(sequential(input(5), layer, dense(3)), options, { x, y })).toBe(20 + 15);
  });

  it("is reported as one where a layer adds several, or is used several times", async () => {
    const twice = customLayer({
      kind: "twice",
      parameters: () => ({ w: { shape: [], initializer: 2 } }),
      build: ([h], { w }, { addLoss }) => {
        const result = ops.multiply(h!, w);
        addLoss(ops.square(result));
        addLoss(ops.multiply(ops.square(result), 2));
        return result;
      },
    });
    const start = input(5);
    const chain = network({ inputs: start, outputs: dense(3)(twice(twice(start))) });
    const options = { loss: "meanSquaredError", seed: 1 } as const;
    const model = await compile(chain, options);
    const { loss, losses } = await model.evaluate({ x, y });
    // 3 (2h)² and 3 (4h)².
    expect(losses?.twice).toBeCloseTo((60 * squares) / 105, 4);
    const mse =
      (await model.predict(x)).reduce((sum, p, i) => sum + (p - (y.flat()[i] as number)) ** 2, 0) / 63;
    expect(loss).toBeCloseTo(mse + (60 * squares) / 105, 4);
    expect(scoresInF64(chain, options, { x, y }, plain(model.weights())).loss).toBeCloseTo(loss, 4);
  });

  it("in training only leaves the others in their places", async () => {
    const shy = customLayer({
      kind: "shy",
      parameters: () => ({ w: { shape: [], initializer: 1 } }),
      build: ([h], { w }, { addLoss, training }) => {
        if (training) addLoss(ops.square(ops.multiply(h!, w)));
        return h!;
      },
    });
    const start = input(5);
    const chain = sequential(
      start,
      shy,
      adding((h) => ops.multiply(ops.square(h), 2)),
      dense(3),
    );
    const model = await compile(chain, { loss: "meanSquaredError", seed: 1, metrics: ["meanSquaredError"] });
    const { losses, loss, meanSquaredError } = await model.evaluate({ x, y });
    expect(losses?.adding).toBeCloseTo((2 * squares) / 105, 4);
    expect(loss).toBeCloseTo(meanSquaredError + (2 * squares) / 105, 4);
    const [report] = await model.fit({ x, y }, { batchSize: 21 });
    expect(report?.losses?.shy).toBeCloseTo(squares / 105, 4);
    expect(report?.losses?.adding).toBeCloseTo((2 * squares) / 105, 4);
  });

  it("in training only may be all that there is", async () => {
    const shy = customLayer({
      kind: "shy",
      parameters: () => ({ w: { shape: [5] } }),
      build: ([h], { w }, { addLoss, training }) => {
        if (training) addLoss(ops.square(ops.add(h!, w)));
        return h!;
      },
    });
    const model = await compile(sequential(input(5), shy), { seed: 1 });
    const [report] = await model.fit({ x }, { batchSize: 21 });
    expect(report?.loss).toBeCloseTo(squares / 105, 4);
    expect((await model.evaluate({ x })).loss).toBe(0);
  });

  it.each<[string, (h: Value) => unknown, string]>([
    [
      "a matrix without rows",
      (h) => ops.matmul(ops.transpose(h), h),
      "adding: the loss that it adds is [5, 5]; needs a scalar, or one number for each row.",
    ],
    ["a number", () => 3, "adding: the loss that it adds is 3; needs a value"],
    ["nothing", () => null, "adding: the loss that it adds is null; needs a value"],
  ])("refuses %s", async (_, make, says) => {
    const error = await rejectionOf(
      (async () => compile(net(adding(make as never)), { loss: "meanSquaredError" }))(),
    );
    expect(error).toBeInstanceOf(ShapeError);
    expect((error as Error).message).toContain(says);
  });

  it("stays in the report where its layer is frozen, and is what it is", async () => {
    const layer = adding((h) => ops.square(h));
    const model = await compile(net(layer), { loss: "meanSquaredError", seed: 1 });
    model.freeze("adding");
    const [report] = await model.fit({ x, y }, { batchSize: 21, epochs: 3 });
    expect(report?.losses?.adding).toBeCloseTo(squares / 105, 5);
    expect(model.weights()["adding/w"]?.data[0]).toBe(1);
  });

  it("refuses a loss that no trained parameter changes", async () => {
    const net = sequential(
      input(5),
      dense(3),
      adding(() => ops.constant(2), "still"),
    );
    const error = await rejectionOf(compile(net, { loss: "meanSquaredError" }));
    expect(error).toBeInstanceOf(GradientError);
    expect((error as Error).message).toContain('the loss of layer "still"');
  });
});
