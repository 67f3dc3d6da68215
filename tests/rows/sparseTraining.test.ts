/** Networks on sparse rows, from the data to the weights: all that dense rows give, to the bit. */
import { describe, expect, it } from "vitest";
import { gradientCheck } from "../../src/autodiff/gradientCheck.ts";
import {
  Dataset,
  SparseRows,
  takeRows,
  tfIdfEncoder,
  toSparse,
  trainTestSplit,
} from "../../src/data/index.ts";
import { compile, concatenate, dense, input, network, sequential, sparseInput } from "../../src/index.ts";
import { fromJSON, load, save, toJSON } from "../../src/io/index.ts";
import { chanceOf } from "../cases/domains.ts";
import { rejection } from "../data/refusal.ts";

const ROWS = 90;
const FEATURES = 300;

/** Rows of which a few are empty, one full, and the others have up to nine values. */
function rowsOf(seed: number): number[][] {
  const chance = chanceOf(seed);
  return Array.from({ length: ROWS }, (_, row) => {
    const values = new Array<number>(FEATURES).fill(0);
    const count = row === 7 ? 0 : Math.floor(chance() * 10);
    for (let i = 0; i < count; i++) values[Math.floor(chance() * FEATURES)] = chance() * 2 - 1;
    return row === 40 ? values.map(() => chance()) : values;
  });
}

const x = rowsOf(3);
const y = x.map((row) => (row.slice(0, 150).reduce((a, b) => a + b, 0) > 0 ? 1 : 0));
const sparse = toSparse(x);

const options = { loss: "crossEntropy", optimizer: "adam", metrics: ["accuracy"], seed: 5 } as const;
const model = async (isSparse: boolean, memoryLimit?: number) =>
  compile(
    sequential(isSparse ? sparseInput(FEATURES) : input(FEATURES), dense(17, "relu"), dense(2, "softmax")),
    memoryLimit === undefined ? options : { ...options, memoryLimit },
  );

const bitsOf = (weights: object) =>
  JSON.stringify(weights, (_, one) => (ArrayBuffer.isView(one) ? [...(one as Float32Array)] : one));

describe("a network on sparse rows", () => {
  it("trains to the bits of one on the same dense rows", async () => {
    const [a, b] = [await model(true), await model(false)];
    const [trained, expected] = [
      await a.fit({ x: sparse, y }, { epochs: 4, batchSize: 13, validation: { x: sparse, y } }),
      await b.fit({ x, y }, { epochs: 4, batchSize: 13, validation: { x, y } }),
    ];
    expect(bitsOf(a.weights())).toBe(bitsOf(b.weights()));
    expect(trained.map(({ loss }) => loss)).toEqual(expected.map(({ loss }) => loss));
    expect(trained.at(-1)!.loss).toBeLessThan(trained[0]!.loss);
    expect(await a.predict(sparse)).toEqual(await b.predict(x));
  });

  it("trains alike whether rows stay in memory or pass through it, and in micro-batches", async () => {
    const [whole, passing, parts] = [await model(true), await model(true), await model(true)];
    await whole.fit({ x: sparse, y }, { epochs: 3, batchSize: 8 });
    await passing.fit({ x: sparse, y }, { epochs: 3, batchSize: 8, dataMemory: 4096 });
    expect(bitsOf(passing.weights())).toBe(bitsOf(whole.weights()));
    await parts.fit({ x: sparse, y }, { epochs: 3, batchSize: 8, accumulate: 2 });
    const [one, other] = [Object.values(whole.weights()), Object.values(parts.weights())];
    one.forEach((values, i) => {
      [...values.data].forEach((value, j) => expect(other[i]!.data[j]!).toBeCloseTo(value, 3));
    });
  });

  it("takes batches, splits and chosen rows of them", async () => {
    const [a, b] = [await model(true), await model(false)];
    const batches = Dataset.fromArrays({ x: sparse, y }).batch(30);
    await a.fit(batches, { epochs: 2 });
    await b.fit({ x, y }, { epochs: 2, batchSize: 30, shuffle: false });
    expect(bitsOf(a.weights())).toBe(bitsOf(b.weights()));
    const { train, test } = trainTestSplit({ x: sparse, y }, { testSize: 20, seed: 2 });
    expect([train.x.rows, test.x.rows]).toEqual([70, 20]);
    expect(test.x.toDense()).toEqual(
      Float32Array.from(trainTestSplit({ x, y }, { testSize: 20, seed: 2 }).test.x.flat()),
    );
    expect(takeRows({ x: sparse }, [40, 7, 40]).x.toDense()).toEqual(
      Float32Array.from([x[40]!, x[7]!, x[40]!].flat()),
    );
    await a.fit({ x: sparse, y }, { validationSplit: 0.3 });
    await b.fit({ x, y }, { validationSplit: 0.3 });
    expect(bitsOf(a.weights())).toBe(bitsOf(b.weights()));
  });

  it("has gradients where other layers than dense take the rows, made dense for them", async () => {
    const build = (isSparse: boolean) => {
      const words = isSparse ? sparseInput(FEATURES) : input(FEATURES);
      const more = input(2);
      const joined = concatenate()(words, more);
      return network({
        inputs: { words, more },
        outputs: dense(2, "softmax")(concatenate()(dense(3, "tanh")(words), dense(4, "relu")(joined))),
      });
    };
    const more = x.map((_, row) => [row / ROWS, 1 - row / ROWS]);
    const [a, b] = [await compile(build(true), options), await compile(build(false), options)];
    await a.fit({ x: { words: sparse, more }, y }, { epochs: 2 });
    await b.fit({ x: { words: x, more }, y }, { epochs: 2 });
    expect(bitsOf(a.weights())).toBe(bitsOf(b.weights()));
  });

  it("takes linear memory by the values that are not 0, not by the columns", async () => {
    const columns = 20_000;
    const wide = new SparseRows({
      columns,
      starts: Uint32Array.from({ length: 1001 }, (_, i) => i * 10),
      indices: Uint32Array.from({ length: 10_000 }, (_, i) => (i % 10) * 2000 + (i % 977)),
      values: new Float32Array(10_000).fill(0.5),
    });
    const labels = Array.from({ length: 1000 }, (_, i) => i % 2);
    expect(wide.bytes).toBe(8 * 10_000 + 4 * 1001);
    const one = await compile(sequential(sparseInput(columns), dense(1, "sigmoid")), {
      loss: "binaryCrossEntropy",
      optimizer: "sgd",
      // Dense rows would take 80 MB; all but the rows takes less than 1.
      memoryLimit: 2 * 2 ** 20,
    });
    await one.fit({ x: wide, y: labels }, { epochs: 2 });
    expect((await one.predict(wide)).length).toBe(1000);
    expect(one.memory.total).toBeLessThan(2 * 2 ** 20);
  });

  it("has right gradients by gradientCheck", async () => {
    const net = sequential(sparseInput(12), dense(5, "tanh"), dense(2, "softmax"));
    const few = toSparse(x.slice(0, 9).map((row) => row.slice(140, 152)));
    const check = await gradientCheck(net, { x: few, y: y.slice(0, 9) }, { loss: "crossEntropy", seed: 1 });
    expect(check.passed, String(check)).toBe(true);
    expect(check.worst!.error).toBeLessThan(1e-5);
  });

  it("shows its gradients, takes single batches and can be profiled, as on dense rows", async () => {
    const full = x.map((row, i) => (i % 2 === 0 ? row.map((_, k) => (k % 3) - 1) : row));
    const rows = toSparse(full);
    const [a, b] = [await model(true), await model(false)];
    for (let i = 0; i < 3; i++) {
      await a.trainOnBatch({ x: rows, y });
      await b.trainOnBatch({ x: full, y });
    }
    expect(bitsOf(a.weights())).toBe(bitsOf(b.weights()));
    const [mine, other] = [await a.gradients({ x: rows, y }), await b.gradients({ x: full, y })];
    expect(bitsOf(Object.values(mine))).toBe(bitsOf(Object.values(other)));
    expect(String(await a.trace({ x: rows.slice(0, 3), y: y.slice(0, 3) }))).toContain("dense");
    expect(String(await a.profile({ x: rows, y }))).toContain("SparseProduct");
    expect(a.predictNow(rows)).toEqual(b.predictNow(full));
  });

  it("goes through JSON and a file, with the encoder of its texts", async () => {
    const texts = ["win a free prize now", "are you home now", "free prize", "see you at home", "", "free"];
    const words = tfIdfEncoder().fit(texts);
    const net = sequential(sparseInput(words.columns), dense(2, "softmax"));
    expect(toJSON(await fromJSON(JSON.stringify(toJSON(net))))).toEqual(toJSON(net));
    const one = await compile(net, { loss: "crossEntropy", optimizer: "sgd", seed: 3 });
    const reports = await one.fit({ x: words.transform(texts), y: [1, 0, 1, 0, 0, 1] }, { epochs: 20 });
    expect(reports.at(-1)!.loss).toBeLessThan(reports[0]!.loss);
    const served = await load(await save(one, { encoders: words, labels: ["ham", "spam"] }));
    const outputs = await one.predict(words.transform(texts));
    const answers = (await served.predict(texts)) as { label: string; outputs: Float32Array }[];
    expect(answers.flatMap((answer) => [...answer.outputs])).toEqual([...outputs]);
    expect(answers.map(({ label }) => label)).toEqual(
      texts.map((_, row) => (outputs[2 * row + 1]! > outputs[2 * row]! ? "spam" : "ham")),
    );
  });

  it("is told nothing wrong of rows that it does not look at", async () => {
    const found: string[] = [];
    const one = await model(true);
    await one.fit({ x: sparse, y }, { epochs: 3, health: ({ message }) => found.push(message) });
    expect(found).toEqual([]);
  });

  it("predicts rows longer than what is planned for one", async () => {
    const full = toSparse([new Array(FEATURES).fill(0.25), new Array(FEATURES).fill(-1)]);
    const many = SparseRows.join(Array.from({ length: 40 }, () => full));
    const [a, b] = [await model(true), await model(false)];
    expect(await a.predict(many)).toEqual(await b.predict(many.toDense()));
  });

  it("refuses rows that are dense, of other columns, or changed while they are in use", async () => {
    const a = await model(true);
    expect(await rejection(a.predict(x))).toBe(
      "DataError: predict: x: is an array of 90; needs SparseRows of 300 columns. Encoders of text make them, and " +
        "toSparse of wasmgrad/data does of dense rows.",
    );
    expect(await rejection(a.predict(toSparse([[1, 2]])))).toBe(
      "DataError: predict: x: its sparse rows have 2 columns; needs 300, as sparseInput(300) says. Compile with " +
        "sparseInput(2).",
    );
    const b = await model(false);
    expect(await rejection(b.predict(sparse))).toContain(
      "predict: x: is an object (SparseRows); needs rows of 300",
    );
    expect(await rejection(a.fit({ x: sparse, y: y.slice(1) }))).toContain("x has 90 rows and y has 89");
    const changed = toSparse(x);
    changed.indices[0] = 5000;
    expect(await rejection(a.predict(changed))).toContain("at column 5000; needs finite numbers at columns");
    const cut = toSparse(x);
    cut.starts[3] = 1e9;
    expect(await rejection(a.predict(cut))).toContain("It was changed while it was in use");
  });
});
