/** Training from a Dataset ends in the bits of training on the same batches as arrays. */
import { describe, expect, it } from "vitest";
import {
  crossValidate,
  Dataset,
  oversample,
  sampleWeights,
  standardScaler,
  takeRows,
} from "../../../src/data/index.ts";
import { compile, dense, dropout, input, network, sequential } from "../../../src/index.ts";
import { bitsOf, numbers, rejectionOf, rowsOf, weightBits } from "../../given/models.ts";

const ROWS = 45;
const x = rowsOf(ROWS, 6);
const y = rowsOf(ROWS, 3, 2);
const settings = { loss: "meanSquaredError", seed: 5 } as const;
const model = () => compile(sequential(input(6), dense(8, "relu"), dropout(0.25), dense(3)), settings);

const sources: Record<string, Dataset<{ readonly x: Float32Array; readonly y: Float32Array }>> = {
  "nested arrays": Dataset.fromArrays({ x, y }).batch(10),
  "flat typed arrays": Dataset.fromArrays(
    { x: Float32Array.from(x.flat()), y: Float32Array.from(y.flat()) },
    { rows: ROWS },
  ).batch(10),
  "a generator, fetched ahead": Dataset.fromIterable(function* () {
    for (let row = 0; row < ROWS; row++) yield { x: x[row]!, y: y[row]! };
  })
    .batch(10)
    .prefetch(3),
  "lines of a file": Dataset.fromFile(
    new Blob([x.map((row, i) => `${[...row, ...y[i]!].join()}\n`).join("")]),
  )
    .map((line) => line.split(",").map(Number))
    .map((row) => ({ x: row.slice(0, 6), y: row.slice(6) }))
    .batch(10),
};

describe("fit on a Dataset", () => {
  it.each(Object.entries(sources))("of %s ends in the bits of arrays", async (_, data) => {
    const whole = await model();
    const expected = await whole.fit({ x, y }, { epochs: 3, batchSize: 10, shuffle: false });
    const streamed = await model();
    const reports = await streamed.fit(data, { epochs: 3 });
    expect(weightBits(streamed)).toEqual(weightBits(whole));
    expect(reports.map(({ loss, steps }) => [loss, steps])).toEqual(
      expected.map(({ loss, steps }) => [loss, steps]),
    );
    expect(await streamed.evaluate(data)).toEqual(await whole.evaluate(data));
  });

  it("says how to make batches where examples come one by one", async () => {
    const classifier = await compile(sequential(input(6), dense(3)), { loss: "crossEntropy" });
    const rows = Dataset.fromArrays({ x, y: y.map((_, i) => i % 3) });
    for (const attempt of [classifier.fit(rows as never), classifier.evaluate(rows as never)]) {
      const { message } = (await rejectionOf(attempt)) as Error;
      expect(message).toContain("batch 1: y is the number 0, so it is one example; needs rows of them");
      expect(message).toContain("a Dataset does by .batch(32)");
    }
  });

  it("takes named inputs and outputs, and validation", async () => {
    const left = input(6);
    const right = input(1);
    const two = network({ inputs: { left, right }, outputs: { sum: dense(3)(left), one: dense(1)(right) } });
    const make = () => compile(two, { loss: { sum: "meanSquaredError", one: "meanSquaredError" }, seed: 1 });
    const ages = numbers(ROWS);
    const given = { x: { left: x, right: ages }, y: { sum: y, one: ages } };
    const whole = await make();
    const [expected] = await whole.fit(given, { batchSize: 10, shuffle: false, validation: given });
    const streamed = await make();
    const data = Dataset.fromArrays(given).batch(10);
    const [report] = await streamed.fit(data, { validation: data.prefetch(1) });
    expect(bitsOf(streamed.weights())).toEqual(bitsOf(whole.weights()));
    expect(report!.validation.loss).toBeCloseTo(expected!.validation.loss, 6);
  });

  it("takes the weight of each row, as oversampled rows and folds do", async () => {
    const labels = Array.from({ length: ROWS }, (_, i) => (i % 5 === 0 ? 1 : 0));
    const given = { x, y, sampleWeight: sampleWeights(labels) };
    const whole = await model();
    await whole.fit(given, { epochs: 2, batchSize: 10, shuffle: false });
    const streamed = await model();
    await streamed.fit(Dataset.fromArrays(given).batch(10), { epochs: 2 });
    expect(weightBits(streamed)).toEqual(weightBits(whole));
    const plain = await model();
    await plain.fit({ x, y }, { epochs: 2, batchSize: 10, shuffle: false });
    expect(weightBits(plain)).not.toEqual(weightBits(whole));
    const sampled = await model();
    const balanced = takeRows(given, oversample(labels, { seed: 1 }));
    await sampled.fit(Dataset.fromArrays(balanced).batch(10));
    const { folds } = await crossValidate(model, given, { folds: 3 });
    expect(folds.map(({ trainRows }) => trainRows)).toEqual([30, 30, 30]);
  });

  it("goes on after a stop in the order that it would have had", async () => {
    const data = () => Dataset.fromArrays({ x, y }).shuffle({ bufferSize: 20, seed: 9 }).batch(10);
    const whole = await model();
    await whole.fit(data(), { epochs: 4 });
    const first = await model();
    await first.fit(data(), { epochs: 4, maxSteps: 7 });
    // Another model in another process has a Dataset of its own, which has made no pass.
    const other = await model();
    other.restore(first.snapshot());
    await other.fit(data(), { epochs: 4, maxSteps: 6, resume: true });
    const same = data();
    await other.fit(same, { epochs: 4, resume: true });
    expect(weightBits(other)).toEqual(weightBits(whole));
    // What evaluate sees is one order, however often it is asked.
    const shuffled = data();
    expect(await other.evaluate(shuffled)).toEqual(await other.evaluate(shuffled));
    // Passes that others make of it do not change what fit sees.
    const looked = data();
    await looked.take(1).toArray();
    await looked.toArray();
    const again = await model();
    await again.fit(looked, { epochs: 4 });
    expect(weightBits(again)).toEqual(weightBits(whole));
  });

  it("closes the source when training stops, and tells what failed in it", async () => {
    let closed = 0;
    const data = Dataset.fromIterable(function* () {
      try {
        for (let row = 0; ; row = (row + 1) % ROWS) yield { x: x[row]!, y: y[row]! };
      } finally {
        closed++;
      }
    }).batch(10);
    await (await model()).fit(data, { maxSteps: 3 });
    expect(closed).toBe(1);
    const bad = Dataset.fromArrays({ x, y })
      .map((one, i) => {
        if (i === 12) throw new Error("unreadable");
        return one;
      })
      .batch(10);
    const error = await rejectionOf((await model()).fit(bad));
    expect((error as Error).message).toBe("Dataset.map: element 12: unreadable");
  });

  it("of rows that an encoder gives trains as they do", async () => {
    const scaler = standardScaler().fit(x);
    const whole = await model();
    await whole.fit({ x: scaler.transform(x), y }, { batchSize: 15, shuffle: false });
    const streamed = await model();
    const data = Dataset.fromArrays({ x, y }).map((row) => ({ x: scaler.transform([row.x]), y: row.y }));
    await streamed.fit(data.batch(15));
    expect(weightBits(streamed)).toEqual(weightBits(whole));
  });
});
