/** gradientCheck of networks and models: every layer and loss of the library, and what users wire of their own. */
import { describe, expect, it } from "vitest";
import { gradientCheck } from "../../src/autodiff/gradientCheck.ts";
import {
  activation,
  add,
  compile,
  crossEntropy,
  customLayer,
  dense,
  dropout,
  flatten,
  input,
  meanSquaredError,
  network,
  rescale,
  sequential,
} from "../../src/index.ts";
import {
  add as addValues,
  concat,
  constant,
  customGradient,
  matmul,
  mean,
  multiply,
  relu as reluOf,
  square,
  sum,
} from "../../src/ops/index.ts";
import { rowsOf } from "../given/models.ts";

const rows = 6;
const x = rowsOf(rows, 5);
const y = rowsOf(rows, 3, 2);
const classes = [0, 1, 2, 2, 1, 0];
const oneHot = classes.map((label) => [0, 1, 2].map((one) => Number(one === label)));
const yes = oneHot;

describe("gradientCheck of a network passes", () => {
  it.each(["linear", "relu", "sigmoid", "tanh", "exponential", "softmax", "logSoftmax"] as const)(
    "a layer with %s",
    async (name) => {
      const deep = sequential(
        input(5),
        dense(4, "tanh"),
        dense(4, name),
        dense(3),
        activation(name),
        dense(3),
      );
      const check = await gradientCheck(deep, { x, y }, { loss: "meanSquaredError", seed: 3 });
      expect(check.passed, String(check)).toBe(true);
      expect(check.parameters).toHaveLength(8);
    },
  );

  it.each([
    ["meanSquaredError", "linear", y],
    ["sumOfSquares", "linear", y],
    ["crossEntropy", "softmax", classes],
    ["crossEntropy", "linear", oneHot],
    ["binaryCrossEntropy", "sigmoid", yes],
  ] as const)("the loss %s on %s", async (loss, last, target) => {
    const chain = sequential(input(5), dense(4, "tanh"), dense(3, last));
    const check = await gradientCheck(chain, { x, y: target }, { loss });
    expect(check.passed, String(check)).toBe(true);
    expect(check.worst!.error).toBeLessThan(1e-5);
  });

  it("losses as configured and as functions", async () => {
    const chain = sequential(input(5), dense(3));
    for (const loss of [
      meanSquaredError({ reduction: "sum" }),
      crossEntropy({ reduction: "sum" }),
      (prediction: Parameters<typeof square>[0], target: Parameters<typeof square>[0]) =>
        square(multiply(prediction, target)),
    ]) {
      const check = await gradientCheck(chain, { x, y: oneHot }, { loss });
      expect(check.passed, String(check)).toBe(true);
    }
  });

  it("dropout, whose masks are those of the first step", async () => {
    const chain = sequential(
      input(5),
      dense(20, "tanh"),
      dropout(0.5),
      dense(10, "tanh"),
      dropout(0.2),
      dense(3),
    );
    for (const seed of [0, 1, 2]) {
      const check = await gradientCheck(chain, { x, y }, { loss: "meanSquaredError", seed });
      expect(check.passed, String(check)).toBe(true);
    }
  });

  it("images of bytes that are rescaled and flattened", async () => {
    const chain = sequential(input([2, 3, 1]), rescale(1 / 255), flatten(), dense(3, "softmax"));
    const images = Uint8Array.from({ length: rows * 6 }, (_, i) => (i * 67) % 256);
    const check = await gradientCheck(chain, { x: images, y: classes }, { loss: "crossEntropy" });
    expect(check.passed, String(check)).toBe(true);
  });

  it("shared layers, branches and residual connections", async () => {
    const left = input(5);
    const right = input(5);
    const shared = dense(4, { activation: "tanh", name: "shared" });
    const [a, b] = [shared(left), shared(right)];
    const joint = add()(a, b, shared(left));
    const siamese = network({ inputs: { left, right }, outputs: dense(3)(add()(joint, dense(4)(joint))) });
    const check = await gradientCheck(
      siamese,
      { x: { left: x, right: rowsOf(rows, 5, 9) }, y },
      { loss: "meanSquaredError" },
    );
    expect(check.passed, String(check)).toBe(true);
    expect(check.parameters[0]!.name).toBe("shared/kernel");
  });

  it("two outputs with weights of their own", async () => {
    const from = input(5);
    const trunk = dense(4, "tanh")(from);
    const both = network({
      inputs: from,
      outputs: {
        kind: dense(3, { activation: "softmax", name: "kind" })(trunk),
        size: dense(3, { name: "size" })(trunk),
      },
    });
    const check = await gradientCheck(
      both,
      { x, y: { kind: classes, size: y } },
      {
        loss: { kind: "crossEntropy", size: "meanSquaredError" },
        lossWeights: { kind: 0.3 },
      },
    );
    expect(check.passed, String(check)).toBe(true);
    expect(check.parameters).toHaveLength(6);
  });

  it("a custom layer with constants and a loss of its own", async () => {
    const penalized = customLayer({
      kind: "penalized",
      parameters: ([, width]) => ({
        weight: { shape: [width as number, 3] },
        scale: { shape: [3], initializer: 0.5 },
      }),
      build: ([value], { weight, scale }, { addLoss }) => {
        addLoss(multiply(sum(square(weight)), 0.1));
        addLoss(mean(square(value!), { axis: 1 }));
        const table = constant([
          [1, 2, 0],
          [0, 1, -1],
          [2, 0, 1],
        ]);
        return multiply(matmul(matmul(value!, weight), table), addValues(scale, constant([1, 2, 3])));
      },
    });
    const chain = sequential(input(5), dense(4, "tanh"), penalized);
    const check = await gradientCheck(chain, { x, y }, { loss: "meanSquaredError" });
    expect(check.passed, String(check)).toBe(true);
    expect(check.parameters.map(({ name }) => name)).toContain("penalized/scale");
  });

  it("relu, whose kinks it passes over: zeros of the data meet zeros of the bias", async () => {
    const chain = sequential(input(5), dense(8, "relu"), dense(3));
    const zeros = x.map((row, i) => (i < 2 ? row.map(() => 0) : row));
    const check = await gradientCheck(chain, { x: zeros, y }, { loss: "meanSquaredError" });
    expect(check.passed, String(check)).toBe(true);
    const bias = check.parameters.find(({ name }) => name === "dense/bias");
    expect(bias).toMatchObject({ elements: 8, kinks: 8 });
  });
});

describe("gradientCheck of a network", () => {
  const half = customGradient(
    (value) => square(value),
    ([value], _, dy) => [multiply(dy, value)],
  );
  const wrongLayer = (name: string) =>
    customLayer({
      kind: "wrong",
      name,
      parameters: ([, width]) => ({ weight: { shape: [width as number] } }),
      build: ([value], { weight }) => half(multiply(value!, weight)),
    });

  it("finds the parameters before a wrong gradient, and only these", async () => {
    const chain = sequential(
      input(5),
      dense(4, { activation: "tanh", name: "before" }),
      wrongLayer("wrong"),
      dense(3, { name: "after" }),
    );
    const check = await gradientCheck(
      chain,
      { x, y },
      { loss: "meanSquaredError", weights: { "wrong/weight": [1, 2, 3, 4] } },
    );
    expect(check.passed).toBe(false);
    expect(Object.fromEntries(check.parameters.map(({ name, passed }) => [name, passed]))).toEqual({
      "before/kernel": false,
      "before/bias": false,
      "wrong/weight": false,
      "after/kernel": true,
      "after/bias": true,
    });
  });

  it("checks at the weights that it is given", async () => {
    const chain = sequential(input(5), dense(3, { name: "only" }));
    const zeros = { x: rowsOf(rows, 5).map((row) => row.map(() => 0)), y: y.map((row) => row.map(() => 0)) };
    const check = await gradientCheck(chain, zeros, {
      loss: "sumOfSquares",
      weights: { "only/bias": [1, 2, 3] },
    });
    // d ½ Σ (b − 0)² / db = rows · b
    expect(check.worst!.engine / rows).toBe(check.worst!.index[0]! + 1);
    expect(check.passed).toBe(true);
  });

  it("checks a model at its weights, and leaves them alone", async () => {
    const chain = sequential(input(5), dense(4, "tanh"), dropout(0.3), dense(3, "softmax"));
    const model = await compile(chain, { loss: "crossEntropy" });
    await model.fit({ x, y: classes }, { epochs: 3, batchSize: 2 });
    const before = model.weights();
    const check = await gradientCheck(model, { x, y: classes });
    expect(check.passed, String(check)).toBe(true);
    expect(model.weights()).toEqual(before);
  });

  it("leaves out what is frozen", async () => {
    const chain = sequential(input(5), dense(4, { activation: "tanh", trainable: false }), dense(3));
    const check = await gradientCheck(chain, { x, y }, { loss: "meanSquaredError" });
    expect(check.parameters.map(({ name }) => name)).toEqual(["dense_2/kernel", "dense_2/bias"]);
    const model = await compile(sequential(input(5), dense(4, { name: "a" }), dense(3, { name: "b" })), {
      loss: "meanSquaredError",
    });
    model.freeze("b");
    const frozen = await gradientCheck(model, { x, y });
    expect(frozen.parameters.map(({ name }) => name)).toEqual(["a/kernel", "a/bias"]);
  });

  it("finds a parameter whose gradient a rule leaves out", async () => {
    const forgetful = customLayer({
      kind: "forgetful",
      parameters: ([, width]) => ({
        used: { shape: [width as number] },
        hidden: { shape: [width as number], initializer: 1 },
      }),
      build: ([value], { used, hidden }) => {
        const times = customGradient(
          (one) => multiply(one, hidden),
          (_, __, dy) => [multiply(dy, hidden)],
        );
        return times(multiply(value!, used));
      },
    });
    const chain = sequential(input(5), forgetful, dense(3));
    const weights = { "forgetful/used": [1, 2, 3, 4, 5] };
    const check = await gradientCheck(chain, { x, y }, { loss: "meanSquaredError", weights });
    const failed = check.parameters.filter(({ passed }) => !passed).map(({ name }) => name);
    expect(failed).toEqual(["forgetful/hidden"]);
  });

  it("refuses what compile refuses, and data that does not fit", async () => {
    const chain = sequential(input(5), dense(3));
    await expect(gradientCheck(chain, { x, y })).rejects.toThrow("compiled without a loss");
    await expect(gradientCheck(chain, { x, y }, { loss: "mse" as never })).rejects.toThrow('no loss "mse"');
    await expect(gradientCheck(chain, { x, y: [[1]] }, { loss: "meanSquaredError" })).rejects.toThrow(
      "gradientCheck: y",
    );
    const option = { loss: "meanSquaredError", metrics: ["accuracy"] } as never;
    await expect(gradientCheck(chain, { x, y }, option)).rejects.toThrow('there is no option "metrics"');
    const model = await compile(chain, { loss: "meanSquaredError" });
    await expect(gradientCheck(model, { x, y }, { loss: "crossEntropy" } as never)).rejects.toThrow(
      'no option "loss"',
    );
    model.dispose();
    await expect(gradientCheck(model, { x, y })).rejects.toThrow("the model was disposed");
  });

  it("says when the network is so large in f64 that its loss is not finite", async () => {
    const exploding = customLayer({
      kind: "exploding",
      build: ([value]) =>
        concat([value!, reluOf(multiply(value!, constant(Number.POSITIVE_INFINITY)))], { axis: 1 }),
    });
    const chain = sequential(input(5), dense(2), exploding, dense(3));
    await expect(gradientCheck(chain, { x, y }, { loss: "meanSquaredError" })).rejects.toThrow(
      /the loss is (NaN|Infinity) in f64/,
    );
  });
});
