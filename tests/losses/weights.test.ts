/** How losses count: class weights, sample weights, sums and means, over batches of any size and in micro-batches. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  binaryCrossEntropy,
  type CompileOptions,
  categoricalHinge,
  compile,
  crossEntropy,
  ctc,
  dense,
  focal,
  huber,
  input,
  type Loss,
  network,
  sequential,
  sgd,
  type Tensor,
} from "../../src/index.ts";
import { rowsOf, weightBits } from "../given/models.ts";

const ROWS = 10;
const CLASSES = 3;
const x = rowsOf(ROWS, CLASSES, 5).map((row) => row.map((value) => 2 * value));
const labels = [0, 1, 2, 1, 1, 0, 2, 2, 0, 1];
const hot = labels.map((label) => [0, 1, 2].map((i) => (i === label ? 1 : 0)));
const classWeights = [0.5, 4, 1];
const sampleWeight = [1, 0, 2, 0.5, 3, 1, 1, 0, 2, 1.5];

/** A model whose output is its input: the logits are x. */
async function identity(loss: CompileOptions["loss"], batchSize = ROWS) {
  const model = await compile(sequential(input(CLASSES), dense(CLASSES)), {
    loss: loss as "crossEntropy",
    optimizer: sgd({ learningRate: 0.5 }),
    batchSize,
  });
  model.setWeights({ "dense/kernel": [1, 0, 0, 0, 1, 0, 0, 0, 1], "dense/bias": [0, 0, 0] });
  return model;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const near = (found: number, expected: number) =>
  expect(Math.abs(found - expected)).toBeLessThan(1e-6 * Math.max(1, Math.abs(expected)));

/** −ln p[label] of each row, by its formula in f64. */
const entropies = x.map((row, i) => Math.log(sum(row.map(Math.exp))) - row[labels[i]!]!);
const ofClass = labels.map((label) => classWeights[label]!);

describe("class weights", () => {
  const products = entropies.map((entropy, i) => entropy * ofClass[i]!);

  it("make the mean Σ w ce / Σ w over labels, and Σ w ce / rows over one-hot rows, as in PyTorch", async () => {
    const model = await identity(crossEntropy({ classWeights }));
    near((await model.evaluate({ x, y: labels })).loss, sum(products) / sum(ofClass));
    near((await model.evaluate({ x, y: hot })).loss, sum(products) / ROWS);
    const summed = await identity(crossEntropy({ classWeights, reduction: "sum" }));
    near((await summed.evaluate({ x, y: labels })).loss, sum(products));
    near((await summed.evaluate({ x, y: hot })).loss, sum(products));
  });

  it("of one leave the loss as it is without them", async () => {
    const ones = [1, 1, 1];
    const pairs: [Loss, Loss, Tensor][] = [
      [crossEntropy({ classWeights: ones }), crossEntropy(), labels],
      [
        crossEntropy({ classWeights: ones, labelSmoothing: 0.2 }),
        crossEntropy({ labelSmoothing: 0.2 }),
        labels,
      ],
      [categoricalHinge({ classWeights: ones }), categoricalHinge(), labels],
      [focal({ alpha: ones }), focal(), labels],
      [binaryCrossEntropy({ positiveWeight: ones }), binaryCrossEntropy(), hot],
    ];
    for (const [weighted, plain, y] of pairs) {
      const [{ loss: found }, { loss: expected }] = [
        await (await identity(weighted)).evaluate({ x, y }),
        await (await identity(plain)).evaluate({ x, y }),
      ];
      near(found, expected);
    }
  });

  it("count as rows that are there so often: 4 of one class as four copies of each of its rows", async () => {
    const copies = labels.flatMap((label, i) => Array<number>(label === 1 ? 4 : 1).fill(i));
    const repeated = { x: copies.map((i) => x[i]!), y: copies.map((i) => labels[i]!) };
    for (const make of [crossEntropy, categoricalHinge]) {
      const weighted = await identity(make({ classWeights: [1, 4, 1] }));
      const plain = await identity(make(), copies.length);
      await weighted.fit({ x, y: labels }, { batchSize: ROWS, epochs: 5 });
      await plain.fit(repeated, { batchSize: copies.length, epochs: 5 });
      weighted.weights()["dense/kernel"]!.data.forEach((value, i) => {
        expect(value).toBeCloseTo(plain.weights()["dense/kernel"]!.data[i]!, 5);
      });
    }
  });

  it("of 0 leave a class out, and a step of such rows costs 0 and moves nothing", async () => {
    const model = await identity(crossEntropy({ classWeights: [1, 0, 1] }));
    const some = labels.flatMap((label, i) => (label === 1 ? [] : [i]));
    near((await model.evaluate({ x, y: labels })).loss, sum(some.map((i) => entropies[i]!)) / some.length);
    const before = weightBits(model);
    const [report] = await model.fit({ x, y: labels.map(() => 1) });
    expect(report?.loss).toBe(0);
    expect(weightBits(model)).toEqual(before);
  });

  it("and sample weights multiply; the mean stays over the class weights", async () => {
    const model = await identity(crossEntropy({ classWeights }));
    const expected = sum(products.map((value, i) => value * sampleWeight[i]!));
    near((await model.evaluate({ x, y: labels, sampleWeight })).loss, expected / sum(ofClass));
    const smooth = crossEntropy({ classWeights, labelSmoothing: 0.3 });
    const single = async (i: number) => {
      const one = await identity(crossEntropy({ classWeights, labelSmoothing: 0.3, reduction: "sum" }));
      return (await one.evaluate({ x: [x[i]!], y: [labels[i]!] })).loss;
    };
    const singles = await Promise.all(x.map((_, i) => single(i)));
    const { loss } = await (await identity(smooth)).evaluate({ x, y: labels, sampleWeight });
    near(loss, sum(singles.map((value, i) => value * sampleWeight[i]!)) / sum(ofClass));
  });

  it("make the same mean whatever the batches are, in evaluate, in reports and in micro-batches", async () => {
    const expected = sum(products) / sum(ofClass);
    for (const batchSize of [1, 3, 4, 10]) {
      const model = await identity(crossEntropy({ classWeights }), batchSize);
      near((await model.evaluate({ x, y: labels })).loss, expected);
      // At a learning rate of almost nothing, so that all steps see the same weights.
      const still = await compile(sequential(input(CLASSES), dense(CLASSES)), {
        loss: crossEntropy({ classWeights }),
        optimizer: sgd({ learningRate: 1e-30 }),
      });
      still.setWeights(model.weights());
      const [report] = await still.fit({ x, y: labels }, { batchSize, accumulate: Math.min(2, batchSize) });
      near(report!.loss, expected);
    }
  });

  it("of two outputs are each divided by their own, and the whole is their sum", async () => {
    const from = input(CLASSES);
    const outputs = { weighted: dense(CLASSES)(from), plain: dense(CLASSES)(from) };
    const model = await compile(network({ inputs: from, outputs }), {
      loss: { weighted: crossEntropy({ classWeights }), plain: crossEntropy() },
      lossWeights: { plain: 0.25 },
      batchSize: 4,
    });
    const identical = [1, 0, 0, 0, 1, 0, 0, 0, 1];
    model.setWeights({ "dense/kernel": identical, "dense_2/kernel": identical });
    const scores = await model.evaluate({ x, y: { weighted: labels, plain: labels } });
    near(scores.outputs.weighted.loss, sum(products) / sum(ofClass));
    near(scores.outputs.plain.loss, sum(entropies) / ROWS);
    near(scores.loss, scores.outputs.weighted.loss + 0.25 * scores.outputs.plain.loss);
  });

  it("divide the gradient of micro-batches each by the weights of its own rows; a sum has no such parts", async () => {
    const steps: number[] = [];
    const parts = await identity(crossEntropy({ classWeights }));
    const fit = { batchSize: 10, accumulate: 2, shuffle: false };
    await parts.fit({ x, y: labels }, { ...fit, onStep: ({ loss }) => steps.push(loss) });
    const half = (from: number) => sum(products.slice(from, from + 5)) / sum(ofClass.slice(from, from + 5));
    near(steps[0]!, (half(0) + half(5)) / 2);
    const summed = crossEntropy({ classWeights, reduction: "sum" });
    const [whole, apart] = [await identity(summed), await identity(summed)];
    await whole.fit({ x, y: labels }, { batchSize: 10, shuffle: false });
    await apart.fit({ x, y: labels }, { batchSize: 10, accumulate: 5, shuffle: false });
    whole.weights()["dense/kernel"]!.data.forEach((value, i) => {
      expect(apart.weights()["dense/kernel"]!.data[i]).toBeCloseTo(value, 5);
    });
  });
});

/** A loss of each kind, and targets for it. */
const kinds: readonly [string, (reduction: "mean" | "sum") => Loss, readonly (number | number[])[]][] = [
  ["huber", (reduction) => huber({ reduction }), x.map((row) => row.toReversed())],
  ["focal", (reduction) => focal({ reduction }), labels],
  [
    "binaryCrossEntropy with a weight",
    (reduction) => binaryCrossEntropy({ positiveWeight: 2, reduction }),
    hot,
  ],
  ["crossEntropy, smoothed", (reduction) => crossEntropy({ labelSmoothing: 0.1, reduction }), labels],
];

describe.each(kinds)("%s", (_, make, y) => {
  it("is the same over all rows, whatever the batches: as a mean and as a sum", async () => {
    for (const reduction of ["mean", "sum"] as const) {
      const { loss: expected } = await (await identity(make(reduction))).evaluate({ x, y: y as number[] });
      for (const batchSize of [1, 3, 7]) {
        const { loss } = await (await identity(make(reduction), batchSize)).evaluate({ x, y: y as number[] });
        near(loss, expected);
      }
    }
  });

  it("trains in micro-batches, even ones and uneven, as in one batch", async () => {
    const data = { x, y: y as number[] };
    for (const reduction of ["mean", "sum"] as const) {
      const whole = await identity(make(reduction));
      await whole.fit(data, { batchSize: ROWS, shuffle: false, epochs: 2 });
      for (const accumulate of [2, 3]) {
        const parts = await identity(make(reduction));
        await parts.fit(data, { batchSize: ROWS, accumulate, shuffle: false, epochs: 2 });
        whole.weights()["dense/kernel"]!.data.forEach((value, i) => {
          expect(parts.weights()["dense/kernel"]!.data[i]).toBeCloseTo(value, 5);
        });
      }
    }
  });

  it("counts each row as its sample weight says", async () => {
    const [model, single] = [await identity(make("mean")), await identity(make("mean"), 1)];
    const singles = await Promise.all(
      x.map(async (row, i) => (await single.evaluate({ x: [row], y: [y[i]!] as number[] })).loss),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.double({ min: 0, max: 5, noNaN: true }), { minLength: ROWS, maxLength: ROWS }),
        async (some) => {
          const { loss } = await model.evaluate({ x, y: y as number[], sampleWeight: some });
          near(loss, sum(singles.map((value, i) => value * some[i]!)) / ROWS);
        },
      ),
      { numRuns: 10, seed: 1 },
    );
  });
});

it.each<[string, Loss, Loss, Tensor]>([
  ["crossEntropy", crossEntropy({ labelSmoothing: 0 }), crossEntropy(), labels],
  [
    "binaryCrossEntropy",
    binaryCrossEntropy({ positiveWeight: 1, labelSmoothing: 0 }),
    binaryCrossEntropy(),
    hot,
  ],
])("%s with its defaults given leaves every bit as it is without", async (_, given, left, y) => {
  const trained = async (loss: Loss) => {
    const model = await identity(loss);
    await model.fit({ x, y }, { epochs: 3, batchSize: 4 });
    return weightBits(model);
  };
  expect(await trained(given)).toEqual(await trained(left));
});

describe("ctc", () => {
  const net = () => sequential(input([5, 3]), dense(3, "softmax"));
  const rows = rowsOf(4, 15, 9).map((row) => [0, 3, 6, 9, 12].map((i) => row.slice(i, i + 3)));
  const spelled = [
    [1, 2, -1],
    [1, 1, 1],
    [2, -1, -1],
    [-1, -1, -1],
  ];

  it("counts a row by its sample weight, and a mean by the labels of each row", async () => {
    const [mean, total] = await Promise.all([
      compile(net(), { loss: "ctc", seed: 2 }),
      compile(net(), { loss: ctc({ reduction: "sum" }), seed: 2 }),
    ]);
    const one = async (i: number) => (await total.evaluate({ x: [rows[i]!], y: [spelled[i]!] })).loss;
    const singles = [await one(0), await one(1), await one(2), await one(3)];
    const byLength = singles.map((value, i) => value / [2, 3, 1, 1][i]!);
    near((await total.evaluate({ x: rows, y: spelled })).loss, sum(singles));
    near((await mean.evaluate({ x: rows, y: spelled })).loss, sum(byLength) / 4);
    const some = [2, 0, 0.5, 1];
    const { loss } = await mean.evaluate({ x: rows, y: spelled, sampleWeight: some });
    near(loss, sum(byLength.map((value, i) => value * some[i]!)) / 4);
  });
});
