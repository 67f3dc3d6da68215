/** Normalization beside PyTorch's numbers, which tests/peers/torch/normalization.py writes: values, gradients, training. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compileFunction } from "../../../src/autodiff/index.ts";
import {
  activation,
  batchNorm,
  compile,
  dense,
  flatten,
  groupNorm,
  input,
  instanceNorm,
  type Layer,
  layerNorm,
  rmsNorm,
  sequential,
  sgd,
  type Value,
} from "../../../src/index.ts";
import * as functions from "../../../src/ops/index.ts";

interface Called {
  readonly name: string;
  readonly shape: number[];
  readonly x: number[];
  readonly w: number[];
  readonly y: number[];
  readonly dx: number[];
}

interface Weights {
  readonly kernels: number[][];
  readonly gamma: number[] | null;
  readonly beta: number[] | null;
}

interface Trained {
  readonly name: string;
  readonly shape: number[];
  readonly before: number | null;
  readonly x: number[];
  readonly y: number[];
  readonly start: Weights;
  readonly losses: number[];
  readonly weights: Weights & {
    readonly running_mean: number[] | null;
    readonly running_var: number[] | null;
  };
  readonly predictions: number[];
}

interface Numbers {
  readonly setup: {
    readonly rows: number;
    readonly batchSize: number;
    readonly epochs: number;
    readonly learningRate: number;
    readonly momentum: number;
  };
  readonly functions: Called[];
  readonly trainings: Trained[];
}

const torch = JSON.parse(
  readFileSync(new URL("../../peers/torch/normalization.json", import.meta.url), "utf8"),
) as Numbers;

/** Within 1e−5 of numbers that are about 1. */
function expectNear(found: ArrayLike<number> | undefined, expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length);
  expected.forEach((value, i) => {
    const error = Math.abs((found as ArrayLike<number>)[i]! - value);
    expect(error, `element ${i}: ${found?.[i]} instead of ${value}`).toBeLessThan(
      1e-5 * Math.max(1, Math.abs(value)),
    );
  });
}

const called: Readonly<Record<string, (x: Value) => Value>> = {
  layerNorm: functions.layerNorm,
  layerNormOverTwo: (x) => functions.layerNorm(x, { axis: [1, 2], epsilon: 1e-3 }),
  rmsNorm: functions.rmsNorm,
  batchNorm: functions.batchNorm,
  batchNormOfImages: functions.batchNorm,
  groupNorm: (x) => functions.groupNorm(x, 2),
  groupNormOfImages: (x) => functions.groupNorm(x, 3),
  instanceNorm: functions.instanceNorm,
};

describe("a function", () => {
  it("has each of PyTorch's to be compared with", () => {
    expect(torch.functions.map(({ name }) => name)).toEqual(Object.keys(called));
  });

  it.each(torch.functions)(
    "$name is PyTorch's, and so is its gradient",
    async ({ name, shape, x, w, y, dx }) => {
      const run = await compileFunction(called[name]!, { inputs: shape, gradients: true, seeds: true });
      const { value, gradients } = run(Float32Array.from(x), Float32Array.from(w));
      expectNear(value, y);
      expectNear(gradients, dx);
    },
  );
});

const layers: Readonly<Record<string, () => Layer>> = {
  batchNorm: () => batchNorm({ name: "norm" }),
  batchNormSlow: () => batchNorm({ name: "norm", momentum: 0.99, epsilon: 1e-3 }),
  layerNorm: () => layerNorm({ name: "norm" }),
  rmsNorm: () => rmsNorm({ name: "norm" }),
  groupNorm: () => groupNorm({ name: "norm", groups: 2 }),
  batchNormOfImages: () => batchNorm({ name: "norm" }),
  groupNormOfImages: () => groupNorm({ name: "norm", groups: 2 }),
  instanceNorm: () => instanceNorm({ name: "norm" }),
  instanceNormScaled: () => instanceNorm({ name: "norm", scale: true, center: true }),
};

describe("a layer", () => {
  const { batchSize, epochs, learningRate, momentum } = torch.setup;

  it("has each of PyTorch's to be compared with", () => {
    expect(torch.trainings.map(({ name }) => name)).toEqual(Object.keys(layers));
  });

  it.each(torch.trainings)(
    "$name comes to PyTorch's losses, weights, running statistics and predictions",
    async ({ name, shape, before, x, y, start, losses, weights, predictions }) => {
      const front = before === null ? [] : [dense(before, { name: "front", useBias: false })];
      const net = sequential(
        input(shape),
        ...front,
        layers[name]!(),
        activation("tanh"),
        flatten(),
        dense(2, { name: "back" }),
      );
      const model = await compile(net, {
        loss: "meanSquaredError",
        optimizer: sgd({ learningRate, momentum }),
      });
      const named = (from: Weights) => {
        const kernels = before === null ? ["back/kernel"] : ["front/kernel", "back/kernel"];
        return Object.fromEntries([
          ...kernels.map((key, i) => [key, from.kernels[i]!] as const),
          ...(from.gamma ? [["norm/gamma", from.gamma] as const] : []),
          ...(from.beta ? [["norm/beta", from.beta] as const] : []),
        ]);
      };
      model.setWeights(named(start));
      const found: number[] = [];
      await model.fit(
        { x: Float32Array.from(x), y: Float32Array.from(y) },
        { batchSize, epochs, shuffle: false, onStep: ({ loss }) => void found.push(loss) },
      );
      expectNear(found, losses);
      const after = model.weights();
      const expected = {
        ...named(weights),
        ...(weights.running_mean ? { "norm/movingMean": weights.running_mean } : {}),
        ...(weights.running_var ? { "norm/movingVariance": weights.running_var } : {}),
      };
      for (const [key, values] of Object.entries(expected)) expectNear(after[key]?.data, values);
      expect(Object.keys(after).sort()).toEqual([...Object.keys(expected), "back/bias"].sort());
      expectNear(await model.predict(Float32Array.from(x)), predictions);
    },
  );
});
