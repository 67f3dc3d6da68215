/** Loops of one's own: steps, updates, copies and predictions that are those of fit and predict. */
import { describe, expect, it } from "vitest";
import {
  adam,
  BusyError,
  batchNorm,
  compile,
  DataError,
  DivergedError,
  dense,
  dropout,
  exponentialMovingAverage,
  input,
  OptionError,
  ShapeError,
  sequential,
  sgd,
  UnsupportedError,
} from "../../../src/index.js";
import { bitsOf, rejectionOf, rowsOf, weightBits } from "../../given/models.js";
import { dataOf, names, networks, ROWS, settings } from "./networks.js";

const BATCH = 5;
const optimizers = {
  "sgd with momentum": () => sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true }),
  "adam with decay": () => adam({ weightDecay: 0.01 }),
  "averages of weights": () => exponentialMovingAverage("adam"),
};
type Optimizer = keyof typeof optimizers;
const options = (name: Optimizer) => ({
  ...settings,
  optimizer: optimizers[name](),
  clipNorm: 0.8,
  clipValue: 0.4,
});

interface Data {
  readonly x: readonly never[];
  readonly y: readonly never[];
}

/** The batches that fit takes of arrays that it does not shuffle. */
const batchesOf = ({ x, y }: Data) =>
  Array.from({ length: Math.ceil(x.length / BATCH) }, (_, i) => ({
    x: x.slice(i * BATCH, (i + 1) * BATCH),
    y: y.slice(i * BATCH, (i + 1) * BATCH),
  }));

describe.each(names)("of %s", (name) => {
  const data = dataOf(name) as unknown as Data;

  // Of the perceptron with each, of the others with one.
  const all = Object.keys(optimizers) as Optimizer[];
  it.each(name === "a perceptron" ? all : all.slice(1, 2))(
    "trainOnBatch, and applyGradients of gradients, make the steps of fit with %s, to the bit",
    async (optimizer) => {
      const make = () => compile(networks[name](), { ...options(optimizer), batchSize: ROWS });
      const [fitted, stepped, applied] = [await make(), await make(), await make()];
      const steps: object[] = [];
      await fitted.fit(data, {
        epochs: 2,
        batchSize: BATCH,
        shuffle: false,
        onStep: ({ epoch, ...step }) => void steps.push(step),
      });
      const reports: object[] = [];
      for (let epoch = 0; epoch < 2; epoch++) {
        for (const batch of batchesOf(data)) {
          const { step, rows, loss, gradientNorm, learningRate } = await stepped.trainOnBatch(batch);
          reports.push({ step, rows, loss, gradientNorm, learningRate });
          const gradients = await applied.gradients(batch, { averages: true });
          const update = await applied.applyGradients(gradients);
          expect(update).toEqual({ step, gradientNorm, learningRate });
        }
      }
      const withoutRate = (all: object[]) => JSON.stringify(all);
      expect(reports).toHaveLength(6);
      expect(JSON.parse(withoutRate(reports))).toEqual(
        steps.map((step) => expect.objectContaining({ ...step })),
      );
      expect(weightBits(stepped)).toEqual(weightBits(fitted));
      expect(weightBits(applied)).toEqual(weightBits(fitted));
      // What the optimizer keeps is the same too: they go on alike.
      for (const model of [fitted, stepped, applied]) await model.fit(data, { epochs: 2, batchSize: BATCH });
      expect(weightBits(stepped)).toEqual(weightBits(applied));
    },
  );

  it("clone goes on to the same bits, for itself", async () => {
    const model = await compile(networks[name](), options("adam with decay"));
    await model.fit(data, { epochs: 2, batchSize: BATCH });
    const copy = await model.clone();
    expect(weightBits(copy)).toEqual(weightBits(model));
    expect(copy.snapshot()).toEqual(model.snapshot());
    const before = weightBits(model);
    await copy.fit(data, { epochs: 2, batchSize: BATCH });
    expect(weightBits(model)).toEqual(before);
    await model.fit(data, { epochs: 2, batchSize: BATCH });
    expect(weightBits(copy)).toEqual(weightBits(model));
  });

  it("predictNow is predict, whatever the plan has room for", async () => {
    const model = await compile(networks[name](), { ...settings, batchSize: 5 });
    expect(model.predictNow(data.x)).toEqual(await model.predict(data.x));
  });
});

describe("a loop of one's own", () => {
  const data = dataOf("a perceptron");

  it("makes the same steps in a worker", async () => {
    const here = await compile(networks["batch normalization"](), options("adam with decay"));
    const there = await compile(networks["batch normalization"](), {
      ...options("adam with decay"),
      worker: true,
    });
    const copy = await there.clone();
    try {
      for (const model of [here, there, copy]) {
        await model.trainOnBatch(data);
        await model.applyGradients(await model.gradients(data, { averages: true }));
        await model.trainOnBatch({ x: data.x.slice(3), y: data.y.slice(3) });
      }
      expect(weightBits(there)).toEqual(weightBits(here));
      expect(weightBits(copy)).toEqual(weightBits(here));
      expect(copy.predictNow(data.x)).toEqual(await there.predict(data.x));
      const refused = await Promise.resolve()
        .then(() => there.predictNow(data.x))
        .catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(UnsupportedError);
      expect(String(refused)).toContain(
        "predictNow: the engine is in a worker, or waits for a family; needs all of it here. Await predict(x), here once.",
      );
    } finally {
      there.dispose();
    }
  });

  it("accumulates gradients by hand as fit does with accumulate, to rounding", async () => {
    const make = () =>
      compile(networks["a perceptron"](), { ...settings, optimizer: sgd({ learningRate: 0.5 }) });
    const [fitted, own] = [await make(), await make()];
    await fitted.fit(data, { batchSize: ROWS, accumulate: 3, shuffle: false });
    const sums = new Map<string, Float32Array>();
    for (let first = 0; first < ROWS; first += 4) {
      const part = { x: data.x.slice(first, first + 4), y: data.y.slice(first, first + 4) };
      for (const [name, { data: gradient }] of Object.entries(await own.gradients(part))) {
        const sum = sums.get(name) ?? new Float32Array(gradient.length);
        sums.set(
          name,
          sum.map((value, i) => value + (gradient[i] as number) / 3),
        );
      }
    }
    await own.applyGradients(Object.fromEntries(sums));
    for (const [name, { data: weights }] of Object.entries(fitted.weights())) {
      weights.forEach((value, i) => expect(own.weights()[name]?.data[i]).toBeCloseTo(value, 6));
    }
  });

  it("leaves averages of batchNorm where they are unless they are given", async () => {
    const model = await compile(networks["batch normalization"](), settings);
    const before = bitsOf(model.weights());
    await model.applyGradients(await model.gradients(data));
    const after = bitsOf(model.weights());
    expect(after["batchNorm/movingMean"]).toEqual(before["batchNorm/movingMean"]);
    expect(after["batchNorm/gamma"]).not.toEqual(before["batchNorm/gamma"]);
    const given = await model.gradients(data, { averages: true });
    expect(Object.keys(given).filter((name) => name.includes("moving"))).toHaveLength(2);
    await model.applyGradients(given);
    expect(bitsOf(model.weights())["batchNorm/movingMean"]).not.toEqual(before["batchNorm/movingMean"]);
  });

  it("trains on what the loss does not depend on as if nothing had been given to it", async () => {
    const make = () =>
      compile(sequential(input(4), dense(3), dense(2, { kernelInitializer: "zeros" })), settings);
    const [one, two] = [await make(), await make()];
    const filled = Object.fromEntries(
      Object.entries(one.weights()).map(([name, { shape, data }]) => [
        name,
        { shape, data: data.map(() => 0) },
      ]),
    );
    await one.applyGradients(filled);
    await two.applyGradients(filled);
    await one.fit(data, { epochs: 2 });
    await two.fit(data, { epochs: 2 });
    expect(weightBits(one)).toEqual(weightBits(two));
  });

  it("moves weights by a share, worked in f64, and averages no more than that", async () => {
    const online = await compile(networks["a perceptron"](), settings);
    const target = await online.clone();
    const start = target.weights();
    await online.fit(data, { epochs: 3 });
    const goal = online.weights();
    await target.moveWeights(goal, 0.25);
    for (const [name, { data: found }] of Object.entries(target.weights())) {
      found.forEach((value, i) => {
        const from = start[name]?.data[i] as number;
        expect(value).toBe(Math.fround(from + 0.25 * ((goal[name]?.data[i] as number) - from)));
      });
    }
    for (const share of [0, 1.5, Number.NaN, "all"]) {
      expect(String(await rejectionOf(target.moveWeights(goal, share as never)))).toContain(
        "needs a number in (0, 1]",
      );
    }
    await target.moveWeights(goal, 1);
    expect(weightBits(target)).toEqual(weightBits(online));
  });

  it("keeps what is frozen in a copy, and when it was unfrozen", async () => {
    const model = await compile(networks["a perceptron"](), options("adam with decay"));
    model.freeze("dense");
    await model.trainOnBatch(data);
    const copy = await model.clone();
    for (const one of [model, copy]) {
      await one.trainOnBatch(data);
      one.unfreeze("dense");
      await one.trainOnBatch(data);
    }
    const late = await model.clone();
    for (const one of [model, copy, late]) await one.trainOnBatch(data);
    expect(weightBits(copy)).toEqual(weightBits(model));
    expect(weightBits(late)).toEqual(weightBits(model));
  });

  it("has reports with the metrics that were asked for", async () => {
    const network = sequential(input(4), dropout(0.1), batchNorm(), dense(3, "softmax"));
    const model = await compile(network, { loss: "crossEntropy", metrics: ["accuracy"] });
    const report = await model.trainOnBatch({ x: rowsOf(6, 4), y: [0, 1, 2, 0, 1, 2] });
    expect(report.accuracy).toBeGreaterThanOrEqual(0);
    expect(report).toMatchObject({ step: 0, rows: 6, learningRate: 0.001 });
  });
});

describe("applyGradients refuses", () => {
  it("gradients of another network, with all that differs, before anything is changed", async () => {
    const model = await compile(networks["a perceptron"](), settings);
    const other = await compile(sequential(input(4), dense(5), dense(2), dense(2)), settings);
    const data = dataOf("a perceptron");
    const before = model.snapshot();
    const error = await rejectionOf(model.applyGradients(await other.gradients(data)));
    expect(error).toBeInstanceOf(ShapeError);
    expect((error as Error).message).toBe(
      'applyGradients: the gradients do not fit this network: "dense/kernel" is [4, 5] in place of [4, 6], "dense/bias" is ' +
        '[5] in place of [6], "dense_2/kernel" is [5, 2] in place of [6, 2], there is no "dense_3/kernel", there is no ' +
        '"dense_3/bias"; needs one for each parameter that is trained, as gradients() of this model gives them. Freeze what ' +
        "is not to change.",
    );
    const good = await model.gradients(data);
    const { "dense/bias": bias, ...rest } = good;
    expect(String(await rejectionOf(model.applyGradients(rest)))).toContain('"dense/bias" is missing');
    const nan = await rejectionOf(
      model.applyGradients({ ...good, "dense/bias": bias?.data.fill(Number.NaN) as never }),
    );
    expect(nan).toBeInstanceOf(DataError);
    expect((nan as Error).message).toContain("applyGradients: dense/bias");
    for (const wrong of [undefined, null, 3, [1], new Float32Array(3)]) {
      expect(await rejectionOf(model.applyGradients(wrong as never))).toBeInstanceOf(OptionError);
    }
    expect(model.snapshot()).toEqual(before);
  });

  it("gradients of what is frozen", async () => {
    const model = await compile(networks["a perceptron"](), settings);
    const gradients = await model.gradients(dataOf("a perceptron"));
    model.freeze("dense_2");
    expect(String(await rejectionOf(model.applyGradients(gradients)))).toContain(
      '"dense_2/kernel" is frozen',
    );
  });

  it("an update beyond what f32 holds, and keeps the last good weights", async () => {
    const model = await compile(networks["a perceptron"](), {
      ...settings,
      optimizer: sgd({ learningRate: 1e30 }),
    });
    const before = model.snapshot();
    const gradients = await model.gradients(dataOf("a perceptron"));
    const huge = Object.fromEntries(
      Object.entries(gradients).map(([name, { shape, data }]) => [
        name,
        { shape, data: data.map(() => 1e15) },
      ]),
    );
    expect(await rejectionOf(model.applyGradients(huge))).toBeInstanceOf(DivergedError);
    expect(model.snapshot()).toEqual(before);
    expect(await rejectionOf(model.trainOnBatch({ x: [[1e15, 1, 1, 1]], y: [[1, 1]] }))).toBeInstanceOf(
      DivergedError,
    );
    expect(model.snapshot()).toEqual(before);
  });
});

describe("steps of one's own", () => {
  it("do not go into each other, nor into fit", async () => {
    const model = await compile(networks["a perceptron"](), settings);
    const data = dataOf("a perceptron");
    const running = model.fit(data, { epochs: 50 });
    expect(String(await rejectionOf(model.trainOnBatch(data)))).toContain(
      "trainOnBatch: the model is in fit; await it",
    );
    expect(await rejectionOf(model.applyGradients({}))).toBeInstanceOf(BusyError);
    await running;
    const both = await Promise.allSettled([model.trainOnBatch(data), model.trainOnBatch(data)]);
    const refused = both.flatMap((one) => (one.status === "rejected" ? [String(one.reason)] : []));
    expect(refused.every((text) => text.includes("the model is in trainOnBatch; await it."))).toBe(true);
    expect(both[0]?.status).toBe("fulfilled");
  });

  it("refuse batches that are none, and options, which there are not", async () => {
    const model = await compile(networks["a perceptron"](), settings);
    const before = model.snapshot();
    for (const wrong of [undefined, [], { x: [[1, 2, 3, 4]] }, { x: [[1]], y: [[1, 2]] }]) {
      expect(await rejectionOf(model.trainOnBatch(wrong as never))).toBeInstanceOf(DataError);
    }
    const more = model.trainOnBatch as (...given: unknown[]) => Promise<unknown>;
    expect(String(await rejectionOf(more(dataOf("a perceptron"), { epochs: 1 })))).toContain("trainOnBatch");
    expect(model.snapshot()).toEqual(before);
  });
});
