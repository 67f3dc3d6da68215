/** Layers: what they compute against f64, where their weights start, and what training changes about them. */
import { describe, expect, it } from "vitest";
import {
  type ActivationName,
  activation,
  compile,
  dense,
  dropout,
  flatten,
  type InitializerName,
  input,
  type Layer,
  rescale,
  sequential,
  sgd,
} from "../../src/index.js";
import { numbers, rowsOf } from "../given/models.js";
import { distribution } from "../ops/cases/activations.ts";

const x = rowsOf(9, 5, 11).map((row) => row.map((value) => 4 * value));
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));

/** Each activation of a row in f64. */
const inF64: Record<ActivationName, (row: readonly number[]) => number[]> = {
  linear: (row) => [...row],
  relu: (row) => row.map((z) => Math.max(z, 0)),
  leakyRelu: (row) => row.map((z) => (z > 0 ? z : 0.01 * z)),
  elu: (row) => row.map((z) => (z > 0 ? z : Math.expm1(z))),
  selu: (row) => row.map((z) => 1.0507009873554805 * (z > 0 ? z : 1.6732632423543772 * Math.expm1(z))),
  celu: (row) => row.map((z) => (z > 0 ? z : Math.expm1(z))),
  gelu: (row) => row.map((z) => z * distribution(z)),
  geluTanh: (row) =>
    row.map((z) => (z / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (z + 0.044715 * z ** 3)))),
  silu: (row) => row.map((z) => z * sigmoid(z)),
  swish: (row) => row.map((z) => z * sigmoid(z)),
  mish: (row) => row.map((z) => z * Math.tanh(Math.log1p(Math.exp(z)))),
  softplus: (row) => row.map((z) => Math.log1p(Math.exp(z))),
  softsign: (row) => row.map((z) => z / (1 + Math.abs(z))),
  hardSigmoid: (row) => row.map((z) => Math.min(Math.max(z + 3, 0), 6) / 6),
  hardSwish: (row) => row.map((z) => (z * Math.min(Math.max(z + 3, 0), 6)) / 6),
  hardTanh: (row) => row.map((z) => Math.min(Math.max(z, -1), 1)),
  relu6: (row) => row.map((z) => Math.min(Math.max(z, 0), 6)),
  sigmoid: (row) => row.map(sigmoid),
  tanh: (row) => row.map(Math.tanh),
  exponential: (row) => row.map(Math.exp),
  softmax: (row) => row.map((z) => Math.exp(z) / sum(row.map(Math.exp))),
  logSoftmax: (row) => row.map((z) => z - Math.log(sum(row.map(Math.exp)))),
};

async function outputOf(...layers: Layer[]): Promise<number[]> {
  const model = await compile(sequential(input(5), ...layers), { seed: 2 });
  return [...(await model.predict(x))];
}

function expectNear(found: readonly number[], expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length);
  found.forEach((value, i) => {
    const right = expected[i] as number;
    expect(Math.abs(value - right)).toBeLessThan(2e-6 * Math.max(1, Math.abs(right)));
  });
}

describe("activations", () => {
  it.each(Object.keys(inF64) as ActivationName[])(
    "%s is what f64 makes of it, alone and in dense",
    async (name) => {
      expectNear(await outputOf(activation(name)), x.flatMap(inF64[name]));
      const network = sequential(input(5), dense(4, name));
      const model = await compile(network, { seed: 3 });
      const { "dense/kernel": kernel } = model.weights();
      const bias = [0.5, -0.25, 0, 2];
      model.setWeights({ "dense/bias": bias });
      const product = x.map((row) =>
        bias.map((b, j) => b + sum(row.map((value, i) => value * (kernel?.data[i * 4 + j] as number)))),
      );
      expectNear([...(await model.predict(x))], product.flatMap(inF64[name]));
    },
  );
});

describe("dense", () => {
  it("works on every time step of [rows, time, features] with the same weights", async () => {
    const kernel = numbers(3 * 2, 5);
    const network = sequential(input([4, 3]), dense(2, { useBias: false }));
    const model = await compile(network);
    model.setWeights({ "dense/kernel": kernel });
    expect(network.outputs[0]!.shape.slice(1)).toEqual([4, 2]);
    const steps = rowsOf(8, 3, 6);
    const expected = steps.flatMap((row) =>
      [0, 1].map((j) => sum(row.map((value, i) => value * (kernel[i * 2 + j] as number)))),
    );
    expectNear([...(await model.predict([steps.slice(0, 4), steps.slice(4)]))], expected);
  });

  it("trains on [rows, time, features] as on as many rows", async () => {
    const [rows, targets] = [rowsOf(8, 3, 6), rowsOf(8, 2, 7)];
    const options = { loss: "meanSquaredError", optimizer: sgd({ learningRate: 0.5 }), seed: 1 } as const;
    const inTime = await compile(sequential(input([4, 3]), dense(2)), options);
    const flat = await compile(sequential(input(3), dense(2)), options);
    await inTime.fit({ x: [rows.slice(0, 4), rows.slice(4)], y: [targets.slice(0, 4), targets.slice(4)] });
    await flat.fit({ x: rows, y: targets });
    const kernels = [inTime, flat].map((model) => [...(model.weights()["dense/kernel"]?.data ?? [])]);
    expectNear(kernels[0] as number[], kernels[1] as number[]);
  });

  it("may be without bias", async () => {
    const model = await compile(sequential(input(5), dense(4, { useBias: false })));
    expect(Object.keys(model.weights())).toEqual(["dense/kernel"]);
    expect([...(await model.predict([[0, 0, 0, 0, 0]]))]).toEqual([0, 0, 0, 0]);
  });
});

describe("initializers", () => {
  const FAN_IN = 40;
  const FAN_OUT = 60;

  it.each<[InitializerName, number, number]>([
    ["glorotUniform", -Math.sqrt(6 / (FAN_IN + FAN_OUT)), Math.sqrt(6 / (FAN_IN + FAN_OUT))],
    ["heUniform", -Math.sqrt(6 / FAN_IN), Math.sqrt(6 / FAN_IN)],
    ["lecunUniform", -Math.sqrt(3 / FAN_IN), Math.sqrt(3 / FAN_IN)],
    ["uniform", -1, 1],
    ["zeros", 0, 0],
    ["ones", 1, 1],
  ])("%s fills a kernel and a bias evenly from %f to %f", async (name, low, high) => {
    const layer = dense(FAN_OUT, { kernelInitializer: name, biasInitializer: name });
    const model = await compile(sequential(input(FAN_IN), layer), { seed: 1 });
    const { "dense/kernel": kernel, "dense/bias": bias } = model.weights();
    for (const values of [kernel?.data as Float32Array, bias?.data as Float32Array]) {
      expect(Math.min(...values)).toBeGreaterThanOrEqual(Math.fround(low));
      expect(Math.max(...values)).toBeLessThanOrEqual(Math.fround(high));
    }
    const values = [...(kernel?.data ?? [])];
    expect(values).toHaveLength(FAN_IN * FAN_OUT);
    const mean = sum(values) / values.length;
    const variance = sum(values.map((value) => (value - mean) ** 2)) / values.length;
    const width = high - low;
    // Within five standard errors of the mean and of the variance of a uniform distribution.
    expect(Math.abs(mean - (low + high) / 2)).toBeLessThanOrEqual(
      5 * (width / Math.sqrt(12 * values.length)) + 1e-9,
    );
    expect(Math.abs(variance - width ** 2 / 12)).toBeLessThanOrEqual(
      (5 * width ** 2 * Math.sqrt(1 / 180)) / Math.sqrt(values.length) + 1e-9,
    );
  });

  it("are heUniform before a ReLU, else glorotUniform, and zeros for the bias, unless told otherwise", async () => {
    const kernelOf = async (layer: Layer) =>
      (await compile(sequential(input(9), layer), { seed: 1 })).weights();
    const same = async (a: Layer, b: Layer) => expect(await kernelOf(a)).toEqual(await kernelOf(b));
    await same(dense(4, "relu"), dense(4, { activation: "relu", kernelInitializer: "heUniform" }));
    await same(dense(4, "tanh"), dense(4, { activation: "tanh", kernelInitializer: "glorotUniform" }));
    await same(dense(4), dense(4, { biasInitializer: "zeros" }));
    expect(await kernelOf(dense(4, "relu"))).not.toEqual(await kernelOf(dense(4, "tanh")));
  });

  it("give each layer numbers of its own", async () => {
    const model = await compile(sequential(input(6), dense(6), dense(6)), { seed: 1 });
    const { "dense/kernel": first, "dense_2/kernel": second } = model.weights();
    expect(first?.data).not.toEqual(second?.data);
  });
});

describe("flatten and rescale", () => {
  it("flatten keeps the numbers and joins the axes", async () => {
    const network = sequential(input([2, 3, 2]), flatten());
    expect(network.outputs[0]!.shape.slice(1)).toEqual([12]);
    const row = numbers(12);
    const model = await compile(network);
    expect([...(await model.predict(Float32Array.from(row)))]).toEqual(row);
  });

  it("rescale is scale · x + offset, of bytes and floats, first or later", async () => {
    const bytes = Uint8Array.from([0, 1, 127, 128, 255]);
    const expected = [...bytes].map((byte) => byte * Math.fround(1 / 127.5) - 1);
    for (const given of [bytes, Float32Array.from(bytes)]) {
      const first = await compile(sequential(input(5), rescale(1 / 127.5, { offset: -1 })));
      expectNear([...(await first.predict(given))], expected);
      const later = await compile(
        sequential(input(5), activation("relu"), rescale(1 / 127.5, { offset: -1 })),
      );
      expectNear([...(await later.predict(given))], expected);
    }
  });
});

describe("dropout", () => {
  const RATE = 0.3;
  const ROWS = 50;
  const FEATURES = 40;

  /** Trained one step at rate 1 on ½ Σ (w · dropped(1) − 0)² … whose gradient at w = 1 shows each feature's survivors. */
  async function survivors(seed: number, epochs = 1): Promise<number[]> {
    const network = sequential(input(FEATURES), dropout(RATE), dense(1, { useBias: false }));
    const model = await compile(network, { loss: "sumOfSquares", optimizer: sgd({ learningRate: 1 }), seed });
    const kept: number[] = [];
    for (let epoch = 0; epoch < epochs; epoch++) {
      model.setWeights({ "dense/kernel": new Float32Array(FEATURES) });
      // At w = 0 the output is 0, so with target −1 the gradient of w_j is the sum over rows of the dropped x_j.
      await model.fit(
        { x: new Float32Array(ROWS * FEATURES).fill(1), y: new Float32Array(ROWS).fill(-1) },
        { batchSize: ROWS },
      );
      kept.push(...(model.weights()["dense/kernel"]?.data ?? []));
    }
    return kept.map((value) => -value * (1 - RATE));
  }

  it("keeps the rest of each feature, scaled up by 1 / (1 − rate), while it trains", async () => {
    const kept = await survivors(1);
    for (const count of kept) {
      expect(Math.abs(count - Math.round(count))).toBeLessThan(1e-4);
      expect(count).toBeLessThan(ROWS + 0.5);
    }
    const share = sum(kept) / (ROWS * FEATURES);
    // Five standard errors of a share of 2000 draws.
    expect(Math.abs(share - (1 - RATE))).toBeLessThan(5 * Math.sqrt((RATE * (1 - RATE)) / (ROWS * FEATURES)));
    expect(new Set(kept.map(Math.round)).size).toBeGreaterThan(3);
  });

  it("draws anew at each step and for each seed, and again the same for the same", async () => {
    const two = await survivors(1, 2);
    expect(two.slice(0, FEATURES)).not.toEqual(two.slice(FEATURES));
    expect(await survivors(1, 2)).toEqual(two);
    expect(await survivors(2)).not.toEqual(two.slice(0, FEATURES));
  });

  it("does nothing in predict and evaluate", async () => {
    const dropped = await outputOf(dropout(0.9));
    expect(dropped).toEqual(x.flat().map(Math.fround));
    const model = await compile(sequential(input(5), dropout(0.9)), { loss: "meanSquaredError" });
    expect((await model.evaluate({ x, y: x })).loss).toBe(0);
  });

  it("of rate 0 changes no bit", async () => {
    const train = async (...layers: Layer[]) => {
      const model = await compile(sequential(input(5), ...layers, dense(2, { name: "out" })), {
        loss: "meanSquaredError",
        seed: 1,
      });
      await model.fit({ x, y: rowsOf(9, 2) }, { epochs: 3 });
      return model.weights();
    };
    expect(await train(dropout(0))).toEqual(await train());
  });
});
