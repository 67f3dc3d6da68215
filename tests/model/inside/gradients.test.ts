/** model.gradients: laws that hold for any network, and what is refused. */
import { describe, expect, it } from "vitest";
import {
  batchNorm,
  compile,
  DataError,
  DisposedError,
  dense,
  dropout,
  input,
  meanSquaredError,
  OptionError,
  OutOfMemoryError,
  sequential,
  sgd,
} from "../../../src/index.js";
import { bitsOf, rejectionOf, rowsOf, weightBits } from "../../given/models.js";
import { dataOf, names, networks, settings } from "./networks.js";

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));

describe("gradients", () => {
  it("are the chain rule's, worked in f64, at every place of a network of one unit a layer", async () => {
    const model = await compile(
      sequential(
        input(1),
        dense(1, { activation: "sigmoid", name: "hidden" }),
        dense(1, { activation: "tanh", name: "output" }),
      ),
      { loss: "meanSquaredError" },
    );
    const [w1, b1, w2, b2, x, t] = [0.5, -0.25, 0.75, 0.125, 2, 0.5];
    model.setWeights({
      "hidden/kernel": [w1],
      "hidden/bias": [b1],
      "output/kernel": [w2],
      "output/bias": [b2],
    });
    const h = sigmoid(w1 * x + b1);
    const y = Math.tanh(w2 * h + b2);
    const dy = 2 * (y - t);
    const dz = dy * (1 - y * y);
    const dh = dz * w2;
    const da = dh * h * (1 - h);
    const expected = {
      output: dy,
      "output/preActivation": dz,
      "output/kernel": dz * h,
      "output/bias": dz,
      hidden: dh,
      "hidden/preActivation": da,
      "hidden/kernel": da * x,
      "hidden/bias": da,
      input: da * w1,
    };
    const found = await model.gradients({ x: [[x]], y: [[t]] }, { of: Object.keys(expected) });
    for (const [name, value] of Object.entries(expected)) {
      expect(Math.abs((found[name]?.data[0] as number) - value), name).toBeLessThan(2e-7);
    }
  });

  it.each(names)("by themselves, of %s, are named and shaped as weights() has them", async (name) => {
    const model = await compile(networks[name](), settings);
    const found = await model.gradients(dataOf(name));
    const trained = Object.entries(model.weights()).filter(([key]) => !/moving/.test(key));
    expect(Object.entries(found).map(([key, { shape }]) => [key, shape])).toEqual(
      trained.map(([key, { shape }]) => [key, shape]),
    );
  });

  it.each(names)("of %s change nothing and repeat to the bit", async (name) => {
    const model = await compile(networks[name](), settings);
    const twin = await compile(networks[name](), settings);
    const data = dataOf(name);
    const before = weightBits(model);
    const first = bitsOf(await model.gradients(data));
    expect(bitsOf(await model.gradients(data))).toEqual(first);
    expect(weightBits(model)).toEqual(before);
    await model.fit(data, { epochs: 2 });
    await twin.fit(data, { epochs: 2 });
    expect(weightBits(model)).toEqual(weightBits(twin));
  });

  it("of parts add up to those of all rows, of a mean by rows and of a sum as they are", async () => {
    const data = { x: rowsOf(11, 4), y: rowsOf(11, 2, 3) };
    for (const loss of [meanSquaredError(), meanSquaredError({ reduction: "sum" })]) {
      const model = await compile(networks["a perceptron"](), { ...settings, loss });
      const of = ["dense/kernel", "dense_2/bias", "dense", "input"] as const;
      const whole = await model.gradients(data, { of });
      const parts = await model.gradients(data, { of, batchSize: 4 });
      const batches = await model.gradients(
        () => [
          { x: data.x.slice(0, 3), y: data.y.slice(0, 3) },
          { x: data.x.slice(3), y: data.y.slice(3) },
        ],
        { of },
      );
      for (const name of of) {
        expect(parts[name].shape).toEqual(whole[name].shape);
        expect(batches[name].shape).toEqual(whole[name].shape);
        whole[name].data.forEach((value, i) => {
          expect(parts[name].data[i]).toBeCloseTo(value, 6);
          expect(batches[name].data[i]).toBeCloseTo(value, 6);
        });
      }
    }
  });

  it("weigh rows: those of weight 0 count for nothing, and have no gradient", async () => {
    const model = await compile(networks["a perceptron"](), settings);
    const data = { x: rowsOf(4, 4), y: rowsOf(4, 2, 3) };
    const sampleWeight = [1, 0, 1, 0];
    const found = await model.gradients({ ...data, sampleWeight }, { of: ["dense/kernel", "input"] });
    const kept = (rows: number[][]) => rows.filter((_, i) => i % 2 === 0);
    const half = await model.gradients(
      { x: kept(data.x), y: kept(data.y) },
      { of: ["dense/kernel", "input"] },
    );
    // A mean is over all rows, whatever they weigh.
    half["dense/kernel"].data.forEach((value, i) => {
      expect(found["dense/kernel"].data[i]).toBeCloseTo(value / 2, 6);
    });
    expect([...found.input.data.subarray(4, 8)]).toEqual([0, 0, 0, 0]);
  });

  it("are of the next step's random numbers in training, and of none without", async () => {
    const model = await compile(sequential(input(4), dropout(0.5), dense(2)), settings);
    const data = dataOf("a perceptron");
    const first = await model.gradients(data);
    const still = await model.gradients(data, { training: false });
    expect(bitsOf(first)).not.toEqual(bitsOf(still));
    await model.trainOnBatch(data);
    model.setWeights((await compile(sequential(input(4), dropout(0.5), dense(2)), settings)).weights());
    expect(bitsOf(await model.gradients(data))).not.toEqual(bitsOf(first));
    expect(bitsOf(await model.gradients(data, { training: false }))).toEqual(bitsOf(still));
  });

  it("of what the loss does not depend on are zeros", async () => {
    const from = input(3);
    const model = await compile(
      sequential(from, dense(2, { name: "first" }), dense(1, { kernelInitializer: "zeros" })),
      {
        loss: "meanSquaredError",
      },
    );
    const { first } = await model.gradients({ x: rowsOf(2, 3), y: rowsOf(2, 1) }, { of: ["first"] });
    expect([...first.data]).toEqual([0, 0, 0, 0]);
  });

  it("go by frozen layers to those before them, and leave what is frozen out", async () => {
    const model = await compile(networks["a perceptron"](), settings);
    const data = dataOf("a perceptron");
    const before = await model.gradients(data, { of: ["dense/kernel"] });
    model.freeze("dense_2");
    expect(Object.keys(await model.gradients(data))).toEqual(["dense/kernel", "dense/bias"]);
    const after = await model.gradients(data, { of: ["dense/kernel", "dense_2"] });
    expect(bitsOf({ kernel: after["dense/kernel"] })).toEqual(bitsOf({ kernel: before["dense/kernel"] }));
  });

  it("may be asked for while fit runs, and in a worker's model, to the same bits", async () => {
    const data = dataOf("a perceptron");
    const model = await compile(networks["a perceptron"](), settings);
    const remote = await compile(networks["a perceptron"](), { ...settings, worker: true });
    try {
      const expected = bitsOf(await model.gradients(data));
      expect(bitsOf(await remote.gradients(data))).toEqual(expected);
      const pending: Promise<unknown>[] = [];
      const twin = await model.clone();
      await model.fit(data, { epochs: 3, onEpoch: () => void pending.push(model.gradients(data)) });
      await Promise.all(pending);
      await twin.fit(data, { epochs: 3 });
      expect(weightBits(model)).toEqual(weightBits(twin));
    } finally {
      remote.dispose();
    }
  });
});

describe("gradients refuse", () => {
  const data = { x: rowsOf(3, 4), y: rowsOf(3, 2) };
  const frozen = async () => {
    const network = sequential(
      input(4),
      dense(3, { name: "hidden" }),
      batchNorm(),
      dense(2, { name: "out" }),
    );
    const model = await compile(network, { loss: "meanSquaredError" });
    model.freeze("hidden");
    return model;
  };
  const wrong = (value: unknown) => value as never;

  it.each<[string, object, string]>([
    [
      "a frozen parameter",
      { of: ["hidden/kernel"] },
      'gradients: "hidden/kernel" is frozen; needs a parameter that is trained. Call unfreeze("hidden/kernel") before, or leave it out.',
    ],
    [
      "an unknown layer",
      { of: ["hiden"] },
      'gradients: there is no parameter, layer or input "hiden". Did you mean "hidden"?',
    ],
    [
      "a running average",
      { of: ["batchNorm/movingMean"] },
      '"batchNorm/movingMean" is a running average, which has no gradient',
    ],
    [
      "what a layer without activation gives to it",
      { of: ["batchNorm/preActivation"] },
      'the layer "batchNorm" has no activation of its own; needs one that has, as dense and activation do. Take "batchNorm".',
    ],
    ["no names", { of: [] }, "gradients: of is an array of 0; needs an array of names"],
    ["one name alone", { of: "hidden" }, 'gradients: of is "hidden"; needs an array of names'],
    ["a list with holes", { of: new Array(2) }, "there is no parameter, layer or input undefined"],
    ["a misspelled option", { trainning: true }, 'Did you mean "training"?'],
    ["a batch of nothing", { batchSize: 0 }, "batchSize is 0; needs an integer of at least 1"],
  ])("%s", async (_, options, text) => {
    const error = await rejectionOf((await frozen()).gradients(data, wrong(options)));
    expect(error).toBeInstanceOf(OptionError);
    expect((error as Error).message).toContain(text);
  });

  it("data without targets, and targets that do not fit", async () => {
    const model = await frozen();
    const without = await rejectionOf(model.gradients({ x: data.x }));
    expect(without).toBeInstanceOf(DataError);
    expect((without as Error).message).toContain("gradients: y: is undefined; needs an array");
    const few = await rejectionOf(model.gradients({ x: data.x, y: rowsOf(2, 2) }));
    expect((few as Error).message).toContain("x has 3 rows and y has 2");
  });

  it("a model without a loss, and one that was disposed", async () => {
    const plain = await compile(sequential(input(4), dense(2)));
    expect((await rejectionOf(plain.gradients(data))) as Error).toMatchObject({
      message: expect.stringContaining("gradients: the network was compiled without a loss"),
    });
    const model = await frozen();
    model.dispose();
    expect(await rejectionOf(model.gradients(data))).toBeInstanceOf(DisposedError);
  });

  it("a layer that the loss does not go through, and name the one to take", async () => {
    const model = await compile(sequential(input(4), dense(3, { activation: "softmax", name: "out" })), {
      loss: "crossEntropy",
      optimizer: sgd(),
    });
    const labels = { x: data.x, y: [0, 1, 2] };
    const error = await rejectionOf(model.gradients(labels, { of: ["out"] }));
    expect((error as Error).message).toBe(
      'gradients: the loss does not go through "out": it is worked from the logits, which is stable; needs what is before ' +
        'its activation. Take "out/preActivation", which it is worked from.',
    );
    // δ = (softmax − target) / rows, the textbooks' (Bishop 2006, eq. 4.109).
    const { "out/preActivation": delta } = await model.gradients(labels, { of: ["out/preActivation"] });
    const probabilities = await model.predict(data.x);
    delta.data.forEach((value, i) => {
      const hit = labels.y[Math.floor(i / 3)] === i % 3 ? 1 : 0;
      expect(value).toBeCloseTo(((probabilities[i] as number) - hit) / 3, 6);
    });
  });

  it("more rows than the limit of the memory has room for, in one go", async () => {
    const model = await compile(sequential(input(4), dense(2)), {
      loss: "meanSquaredError",
      memoryLimit: 300_000,
    });
    const many = { x: rowsOf(20_000, 4), y: rowsOf(20_000, 2) };
    const error = await rejectionOf(model.gradients(many));
    expect(error).toBeInstanceOf(OutOfMemoryError);
    expect((error as Error).message).toContain("Give a smaller batchSize, or raise memoryLimit");
    const parts = await model.gradients(many, { batchSize: 500 });
    expect(parts["dense/kernel"]?.data.every(Number.isFinite)).toBe(true);
  });

  it("a signal that has aborted, with its reason", async () => {
    const model = await frozen();
    const signal = AbortSignal.abort(new Error("enough"));
    expect(await rejectionOf(model.gradients(data, { signal }))).toBe(signal.reason);
  });
});
