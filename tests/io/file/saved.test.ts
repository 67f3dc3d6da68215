/** Models that leave the program that made them: what is loaded predicts, and trains on, as what was saved would have. */
import { describe, expect, it } from "vitest";
import { columns, labelEncoder, oneHotEncoder, standardScaler } from "../../../src/data/index.ts";
import type { Value } from "../../../src/index.ts";
import {
  adam,
  add,
  batchNorm,
  binaryCrossEntropy,
  type CompileOptions,
  compile,
  cosineDecay,
  customLoss,
  customMetric,
  dense,
  dropout,
  exponentialMovingAverage,
  fBeta,
  input,
  lookahead,
  type Model,
  network,
  sequential,
  sgd,
  warmup,
} from "../../../src/index.ts";
import { load, save } from "../../../src/io/index.ts";
import { mean, square, subtract } from "../../../src/ops/index.ts";
import { rejectionOf, rowsOf, weightBits } from "../../given/models.ts";

const x = rowsOf(40, 4);
const y = rowsOf(40, 3, 2);
const labels = Array.from({ length: 40 }, (_, i) => (i * 7) % 3);
const chain = () => sequential(input(4), dense(6, "tanh"), dropout(0.3), batchNorm(), dense(3));

const trainings: Readonly<Record<string, CompileOptions<never>>> = {
  adam: { loss: "meanSquaredError", seed: 3 },
  momentum: { loss: "huber", optimizer: sgd({ learningRate: 0.05, momentum: 0.9 }), clipNorm: 1, seed: 2 },
  "a wrapped optimizer and a schedule": {
    loss: "meanSquaredError",
    optimizer: exponentialMovingAverage(
      lookahead(
        adam({
          learningRate: warmup(cosineDecay({ initialLearningRate: 0.1, decaySteps: 40 }), { steps: 4 }),
        }),
      ),
    ),
    clipValue: 0.5,
    clipParameterNorm: 2,
  },
};

const fitOptions = { epochs: 4, batchSize: 8 };

describe.each(Object.entries(trainings))("a model that is trained by %s", (_, options) => {
  it("trains on to the same bits after a file in the midst of an epoch", async () => {
    const whole = await compile(chain(), options);
    await whole.fit({ x, y }, fitOptions);
    const first = await compile(chain(), options);
    await first.fit({ x, y }, { ...fitOptions, maxSteps: 7 });
    const { model } = await load(await save(first, { optimizer: true }));
    await model.fit({ x, y }, { ...fitOptions, resume: true });
    expect(weightBits(model as Model)).toEqual(weightBits(whole));
  });

  it("predicts the same bits, and is the same file again", async () => {
    const model = await compile(chain(), options);
    await model.fit({ x, y }, fitOptions);
    const bytes = await save(model, { optimizer: true, metadata: { note: ["ä", 1] } });
    const loaded = await load(bytes);
    expect(await loaded.predict(x)).toEqual(await model.predict(x));
    expect(loaded.metadata).toEqual({ note: ["ä", 1] });
    expect(loaded.madeBy).toMatch(/^wasmgrad \d+\.\d+\.\d+/);
    expect(await save(loaded.model, { optimizer: true, metadata: loaded.metadata })).toEqual(bytes);
  });
});

describe("a model that was loaded", () => {
  it("without the optimizer begins to train anew, from its weights", async () => {
    const model = await compile(chain(), trainings.adam);
    await model.fit({ x, y });
    const bytes = await save(model);
    expect(bytes.length).toBeLessThan(model.snapshot().length);
    const loaded = await load(bytes);
    expect(weightBits(loaded.model as Model)).toEqual(weightBits(model));
    await loaded.model.fit({ x, y });
    expect(weightBits(loaded.model as Model)).not.toEqual(weightBits(model));
  });

  it("only to predict has no loss", async () => {
    const model = await compile(chain(), trainings.adam);
    const loaded = await load(await save(model), { training: false });
    expect(await loaded.predict(x)).toEqual(await model.predict(x));
    expect(await rejectionOf(loaded.model.fit({ x, y }))).toMatchObject({ name: "OptionError" });
    expect(loaded.model.memory.planned).toBeLessThan(model.memory.planned);
  });

  it("has the same layers frozen", async () => {
    const model = await compile(chain(), trainings.adam);
    model.freeze("dense");
    const loaded = await load(await save(model, { optimizer: true }));
    expect(loaded.model.summary()).toBe(model.summary());
  });

  it("has two ends with their losses, weights and metrics", async () => {
    const [a, b] = [input(4), input(2)];
    const joined = add()(dense(5, "relu")(a), dense(5, "relu")(b));
    const net = network({
      inputs: { a, b },
      outputs: { kind: dense(3, "softmax")(joined), yes: dense(1, "sigmoid")(joined) },
    });
    const model = await compile(net, {
      loss: { kind: "crossEntropy", yes: binaryCrossEntropy({ labelSmoothing: 0.1 }) },
      lossWeights: { yes: 0.25 },
      metrics: { kind: ["accuracy"], yes: [fBeta({ beta: 2, name: "f2" }), "rocAuc"] },
    });
    const data = { x: { a: x, b: rowsOf(40, 2) }, y: { kind: labels, yes: labels.map((one) => [one % 2]) } };
    await model.fit(data);
    const loaded = await load<{ a: typeof a; b: typeof b }>(
      await save(model, { labels: { kind: ["r", "g", "b"] } }),
    );
    expect(await loaded.model.evaluate(data as never)).toEqual(await model.evaluate(data));
    const { kind, yes } = (await loaded.predict(data.x)) as unknown as Record<string, { label: unknown }[]>;
    expect(yes).toBeInstanceOf(Float32Array);
    expect(kind!.every(({ label }) => ["r", "g", "b"].includes(label as string))).toBe(true);
  });
});

describe("records", () => {
  const people = x.map(([height, width], i) => ({ height, width, color: ["red", "green", "blue"][i % 3] }));
  const species = labels.map((one) => ["setosa", "versicolor", "virginica"][one] as string);

  async function saved() {
    const encoder = columns({ height: standardScaler(), width: standardScaler(), color: oneHotEncoder() });
    const names = labelEncoder();
    const net = sequential(input(5), dense(8, "relu"), dense(3, "softmax"));
    const model = await compile(net, { loss: "crossEntropy" });
    const rows = encoder.fitTransform(people);
    await model.fit({ x: rows, y: names.fitTransform(species) }, { epochs: 3 });
    const expected = names.mostLikely(await model.predict(rows));
    return { bytes: await save(model, { encoders: encoder, labels: names }), expected };
  }

  it("go in as they are, and come out with the names of classes", async () => {
    const { bytes, expected } = await saved();
    const served = await load(bytes);
    const answers = (await served.predict(people)) as { label: string; outputs: Float32Array }[];
    expect(answers.map(({ label }) => label)).toEqual(expected);
    expect(answers[0]!.outputs).toHaveLength(3);
    expect(await served.predict(people[5])).toEqual(answers[5]);
  });

  it("that are damaged are refused by their column", async () => {
    const served = await load((await saved()).bytes);
    const error = await rejectionOf(served.predict({ ...people[0], color: "pink" }));
    expect(error).toMatchObject({ name: "DataError", message: expect.stringContaining("pink") });
  });
});

describe("functions of one's own", () => {
  const distance = (p: Value, t: Value) => mean(square(subtract(p, t)));
  const near = customMetric(distance, { name: "near", direction: "lower" });
  const halved = (step: number) => 0.1 / (1 + step);
  const made = () =>
    compile(chain(), {
      loss: customLoss(distance),
      metrics: [near],
      optimizer: sgd({ learningRate: halved }),
    });
  const parts = { losses: { distance }, metrics: { near }, schedules: { halved } };

  it("are given again by their names", async () => {
    const model = await made();
    const loaded = await load(await save(model), parts);
    expect(loaded.missing).toEqual([]);
    const reports = await Promise.all([model.fit({ x, y }), loaded.model.fit({ x, y })]);
    expect({ ...reports[1]![0], samplesPerSecond: 0 }).toEqual({ ...reports[0]![0], samplesPerSecond: 0 });
    expect(weightBits(loaded.model as Model)).toEqual(weightBits(model));
  });

  it("are not needed to predict, and the line to write is told", async () => {
    const model = await made();
    const bytes = await save(model);
    const loaded = await load(bytes);
    expect(await loaded.predict(x)).toEqual(await model.predict(x));
    const message =
      'load: training.outputs[0].loss.function is "distance", which is of your own. Give what makes it: ' +
      "load(bytes, { losses: { distance } }).";
    expect(loaded.missing).toEqual([message]);
    expect(await rejectionOf(load(bytes, { training: true }))).toMatchObject({
      name: "FormatError",
      message,
    });
  });
});

describe("save refuses", () => {
  const refusal = async (options: object) => {
    const model = await compile(chain(), trainings.adam);
    const error = (await rejectionOf(save(model, options))) as Error;
    expect(error.name).toBe("OptionError");
    return error.message;
  };

  const cases: Readonly<Record<string, readonly [options: () => object, says: string]>> = {
    "an encoder that has learned nothing": [
      () => ({ encoders: columns({ a: standardScaler() }) }),
      "save: encoders: the columns has learned nothing yet; call fit first",
    ],
    "encoders by name where there is one input": [
      () => ({ encoders: { a: standardScaler() } }),
      "save: encoders is an object (Object); needs a fitted encoder, as columns(…) of wasmgrad/data.",
    ],
    "no names of classes": [() => ({ labels: [] }), "save: labels is []; needs the name of each class"],
    "a number as labels": [() => ({ labels: 3 }), "save: labels is 3; needs"],
    "what JSON loses": [
      () => ({ metadata: { at: Number.NaN } }),
      "save: metadata.at is NaN; needs what JSON holds",
    ],
    "a list as metadata": [() => ({ metadata: [1] }), "save: metadata"],
    "a misspelled option": [() => ({ optimiser: true }), 'Did you mean "optimizer"?'],
  };

  it.each(Object.keys(cases))("%s", async (name) => {
    const [options, says] = cases[name]!;
    expect(await refusal(options())).toContain(says);
  });

  it("what is no model", async () => {
    expect(await rejectionOf(save({} as Model))).toMatchObject({ name: "OptionError" });
  });
});
