/**
 * Every layer, activation, initializer, constraint, loss, metric, optimizer, schedule and encoder that there is goes through a
 * file and back to the same bits: a new one is among them by being exported, and fails where it does not come back.
 */
import { describe, expect, it } from "vitest";
import * as data from "../../../src/data/index.ts";
import {
  type Activation,
  type ActivationName,
  type ConfiguredConstraint,
  compile,
  dense,
  flatten,
  type Initializer,
  input,
  type Layer,
  type Loss,
  type Metric,
  type Model,
  type Network,
  type Node,
  type Optimizer,
  type Schedule,
  sequential,
  sgd,
} from "../../../src/index.ts";
import { fromJSON, load, save, toJSON } from "../../../src/io/index.ts";
import { everything } from "../../../src/io/network/everything.ts";
import { isNode } from "../../../src/layers/layer.ts";
import { LOSSES } from "../../../src/losses/index.ts";
import { METRICS } from "../../../src/metrics/engine/index.ts";
import { OPTIMIZERS } from "../../../src/optimizers/index.ts";
import { numbers, rowsOf, weightBits } from "../../given/models.ts";
import { callsOf } from "./samples.ts";

const ROWS = 12;
const x = rowsOf(ROWS, 6);
const y = rowsOf(ROWS, 3, 2);
const fitOptions = { batchSize: ROWS, shuffle: false, health: false };

/** What training makes of it: weights and predictions, to the bit. */
async function trained(net: Network, row: readonly number[]) {
  const model = await compile(net, {
    loss: "meanSquaredError",
    optimizer: sgd({ learningRate: 0.01 }),
    seed: 3,
  });
  const rows = Float32Array.from(numbers(ROWS * row.reduce((a, b) => a * b, 1), 4));
  await model.fit({ x: rows, y: rowsOf(ROWS, 2, 2) }, { ...fitOptions, epochs: 2 });
  return { bits: weightBits(model), predicted: await model.predict(rows) };
}

const again = async (net: Network) => fromJSON(JSON.stringify(toJSON(net)));

describe("a network comes back to the same bits with the layer", () => {
  const shapes = [[6], [6, 4], [6, 6, 4]];
  const all = callsOf<Layer | Node>("layers", everything.layers);
  it.each(all.filter(([, make]) => isNode(make())))("%s, which is an input", async (_, make) => {
    const net = () => sequential(make() as Node, dense(2)) as Network;
    expect(toJSON(await again(net()))).toEqual(toJSON(net()));
  });

  it.each(all.filter(([, make]) => !isNode(make())))("%s", async (_, given) => {
    const make = given as () => Layer;
    const row = shapes.find((one) => {
      try {
        make().definition.shape([[-1, ...one]]);
        return true;
      } catch {
        return false;
      }
    }) as number[];
    const layer = make();
    const net = () => sequential(input(row), layer, flatten(), dense(2)) as Network;
    expect(toJSON(await again(net()))).toEqual(toJSON(net()));
    expect(await trained(await again(net()), row)).toEqual(await trained(net(), row));
  });
});

const names: Readonly<Record<ActivationName, 0>> = {
  ...{
    linear: 0,
    relu: 0,
    elu: 0,
    selu: 0,
    celu: 0,
    gelu: 0,
    geluTanh: 0,
    silu: 0,
    swish: 0,
    mish: 0,
    relu6: 0,
  },
  ...{
    leakyRelu: 0,
    sigmoid: 0,
    tanh: 0,
    softplus: 0,
    softsign: 0,
    hardSigmoid: 0,
    hardSwish: 0,
    hardTanh: 0,
  },
  ...{ exponential: 0, softmax: 0, logSoftmax: 0 },
};

describe("a dense layer does with", () => {
  const options = [
    ...Object.keys(names).map((name) => [`the activation "${name}"`, { activation: name }] as const),
    ...callsOf<Activation>("activations", everything.activations).map(
      ([name, make]) => [`the activation ${name}`, { activation: make() }] as const,
    ),
    ...callsOf<Initializer>("initializers", everything.initializers).map(
      ([name, make]) => [`the initializer ${name}`, { kernelInitializer: make() }] as const,
    ),
    ...callsOf<ConfiguredConstraint>("constraints", everything.constraints).map(
      ([name, make]) => [`the constraint ${name}`, { kernelConstraint: make() }] as const,
    ),
  ];
  it.each(options)("%s", async (_, given) => {
    const net = () => sequential(input(6), dense(6, given as object), dense(2)) as Network;
    expect(await trained(await again(net()), [6])).toEqual(await trained(net(), [6]));
  });
});

/** Trains on from a file in the midst as it would have without. */
async function expectResumed(options: object, targets: unknown, units = 3, more = {}) {
  const train = (model: Model, epochs: number) =>
    model.fit({ x, y: targets } as never, { ...fitOptions, ...more, epochs });
  const ready = () =>
    compile(sequential(input(6), dense(4, "tanh"), dense(units)), {
      seed: 5,
      ...options,
    } as never) as unknown as Promise<Model>;
  const whole = await ready();
  await train(whole, 3);
  const first = await ready();
  await train(first, 2);
  const { model } = await load(await save(first, { optimizer: true }), { training: true });
  await train(model as Model, 1);
  expect(weightBits(model as Model)).toEqual(weightBits(whole));
  expect(await model.evaluate({ x, y: targets } as never)).toEqual(
    await whole.evaluate({ x, y: targets } as never),
  );
}

describe("training goes on to the same bits with the optimizer", () => {
  const all = [
    ...Object.keys(OPTIMIZERS).map((name) => [`"${name}"`, () => name] as const),
    ...callsOf<Optimizer>("optimizers", everything.optimizers),
  ];
  it.each(all)("%s", async (_, make) => {
    await expectResumed({ loss: "meanSquaredError", optimizer: make() }, y);
  });
});

describe("training goes on to the same bits with the schedule", () => {
  it.each(callsOf<Schedule>("schedules", everything.schedules))("%s", async (_, make) => {
    await expectResumed(
      { loss: "meanSquaredError", optimizer: sgd({ learningRate: make(), momentum: 0.5 }) },
      y,
    );
  });
});

const classes = Array.from({ length: ROWS }, (_, i) => i % 3);
const shares = rowsOf(ROWS, 3, 2).map((row) => {
  const positive = row.map((one) => one + 1.5);
  const sum = positive.reduce((a, b) => a + b, 0);
  return positive.map((one) => one / sum);
});
const signs = rowsOf(ROWS, 3, 2).map((row) => row.map(Math.sign));
const bits = rowsOf(ROWS, 3, 2).map((row) => row.map((one) => (one > 0 ? 1 : 0)));
/** Losses whose targets are no numbers of the output. */
const targets: Readonly<Record<string, readonly [targets: unknown, units: number]>> = {
  crossEntropy: [classes, 3],
  focal: [classes, 3],
  categoricalHinge: [classes, 3],
  binaryCrossEntropy: [bits, 3],
  binaryFocal: [bits, 3],
  hinge: [signs, 3],
  squaredHinge: [signs, 3],
  klDivergence: [shares, 3],
  poisson: [bits, 3],
  gaussianNegativeLogLikelihood: [rowsOf(ROWS, 1), 2],
};
/** Losses of inputs of their own: their file is that of any other (tests/laws/settledOptions.test.ts). */
const apart = ["contrastive", "triplet", "ctc"];

describe("training goes on to the same bits with the loss", () => {
  const all = [
    ...Object.keys(LOSSES).map((name) => [name, `"${name}"`, () => name as string | Loss] as const),
    ...callsOf<Loss>("losses", everything.losses).map(([name, make]) => [name, name, make] as const),
  ].filter(([name]) => !apart.includes(name));
  it.each(all)("%s, %s", async (name, _, make) => {
    const [own, units] = targets[name] ?? [y, 3];
    await expectResumed({ loss: make(), optimizer: "adam" }, own, units);
  });
});

describe("a model is scored alike with the metric", () => {
  const ofNumbers = /error|squared/i;
  const all = [
    ...Object.keys(METRICS).map((name) => [name, `"${name}"`, () => name as string | Metric] as const),
    ...callsOf<Metric>("metrics", everything.metrics).map(([name, make]) => [name, name, make] as const),
  ];
  it.each(all)("%s, %s", async (name, _, make) => {
    const [loss, own] = ofNumbers.test(name)
      ? (["meanSquaredError", y] as const)
      : (["crossEntropy", classes] as const);
    const isBinary = name === "binaryAccuracy";
    const given = isBinary ? (["binaryCrossEntropy", bits] as const) : ([loss, own] as const);
    const units = given[0] === "crossEntropy" ? 6 : 3;
    await expectResumed({ loss: given[0], metrics: [make()], optimizer: "sgd" }, given[1], units);
  });
});

describe("data is encoded alike by the encoder", () => {
  interface AnyEncoder {
    fit(given: unknown, options?: object): AnyEncoder;
    transform(given: unknown): unknown;
    toJSON(): object;
    readonly kind: string;
  }
  const table = rowsOf(8, 2).map((row) => row.map((one) => one * 1e3));
  const words = ["a", "b", "ä", "a"].map((word, i) => [word, i]);
  /** What each is fitted on: a new encoder that is not here does not compile. */
  const rows: { readonly [K in keyof data.Encoders]: unknown } = {
    standardScaler: table,
    minMaxScaler: table,
    robustScaler: table,
    imputer: [...table, [Number.NaN, 1]],
    booleanEncoder: [[true], [false], [true]],
    dateEncoder: ["2020-02-29", "1999-12-31"],
    oneHotEncoder: words,
    ordinalEncoder: words,
    hashingEncoder: ["a b", "ä", "c"],
    countEncoder: ["a b", "ä b", "c"],
    tfIdfEncoder: ["a b", "ä b", "c"],
    labelEncoder: ["a", "b", "ä"],
    columns: words.map(([word, i]) => ({ word, i })),
  };
  const { columns, oneHotEncoder, standardScaler } = data;
  const ofColumns = () => columns({ word: oneHotEncoder(), i: standardScaler() });
  const makers = Object.keys(rows).map((name) => [
    name,
    name === "columns" ? ofColumns : (data as Readonly<Record<string, unknown>>)[name],
  ]);
  const all = callsOf<AnyEncoder>("encoders", Object.fromEntries(makers));

  it.each(all)("%s", async (name, make) => {
    const given = rows[name as keyof typeof rows];
    const encoder = make().fit(given);
    const other = data.loadEncoder(JSON.stringify(encoder)) as unknown as AnyEncoder;
    expect(other.transform(given)).toEqual(encoder.transform(given));
    expect(JSON.stringify(other)).toBe(JSON.stringify(encoder));
    const net = sequential(input(2), dense(3));
    const what = name === "labelEncoder" ? { labels: encoder } : { encoders: encoder };
    const loaded = await load(await save(await compile(net), what as object));
    const back = (name === "labelEncoder" ? loaded.labels : loaded.encoders)[""] as unknown as AnyEncoder;
    expect(JSON.stringify(back)).toBe(JSON.stringify(encoder));
    expect(back.transform(given)).toEqual(encoder.transform(given));
  });
});
