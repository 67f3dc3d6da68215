/** Two inputs, two outputs: the price of a house, and whether it is a bargain, from the house and from its place. */
import { describe, expect, it } from "vitest";
import { gradientCheck } from "../../src/autodiff/index.js";
import { adam, compile, concatenate, dense, input, network } from "../../src/index.js";
import { houses, NOISE } from "./houses.js";

/** Prices in hundreds of thousands, features scaled to about 1; a square metre below 3,000 is cheap, from 4,500 on dear. */
function examples(count: number, seed: number) {
  const { features, prices } = houses(count, seed);
  const scaled = features.map(([area, rooms, age, distance, garden]) => ({
    house: [(area as number) / 100 - 1.2, (rooms as number) / 3 - 1.5, (age as number) / 50 - 1],
    place: [(distance as number) / 10 - 1, (garden as number) / 300 - 1],
  }));
  const perArea = prices.map((price, i) => price / (features[i]?.[0] as number));
  return {
    x: { house: scaled.map(({ house }) => house), place: scaled.map(({ place }) => place) },
    y: {
      price: prices.map((price) => [price / 100]),
      kind: perArea.map((price) => (price < 3 ? 0 : price < 4.5 ? 1 : 2)),
    },
  };
}

const net = (width = 32) => {
  const house = input(3);
  const place = input(2);
  const joint = concatenate()(dense(width, "relu")(house), dense(width, "relu")(place));
  const hidden = dense(width, "relu")(dense(width, "relu")(joint));
  return network({
    inputs: { house, place },
    outputs: {
      price: dense(1, { name: "price" })(hidden),
      kind: dense(3, { activation: "softmax", name: "kind" })(hidden),
    },
  });
};

const options = {
  loss: { price: "meanSquaredError", kind: "crossEntropy" },
  lossWeights: { price: 1, kind: 0.3 },
  metrics: { kind: ["accuracy"] },
  seed: 1,
} as const;

/** 1 − Σ (y − f)² / Σ (y − mean)². */
function determination(predicted: ArrayLike<number>, targets: readonly (readonly number[])[]): number {
  const flat = targets.flat();
  const mean = flat.reduce((sum, t) => sum + t, 0) / flat.length;
  const left = flat.reduce((sum, t, i) => sum + (t - (predicted[i] as number)) ** 2, 0);
  return 1 - left / flat.reduce((sum, t) => sum + (t - mean) ** 2, 0);
}

/** Least squares on [features, 1] by the normal equations, in f64: what a linear model of the same features explains. */
function leastSquares(
  x: readonly (readonly number[])[],
  y: readonly number[],
): (row: readonly number[]) => number {
  const rows = x.map((row) => [...row, 1]);
  const n = (rows[0] as number[]).length;
  const system = Array.from({ length: n }, (_, i) => [
    ...Array.from({ length: n }, (_, j) =>
      rows.reduce((sum, row) => sum + (row[i] as number) * (row[j] as number), 0),
    ),
    rows.reduce((sum, row, k) => sum + (row[i] as number) * (y[k] as number), 0),
  ]);
  for (let pivot = 0; pivot < n; pivot++) {
    const top = system[pivot] as number[];
    for (let i = 0; i < n; i++) {
      const row = system[i] as number[];
      const factor = i === pivot ? 0 : (row[pivot] as number) / (top[pivot] as number);
      for (let j = pivot; j <= n; j++) row[j] = (row[j] as number) - factor * (top[j] as number);
    }
  }
  const weights = system.map((row, i) => (row[n] as number) / (row[i] as number));
  return (row) => [...row, 1].reduce((sum, value, i) => sum + value * (weights[i] as number), 0);
}

describe("a network of two inputs and two outputs on houses", () => {
  const train = examples(4000, 1);
  const test = examples(500, 2);

  it("explains at least 98 % of prices and tells 90 % of kinds", async () => {
    const model = await compile(net(), {
      ...options,
      optimizer: adam({ learningRate: (step) => 0.005 / (1 + step / 1000) }),
    });
    const history = await model.fit(train, { epochs: 60, batchSize: 50, validation: test });
    const { price } = await model.predict(test.x);
    const found = determination(price, test.y.price);
    const { kind } = history.at(-1)?.validation.outputs ?? {};
    expect(found).toBeGreaterThanOrEqual(0.98);
    expect(kind?.accuracy).toBeGreaterThanOrEqual(0.9);
    // The noise alone, uniform on ±10, leaves its variance: nothing can explain more.
    const flat = test.y.price.flat();
    const mean = flat.reduce((sum, t) => sum + t, 0) / flat.length;
    const variance = flat.reduce((sum, t) => sum + (t - mean) ** 2, 0) / flat.length;
    expect(found).toBeLessThan(1 - (NOISE / 100) ** 2 / 3 / variance + 0.005);
  });

  it("needs its hidden layers: least squares on the same features explains less than 75 %", () => {
    const joined = ({ x }: typeof train) => x.house.map((row, i) => [...row, ...(x.place[i] as number[])]);
    const fitted = leastSquares(joined(train), train.y.price.flat());
    const found = determination(joined(test).map(fitted), test.y.price);
    expect(found).toBeLessThan(0.75);
  });

  it("has the gradients that differences in f64 give", async () => {
    const few = examples(10, 3);
    const { loss, lossWeights } = options;
    const check = await gradientCheck(net(4), few, { loss, lossWeights });
    expect(check.passed, String(check)).toBe(true);
  });
});
