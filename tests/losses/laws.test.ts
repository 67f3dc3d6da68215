/** What losses find when they are trained, and where they end: quantiles, similar pairs, spelled sequences. */
import { describe, expect, it } from "vitest";
import {
  adam,
  type CompileOptions,
  compile,
  contrastive,
  ctc,
  customLayer,
  DivergedError,
  dense,
  gaussianNegativeLogLikelihood,
  input,
  type LossName,
  network,
  quantile,
  sequential,
  sgd,
  triplet,
} from "../../src/index.ts";
import { pairwiseDistance, reshape, stack } from "../../src/ops/index.ts";
import { rejectionOf, rowsOf, weightBits } from "../given/models.ts";

/** A model of one output of each row that is the bias alone: what is best for all targets at once. */
async function bestConstant(
  loss: CompileOptions["loss"],
  outputs: number,
  y: readonly number[],
  epochs = 400,
) {
  const model = await compile(sequential(input(1), dense(outputs)), {
    loss: loss as "huber",
    optimizer: adam({ learningRate: 0.05 }),
    seed: 1,
  });
  const zeros = y.map(() => [0]);
  await model.fit({ x: zeros, y: [...y] }, { epochs, batchSize: y.length });
  return [...(await model.predict([[0]]))] as number[];
}

const y = Array.from({ length: 101 }, (_, i) => ((i * 37) % 101) / 10);
const mean = y.reduce((sum, value) => sum + value, 0) / y.length;

describe("the best constant", () => {
  it("is the quantile of the targets, for each quantile of several", async () => {
    const found = await bestConstant(quantile({ quantile: [0.1, 0.5, 0.9] }), 3, y);
    [1, 5, 9].forEach((expected, i) => expect(Math.abs(found[i]! - expected)).toBeLessThan(0.15));
  });

  it("is the mean and the logarithm of the variance for gaussianNegativeLogLikelihood", async () => {
    const variance = y.reduce((sum, value) => sum + (value - mean) ** 2, 0) / y.length;
    const found = await bestConstant(gaussianNegativeLogLikelihood(), 2, y, 1500);
    expect(Math.abs(found[0]! - mean)).toBeLessThan(0.05);
    expect(Math.abs(found[1]! - Math.log(variance))).toBeLessThan(0.05);
  });

  it("is the logarithm of the mean for poisson, and the median for meanAbsoluteError", async () => {
    const [rate] = await bestConstant("poisson", 1, y);
    expect(Math.abs(rate! - Math.log(mean))).toBeLessThan(0.02);
    const [median] = await bestConstant("meanAbsoluteError", 1, y);
    expect(Math.abs(median! - 5)).toBeLessThan(0.15);
  });
});

const rows = rowsOf(8, 3, 7);

describe("an output of one number a row", () => {
  const names: readonly LossName[] = [
    "binaryFocal",
    "contrastive",
    "hinge",
    "huber",
    "logCosh",
    "meanAbsoluteError",
    "poisson",
    "quantile",
    "smoothL1",
    "squaredHinge",
  ];
  it.each(names)("trains by %s with or without an axis of one", async (loss) => {
    const bitsOf = async (isFlat: boolean) => {
      const from = input(3);
      const column = dense(1)(from);
      const flat = customLayer({ kind: "flat", build: ([h]) => reshape(h!, [-1]) });
      const net = network({ inputs: from, outputs: isFlat ? flat(column) : column });
      const model = await compile(net, { loss, optimizer: sgd({ learningRate: 0.1 }), seed: 4 });
      const answers = rows.map((_, i) => i % 2);
      const reports = await model.fit({ x: rows, y: answers }, { epochs: 3, batchSize: 3 });
      return [reports.map((report) => report.loss), weightBits(model)];
    };
    expect(await bitsOf(true)).toEqual(await bitsOf(false));
  });
});

describe("triplet", () => {
  /** Anchor, positive and negative in one row, through one dense layer: [rows, 3, 2]. */
  const net = () => sequential(input([3, 3]), dense(2, "tanh"));
  const x = rowsOf(12, 9, 3).map((row) => {
    const anchor = row.slice(0, 3);
    const nearby = anchor.map((value) => value + 0.05);
    return [anchor, nearby, row.slice(6)];
  });

  it("trains and evaluates without y, from arrays, streams and micro-batches alike", async () => {
    const make = () =>
      compile(net(), { loss: triplet({ margin: 0.5 }), optimizer: sgd({ learningRate: 0.3 }), seed: 6 });
    const [model, streamed, parts] = [await make(), await make(), await make()];
    const before = await model.evaluate({ x });
    const options = { epochs: 40, batchSize: 12, shuffle: false, validation: { x } };
    const reports = await model.fit({ x }, options);
    expect(reports.at(-1)!.validation.loss).toBeLessThan(before.loss / 2);
    await streamed.fit(() => [{ x }], { epochs: 40 });
    expect(weightBits(streamed)).toEqual(weightBits(model));
    const [first] = await parts.fit({ x }, { ...options, epochs: 1, accumulate: 3 });
    expect(Math.abs(first!.loss - reports[0]!.loss)).toBeLessThan(1e-6);
  });

  it("weighs rows, and stands beside an output that has targets", async () => {
    const from = input([3, 3]);
    const trunk = dense(2, "tanh")(from);
    const first = customLayer({ kind: "first", build: ([h]) => reshape(h!, [-1, 6]) });
    const both = network({ inputs: from, outputs: { face: trunk, size: dense(1)(first(trunk)) } });
    const model = await compile(both, { loss: { face: "triplet", size: "huber" }, seed: 2 });
    const data = { x, y: { size: x.map((_, i) => i / 12) } };
    const plain = await model.evaluate(data);
    const doubled = await model.evaluate({ ...data, sampleWeight: { face: x.map(() => 2) } });
    expect(Math.abs(doubled.outputs.face.loss - 2 * plain.outputs.face.loss)).toBeLessThan(1e-6);
    expect(doubled.outputs.size.loss).toBe(plain.outputs.size.loss);
    expect(plain.loss).toBeCloseTo(plain.outputs.face.loss + plain.outputs.size.loss, 6);
  });

  it("of vectors of zeros has a gradient, whatever the distance", async () => {
    for (const distance of ["euclidean", "squaredEuclidean", "manhattan", "cosine"] as const) {
      const model = await compile(net(), { loss: triplet({ distance }), seed: 1 });
      const zeros = [0, 1].map(() => [0, 1, 2].map(() => [0, 0, 0]));
      const [report] = await model.fit({ x: zeros });
      expect(report!.loss).toBeCloseTo(1, 5);
      for (const { data } of Object.values(model.weights())) expect(data.every(Number.isFinite)).toBe(true);
    }
  });
});

it("contrastive brings similar pairs together and holds others apart", async () => {
  const [left, right] = [input(3), input(3)];
  const shared = dense(2);
  const distance = customLayer({
    kind: "distance",
    build: ([a, b]) => stack([pairwiseDistance(a!, b!)], { axis: 1 }),
  });
  const net = network({ inputs: { left, right }, outputs: distance(shared(left), shared(right)) });
  const model = await compile(net, {
    loss: contrastive({ margin: 2 }),
    optimizer: adam({ learningRate: 0.05 }),
    seed: 3,
  });
  // Similar rows differ in the first number only.
  const others = rows.map((row, i) =>
    i % 2 ? [-row[0]!, row[1]!, row[2]!] : [row[0]!, -row[1]!, 1 + row[2]!],
  );
  const data = { x: { left: rows, right: others }, y: rows.map((_, i) => i % 2) };
  await model.fit(data, { epochs: 300 });
  const found = [...(await model.predict({ left: rows, right: others }))] as number[];
  found.forEach((one, i) => (i % 2 ? expect(one).toBeLessThan(0.3) : expect(one).toBeGreaterThan(1)));
});

describe("ctc", () => {
  /** Each time shows one of three classes, a class for two or three times, a blank between. */
  const words = [
    [1, 2],
    [2, 1],
    [1, 1],
    [2, 2],
    [1, -1],
    [2, -1],
  ];
  const sounds = words.map(([a, b]) => [a!, a!, 0, b! < 0 ? 0 : b!, b! < 0 ? 0 : b!]);
  const x = sounds.map((row) => row.map((sound) => [0, 1, 2].map((one) => (one === sound ? 1 : 0))));
  const net = () => sequential(input([5, 3]), dense(8, "tanh"), dense(3, "softmax"));

  it("learns to spell sequences of which no time is labeled", async () => {
    const model = await compile(net(), { loss: "ctc", optimizer: adam({ learningRate: 0.05 }), seed: 1 });
    const reports = await model.fit({ x, y: words }, { epochs: 150 });
    expect(reports.at(-1)!.loss).toBeLessThan(0.05);
    const shares = [...(await model.predict(x))] as number[];
    const spell = (row: number) => {
      const best = Array.from({ length: 5 }, (_, t) => {
        const at = (row * 5 + t) * 3;
        const line = shares.slice(at, at + 3);
        return line.indexOf(Math.max(...line));
      });
      return best.filter((label, t) => label !== 0 && label !== best[t - 1]);
    };
    words.forEach((word, row) => expect(spell(row)).toEqual(word.filter((label) => label > 0)));
  });

  it("takes labels of any number of columns, padded or not, to the same bits", async () => {
    const trained = async (y: number[][]) => {
      const model = await compile(net(), { loss: "ctc", seed: 1 });
      await model.fit({ x, y }, { epochs: 2 });
      return weightBits(model);
    };
    expect(await trained(words.map((word) => [...word, -1, -1, -1]))).toEqual(await trained(words));
  });

  it("leaves out rows that are too short for their labels, with zeroInfinity", async () => {
    const long = [...words.slice(1), [1, 1, 1, 1, 1]];
    const y = long.map((word) => [...word, -1, -1, -1].slice(0, 5));
    const make = () =>
      compile(net(), {
        loss: ctc({ zeroInfinity: true, reduction: "sum" }),
        optimizer: sgd({ learningRate: 0.1 }),
        seed: 1,
      });
    const [all, others] = [await make(), await make()];
    await all.fit({ x, y }, { epochs: 3, shuffle: false, batchSize: 6 });
    await others.fit({ x: x.slice(0, 5), y: y.slice(0, 5) }, { epochs: 3, shuffle: false, batchSize: 5 });
    for (const [name, { data }] of Object.entries(all.weights())) {
      data.forEach((value, i) => expect(value).toBeCloseTo(others.weights()[name]!.data[i]!, 5));
    }
  });

  it("diverges with an error where a logit makes every path impossible", async () => {
    const model = await compile(sequential(input([2, 2]), dense(2)), { loss: "ctc" });
    model.setWeights({ "dense/kernel": [3e38, 0, 0, 3e38], "dense/bias": [0, 0] });
    const error = await rejectionOf(
      model.fit({
        x: [
          [
            [1e3, 0],
            [1e3, 0],
          ],
        ],
        y: [[1]],
      }),
    );
    expect(error).toBeInstanceOf(DivergedError);
  });
});
