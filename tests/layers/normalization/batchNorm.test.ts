/** Batch normalization: by what it normalizes when, what its running averages follow, and how it freezes. */
import { describe, expect, it } from "vitest";
import { gradientCheck } from "../../../src/autodiff/gradientCheck.ts";
import {
  adam,
  batchNorm,
  compile,
  dense,
  flatten,
  input,
  type Model,
  network,
  OptionError,
  ShapeError,
  sequential,
  sgd,
} from "../../../src/index.ts";
import { rowsOf, weightBits } from "../../given/models.ts";

const rows = 12;
const x = rowsOf(rows, 3, 5);
const y = rowsOf(rows, 2, 6);
const data = { x, y };

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const columns = (some: readonly (readonly number[])[]) =>
  some[0]!.map((_, column) => some.map((row) => row[column]!));
const means = (some: readonly (readonly number[])[]) => columns(some).map(mean);
/** Σ (x − mean)² / max(n − 1, 1) of each column. */
const variances = (some: readonly (readonly number[])[]) =>
  columns(some).map(
    (column) =>
      (mean(column.map((value) => (value - mean(column)) ** 2)) * column.length) /
      Math.max(column.length - 1, 1),
  );

/** The first layer normalizes, so that its statistics are those of the data. */
const net = (options = {}) => sequential(input(3), batchNorm({ name: "norm", ...options }), dense(2));
const settings = { loss: "meanSquaredError", optimizer: sgd({ learningRate: 0.1 }), seed: 3 } as const;

const averages = (model: Model) => {
  const { "norm/movingMean": center, "norm/movingVariance": variance } = model.weights();
  return { mean: [...center!.data], variance: [...variance!.data] };
};

function expectNear(found: ArrayLike<number>, expected: readonly number[], tolerance = 1e-6): void {
  expect(found).toHaveLength(expected.length);
  expected.forEach((value, i) => {
    expect(Math.abs(found[i]! - value), `${found[i]} instead of ${value}`).toBeLessThan(tolerance);
  });
}

describe("the running averages", () => {
  it("start at mean 0 and variance 1, and move by 1 − momentum of the way to each step's statistics", async () => {
    const model = await compile(net({ momentum: 0.75 }), settings);
    expect(averages(model)).toEqual({ mean: [0, 0, 0], variance: [1, 1, 1] });
    await model.fit(data, { batchSize: 5, shuffle: false });
    let expected = { mean: [0, 0, 0], variance: [1, 1, 1] };
    for (const batch of [x.slice(0, 5), x.slice(5, 10), x.slice(10)]) {
      const moved = (from: number[], to: number[]) => from.map((one, i) => 0.75 * one + 0.25 * to[i]!);
      expected = {
        mean: moved(expected.mean, means(batch)),
        variance: moved(expected.variance, variances(batch)),
      };
    }
    expectNear(averages(model).mean, expected.mean);
    expectNear(averages(model).variance, expected.variance);
  });

  it("are as near where the features lie a million deviations from 0", async () => {
    const far = x.map((row) => row.map((value) => Math.fround(1e4 + 0.01 * value)));
    const model = await compile(net({ momentum: 0 }), settings);
    await model.fit({ x: far, y }, { batchSize: rows });
    const found = averages(model);
    expectNear(found.mean, means(far), 5e-4);
    variances(far).forEach((variance, i) => {
      expect(Math.abs(found.variance[i]! / variance - 1)).toBeLessThan(1e-5);
    });
  });

  it("follow the mean of what micro-batches find", async () => {
    const model = await compile(net({ momentum: 0 }), settings);
    await model.fit(data, { batchSize: rows, accumulate: 3, shuffle: false });
    const parts = [x.slice(0, 4), x.slice(4, 8), x.slice(8)];
    expectNear(averages(model).mean, means(x));
    expectNear(averages(model).variance, means(parts.map(variances)));
  });

  it("follow the mean of what the uses of a shared layer find", async () => {
    const norm = batchNorm({ name: "norm", momentum: 0 });
    const a = input(3);
    const b = input(3);
    const shared = network({ inputs: { a, b }, outputs: { a: dense(1)(norm(a)), b: dense(1)(norm(b)) } });
    const model = await compile(shared, {
      loss: { a: "meanSquaredError", b: "meanSquaredError" },
    });
    const other = rowsOf(rows, 3, 9).map((row) => row.map((value) => 3 * value + 1));
    const target = y.map(([first]) => [first!]);
    await model.fit({ x: { a: x, b: other }, y: { a: target, b: target } }, { batchSize: rows });
    const { "norm/movingMean": center, "norm/movingVariance": variance } = model.weights();
    expectNear(center!.data, means([means(x), means(other)]));
    expectNear(variance!.data, means([variances(x), variances(other)]));
  });

  it("are those of all positions of a channel", async () => {
    const images = sequential(input([2, 3]), batchNorm({ name: "norm", momentum: 0 }), flatten(), dense(2));
    const model = await compile(images, settings);
    await model.fit(
      { x: Array.from({ length: 6 }, (_, i) => x.slice(2 * i, 2 * i + 2)), y: y.slice(0, 6) },
      { batchSize: 6 },
    );
    expectNear(averages(model).mean, means(x));
    expectNear(averages(model).variance, variances(x));
  });

  it("stay as they are in a step of one row, which has no variance, and the row itself becomes beta", async () => {
    const model = await compile(net({ momentum: 0, betaInitializer: "ones" }), settings);
    model.setWeights({ "dense/kernel": [1, 0, 0, 1, 0, 0] });
    const reports = await model.fit({ x: [x[0]!], y: [[3, 5]] });
    // dense([1, 1, 1]) is [1, 1]: the mean of 2² and 4².
    expect(reports[0]!.loss).toBeCloseTo(10, 5);
    expect(averages(model).mean).toEqual([0, 0, 0]);
    expect(averages(model).variance).toEqual([1, 1, 1]);
  });

  it("stay as they are where the last step of an epoch has one row: an evaluation does not explode", async () => {
    const model = await compile(net({}), settings);
    const one = { x: x.slice(0, 9), y: y.slice(0, 9) };
    await model.fit(one, { epochs: 200, batchSize: 8, onWarning: false });
    for (const variance of averages(model).variance) expect(variance).toBeGreaterThan(1e-3);
    expect((await model.evaluate(one)).loss).toBeLessThan(10);
  });

  it("stay as they are in evaluate and predict, where a row does not depend on the others", async () => {
    const model = await compile(net(), settings);
    await model.fit(data, { batchSize: 4 });
    const before = weightBits(model);
    await model.evaluate(data);
    const all = await model.predict(x);
    const alone = await Promise.all(x.map((row) => model.predict([row])));
    expect(alone.flatMap((row) => [...row])).toEqual([...all]);
    expect(weightBits(model)).toEqual(before);
  });

  it("normalize in predict: gamma · (x − mean) / √(variance + epsilon) + beta", async () => {
    const model = await compile(sequential(input(3), batchNorm({ name: "norm", epsilon: 0.5 })));
    const [gamma, beta, center, variance] = [
      [1, 2, -1],
      [0.5, 0, 3],
      [0.25, -1, 2],
      [4, 0, 1],
    ] as const;
    model.setWeights({
      "norm/gamma": gamma,
      "norm/beta": beta,
      "norm/movingMean": center,
      "norm/movingVariance": variance,
    });
    const expected = x.flatMap((row) =>
      row.map((value, i) => (gamma[i]! * (value - center[i]!)) / Math.sqrt(variance[i]! + 0.5) + beta[i]!),
    );
    expectNear(await model.predict(x), expected, 2e-6);
  });

  it("are as before the step after a divergence", async () => {
    const model = await compile(net({ momentum: 0.5 }), settings);
    await model.fit(data, { batchSize: rows });
    const before = weightBits(model);
    const huge = x.map((row) => row.map((value) => value * 1e38));
    await expect(model.fit({ x: huge, y: y.map((row) => row.map(() => 1e15)) })).rejects.toThrow("diverged");
    expect(weightBits(model)).toEqual(before);
  });
});

describe("frozen", () => {
  const inFront = (trainable: boolean) =>
    sequential(input(3), dense(4, { name: "front" }), batchNorm({ name: "norm", trainable }), dense(2));

  it("it normalizes by the running averages in training too, and nothing of it moves", async () => {
    const model = await compile(inFront(false), settings);
    const [center, variance] = [
      [0.5, -1, 0, 2],
      [4, 1, 0.25, 9],
    ];
    model.setWeights({
      "norm/movingMean": center,
      "norm/movingVariance": variance,
      "norm/gamma": [1, 2, 3, 4],
    });
    const { loss: expected } = await model.evaluate(data);
    const before = weightBits(model);
    const [report] = await model.fit(data, { batchSize: rows });
    expect(report!.loss).toBe(expected);
    const after = weightBits(model);
    for (const name of ["gamma", "beta", "movingMean", "movingVariance"]) {
      expect(after[`norm/${name}`]).toEqual(before[`norm/${name}`]);
    }
    expect(after["front/kernel"]).not.toEqual(before["front/kernel"]);
  });

  it("it hands gradients to what is before it, past averages that it takes for constants", async () => {
    const check = await gradientCheck(inFront(false), data, { loss: "meanSquaredError" });
    expect(check.passed, String(check)).toBe(true);
    expect(check.parameters.map(({ name }) => name)).toEqual([
      "front/kernel",
      "front/bias",
      "dense/kernel",
      "dense/bias",
    ]);
  });

  it("by freeze it stops, by unfreeze it goes on, from where it was", async () => {
    const model = await compile(inFront(true), settings);
    await model.fit(data, { batchSize: 4 });
    const moved = averages(model);
    model.freeze("norm");
    await model.fit(data, { batchSize: 4 });
    expect(averages(model)).toEqual(moved);
    model.unfreeze("norm");
    await model.fit(data, { batchSize: 4 });
    expect(averages(model)).not.toEqual(moved);
  });

  it("the parameters alone, it goes on to follow the statistics of the batches", async () => {
    const model = await compile(inFront(true), settings);
    model.freeze("norm/gamma", "norm/beta");
    const start = averages(model);
    await model.fit(data, { batchSize: rows });
    expect(averages(model)).not.toEqual(start);
    expect([...model.weights()["norm/gamma"]!.data]).toEqual([1, 1, 1, 1]);
  });

  it("within a network that is a layer of another, it is so too", async () => {
    const inner = sequential(input(3), dense(4), batchNorm({ name: "norm" }));
    const from = input(3);
    const outer = network({ inputs: from, outputs: dense(2)(inner(from)) });
    const model = await compile(outer, settings);
    const names = Object.keys(model.weights()).filter((name) => name.includes("norm/moving"));
    expect(names).toHaveLength(2);
    await model.fit(data, { batchSize: 4 });
    const moved = weightBits(model);
    expect(new Set(moved[names[0]!])).not.toEqual(new Set([0]));
    model.freeze(names[0]!.split("/").slice(0, -1).join("/"));
    await model.fit(data, { batchSize: 4 });
    for (const name of names) expect(weightBits(model)[name]).toEqual(moved[name]);
  });
});

describe("the state of training", () => {
  const deep = () =>
    sequential(
      input(3),
      dense(8, { useBias: false }),
      batchNorm(),
      dense(4, "tanh"),
      batchNorm({ scale: false }),
      dense(2),
    );
  const options = { loss: "meanSquaredError", optimizer: adam({ learningRate: 0.01 }), seed: 7 } as const;
  const models: Model[] = [];

  it("holds the averages: a snapshot trains on to the same bits", async () => {
    const whole = await compile(deep(), options);
    await whole.fit(data, { batchSize: 5, epochs: 4 });
    const first = await compile(deep(), options);
    await first.fit(data, { batchSize: 5, epochs: 4, maxSteps: 5 });
    const second = await compile(deep(), options);
    second.restore(first.snapshot());
    expect(weightBits(second)).toEqual(weightBits(first));
    await second.fit(data, { batchSize: 5, epochs: 4, resume: true });
    expect(weightBits(second)).toEqual(weightBits(whole));
  });

  it("is the same in a worker, and where the memory is short", async () => {
    const here = await compile(deep(), options);
    const there = await compile(deep(), { ...options, worker: true });
    const short = await compile(deep(), { ...options, memoryLimit: here.memory.total - 1 });
    models.push(here, there, short);
    for (const model of models) await model.fit(data, { batchSize: 5, epochs: 2 });
    expect(weightBits(there)).toEqual(weightBits(here));
    expect(weightBits(short)).toEqual(weightBits(here));
    for (const model of models.splice(0)) model.dispose();
  });

  it("counts four numbers for each feature, two of which are trained", async () => {
    const model = await compile(sequential(input(3), batchNorm({ name: "norm" })));
    expect(model.summary()).toMatch(/norm.*12/);
    expect(Object.keys(model.weights())).toEqual([
      "norm/movingMean",
      "norm/movingVariance",
      "norm/gamma",
      "norm/beta",
    ]);
    const bare = await compile(
      sequential(input(3), batchNorm({ name: "norm", center: false, scale: false })),
    );
    expect(Object.keys(bare.weights())).toEqual(["norm/movingMean", "norm/movingVariance"]);
  });
});

describe("an axis", () => {
  it("other than the last is that of the features", async () => {
    const images = Array.from({ length: 4 }, (_, i) => rowsOf(2, 3, i + 1));
    const turned = images.map((image) => columns(image));
    const targets = y.slice(0, 4);
    const found: Record<string, number[]>[] = [];
    for (const [shape, axis, given] of [
      [[2, 3], 2, images],
      [[3, 2], 1, turned],
      [[3, 2], -2, turned],
    ] as const) {
      const model = await compile(
        sequential(input(shape), batchNorm({ axis, name: "norm" }), flatten(), dense(1)),
        settings,
      );
      await model.fit({ x: given, y: targets.map(([one]) => [one!]) }, { batchSize: 4 });
      found.push(averages(model));
    }
    expect(found[0]!.mean).toHaveLength(3);
    for (const other of found.slice(1)) {
      expectNear(other.mean!, found[0]!.mean!);
      expectNear(other.variance!, found[0]!.variance!);
    }
  });
});

describe("batchNorm refuses", () => {
  it.each([
    [{ momentum: 1 }, "momentum is 1; needs a number in [0, 1)"],
    [{ momentum: -0.1 }, "momentum is -0.1; needs a number in [0, 1)"],
    [{ momentum: 0.99999999 }, "in f32 1; needs a number in [0, 1)"],
    [{ epsilon: 0 }, "epsilon is 0; needs a number above 0"],
    [{ epsilon: 1e-60 }, "in f32 0; needs a number above 0"],
    [{ scale: 1 }, "scale is 1; needs true or false"],
    [{ momentun: 0.9 }, 'Did you mean "momentum"?'],
    [{ gammaInitializer: "one" }, 'Did you mean "ones"?'],
  ])("%o", (options, message) => {
    const make = () => batchNorm({ name: "norm", ...options } as never);
    expect(make).toThrow(OptionError);
    expect(make).toThrow(`batchNorm "norm"`);
    expect(make).toThrow(message);
  });

  it.each([
    [batchNorm({ axis: 0 }), 3, "an axis of features, whose number is known"],
    [batchNorm({ axis: 2 }), 3, "axis is 2; needs an integer from -2 to 1"],
  ] as const)("an input that does not fit, %#", (layer, shape, message) => {
    expect(() => layer(input(shape))).toThrow(ShapeError);
    expect(() => layer(input(shape))).toThrow(message);
  });
});
