/** Models in use, disposed or diverged, and what is kept of them: weights, snapshots, memory, what is frozen. */
import {
  compile,
  dense,
  type Examples,
  input,
  learningRateRangeTest,
  type Model,
  network,
  sequential,
  sgd,
} from "../../../src/index.js";
import { put, withHeader, withState } from "../../io/snapshot/file.js";
import { eachOf, type Misuses, NOT, ofOptions, wrong } from "./misuse.js";
import { anyModel, chain, classifier, data, labeled, regression } from "./subjects.js";

const weights: Misuses = {
  ...eachOf(
    "setWeights",
    [
      undefined,
      null,
      3,
      [],
      new Map(),
      { "last/biass": [1, 2] },
      { kernel: [1] },
      { "last/bias": [1] },
      { "last/bias": new Float32Array(3) },
      { "last/kernel": { shape: [2, 3], data: new Float32Array(6) } },
      { "last/kernel": { shape: [3, 2], data: new Float32Array(5) } },
      { "last/kernel": { shape: [3, 2] } },
      { "last/kernel": [[1, 2], [3], [4, 5]] },
      { "last/bias": [1, Number.NaN] },
      { "last/bias": { shape: [2], data: [1, Number.POSITIVE_INFINITY] } },
      { "last/bias": ["1", 2] },
      { "last/bias": null },
      { "last/bias": 1 },
      { "last/bias": "1, 2" },
      { "last/bias": new BigInt64Array(2) },
    ],
    async (given) => (await anyModel()).setWeights(given),
  ),
  ...eachOf("learningRateFactor", NOT.positive, async (factor) => {
    (await anyModel()).learningRateFactor = factor;
  }),
};

const frozen: Misuses = Object.assign(
  {},
  ...(["freeze", "unfreeze"] as const).map((act) => ({
    [`${act}: nothing`]: async () => (await anyModel())[act](),
    ...eachOf(`${act}: a pattern`, ["lst", "nothing*", "", 3, null, ["last"]], async (pattern) =>
      (await anyModel())[act](pattern),
    ),
  })),
  {
    "freeze: all that a loss trains": async () => {
      const start = input(3);
      const outputs = { a: dense(1, { name: "left" })(start), b: dense(1, { name: "right" })(start) };
      return (await compile(network({ inputs: start, outputs }), { loss: "meanSquaredError" })).freeze(
        "left",
      );
    },
  },
);

/** Restores bytes that were changed in a model like the one that they were taken of. */
async function restored(change: (bytes: Uint8Array<ArrayBuffer>) => unknown, into: object = {}) {
  const model = await regression();
  return (await regression(into)).restore(change(model.snapshot()) as Uint8Array);
}

const snapshots: Misuses = {
  ...ofOptions("snapshot", async (options) => (await anyModel()).snapshot(options), {
    attachments: [[], 3, "text"],
  }),
  ...eachOf(
    "snapshot: an attachment",
    [
      new Float32Array(3),
      [1, Number.NaN],
      [undefined],
      () => 1,
      7n,
      new Map(),
      Symbol("s"),
      Number.POSITIVE_INFINITY,
      { deep: { er: [undefined] } },
    ],
    async (one) => (await anyModel()).snapshot({ attachments: { one } }),
  ),
  "snapshot: an attachment that holds itself": async () => {
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    return (await anyModel()).snapshot({ attachments: wrong({ circle }) });
  },
  ...eachOf(
    "restore",
    [undefined, null, "wgss", 3, [], {}, new Uint8Array(0), new Uint8Array(64)],
    async (bytes) => (await anyModel()).restore(bytes),
  ),
  ...ofOptions(
    "restore",
    async (options) => {
      const model = await regression();
      return model.restore(model.snapshot(), options);
    },
    { weightsOnly: NOT.boolean, newSettings: NOT.boolean },
  ),
  ...Object.fromEntries(
    [3, 12, 100, -4, -1].map((end) => [
      `restore: cut at ${end}`,
      () => restored((bytes) => bytes.slice(0, end)),
    ]),
  ),
  "restore: too long": () => restored((bytes) => Uint8Array.from([...bytes, 0, 0, 0, 0])),
  "restore: a bit of a weight": () => restored((bytes) => bytes.with(-3, (bytes.at(-3) as number) ^ 1)),
  "restore: a letter of the header": () =>
    restored((bytes) => bytes.with(Buffer.from(bytes).indexOf("parameters"), 0x71)),
  "restore: a header that does not begin as it should": () => restored((bytes) => bytes.with(17, 0)),
  "restore: a header beyond all files": () => restored((bytes) => bytes.with(4, 9)),
  "restore: another format": () => restored((bytes) => withState(bytes, put("format", 3))),
  "restore: a negative step": () => restored((bytes) => withState(bytes, put("step", -1))),
  "restore: a field that there is not": () => restored((bytes) => withState(bytes, put("sedd", 1))),
  "restore: a type that there is not": () =>
    restored((bytes) => withHeader(bytes, (header) => put("dtype", "F33")(header["last/bias"]))),
  "restore: what JSON made of bytes": () => restored((bytes) => wrong(JSON.parse(JSON.stringify(bytes)))),
  "restore: what JSON made of a Buffer": () =>
    restored((bytes) => wrong(JSON.parse(JSON.stringify(Buffer.from(bytes))))),
  "restore: another seed": () => restored((bytes) => bytes, { seed: 6 }),
  "restore: another optimizer": () => restored((bytes) => bytes, { optimizer: sgd() }),
  "restore: another optimizer with as many slots": () => restored((bytes) => bytes, { optimizer: "nadam" }),
  "restore: no loss": () => restored((bytes) => bytes, { loss: undefined }),
  "restore: other units": async () =>
    (await compile(chain(3), { loss: "meanSquaredError" })).restore((await regression()).snapshot()),
  "restore: other units, weights only": async () =>
    (await compile(chain(3))).restore((await regression()).snapshot(), { weightsOnly: true }),
  "restore: other layers": async () => {
    const other = sequential(input(3), dense(8), dense(8), dense(8), dense(2, { name: "last" }));
    return (await compile(other, { loss: "meanSquaredError" })).restore((await regression()).snapshot());
  },
  "restore: layers that are frozen": async () => {
    const model = await regression();
    const snapshot = model.snapshot();
    model.freeze("last");
    return model.restore(snapshot);
  },
};

/** Calls while the model is in fit. */
async function during<M extends Model>(make: Promise<M>, rows: Examples, act: (model: M) => unknown) {
  const model = await make;
  let called: Promise<unknown> | undefined;
  await model.fit(rows, {
    onStep: async () => {
      called ??= (async () => act(model))();
      await called.catch(() => undefined);
    },
  });
  return called;
}
const whileFitting = (act: (model: Model) => unknown) => () =>
  during(regression() as Promise<Model>, data, act);

const busy: Misuses = {
  "fit during fit": whileFitting((model) => model.fit(data)),
  "setWeights during fit": whileFitting((model) => model.setWeights({})),
  "learningRateFactor during fit": whileFitting((model) => {
    model.learningRateFactor = 0.5;
  }),
  "freeze during fit": whileFitting((model) => model.freeze("last")),
  "unfreeze during fit": () => {
    const half = sequential(input(3), dense(4, { trainable: false, name: "first" }), dense(2));
    return during(compile(half, { loss: "meanSquaredError" }), data, (model) => model.unfreeze("first"));
  },
  "restore during fit": whileFitting((model) => model.restore(model.snapshot())),
  "activations during fit": whileFitting((model) => model.activations(data.x, ["last"])),
  "learningRateRangeTest during fit": whileFitting((model) => learningRateRangeTest(model, data)),
  "evaluate on targets of another form during fit": () => {
    const oneHot = labeled.y.map((label) => [0, 1, 2].map((k) => +(k === label)));
    return during(classifier() as Promise<Model>, labeled, (model) =>
      model.evaluate({ x: labeled.x, y: oneHot }),
    );
  },
  "evaluate with weights during fit": whileFitting((model) =>
    model.evaluate({ ...data, sampleWeight: data.x.map(() => 1) }),
  ),
};

/** Calls of a model that was disposed. */
const after = (act: (model: Model) => unknown) => async () => {
  const model = await regression();
  model.dispose();
  return act(model as Model);
};

const disposed: Misuses = {
  "fit after dispose": after((model) => model.fit(data)),
  "evaluate after dispose": after((model) => model.evaluate(data)),
  "predict after dispose": after((model) => model.predict(data.x)),
  "activations after dispose": after((model) => model.activations(data.x, ["last"])),
  "weights after dispose": after((model) => model.weights()),
  "averagedWeights after dispose": after((model) => model.averagedWeights()),
  "setWeights after dispose": after((model) => model.setWeights({})),
  "snapshot after dispose": after((model) => model.snapshot()),
  "restore after dispose": after((model) => model.restore(new Uint8Array(64))),
  "freeze after dispose": after((model) => model.freeze("last")),
  "unfreeze after dispose": after((model) => model.unfreeze("last")),
  "memory after dispose": after((model) => model.memory),
  "lifetimes after dispose": after((model) => model.lifetimes()),
  "disassemble after dispose": after((model) => model.disassemble()),
  "learningRateFactor after dispose": after((model) => {
    model.learningRateFactor = 0.5;
  }),
  "learningRateRangeTest after dispose": after((model) => learningRateRangeTest(model, data)),
  "a model that is disposed while its worker is at work": async () => {
    const model = await regression({ worker: true });
    const prediction = model.predict(data.x);
    model.dispose();
    return prediction;
  },
  "a model that is disposed between two batches": async () => {
    const model = await regression();
    return model.fit(async function* () {
      yield data;
      model.dispose();
      yield data;
    });
  },
  "a model that is disposed by onStep": async () => {
    const model = await regression();
    return model.fit(data, { epochs: 3, onStep: () => model.dispose() });
  },
};

/** Fits with numbers that leave the range of f32. */
async function diverging(set: Readonly<Record<string, number[]>>, options: object = {}, learningRate = 0.5) {
  const named = sequential(input(1), dense(1, { name: "hidden" }), dense(1, { name: "out" }));
  const model = await compile(named, { loss: "meanSquaredError", optimizer: sgd({ learningRate }) });
  model.setWeights({ "hidden/kernel": [1], "out/kernel": [1], ...set });
  return model.fit({ x: [[1], [1]], y: [[0], [0]] }, options);
}

const divergence: Misuses = {
  "a layer that overflows": () => diverging({ "hidden/kernel": [3e38], "out/kernel": [3e38] }),
  "a loss that overflows": () => diverging({ "out/bias": [2 ** 102] }),
  "an update that overflows": () => diverging({ "out/bias": [127] }, {}, 3e38),
  "a loss that overflows, rolled back": () =>
    diverging({ "out/bias": [2 ** 102] }, { onDivergence: "rollBack" }),
};

const limited = async (given: object, options: object = {}) => {
  const model = await compile(sequential(input(1000), dense(1)), {
    loss: "meanSquaredError",
    memoryLimit: 1_200_000,
  });
  return model.fit(wrong(given), options);
};
const zeros = (count: number) => ({ x: new Float32Array(count * 1000), y: new Float32Array(count) });

const looking: Misuses = {
  "fit: data beyond memoryLimit": () => limited(zeros(500), { dataMemory: 2 ** 24 }),
  "fit: a batchSize beyond memoryLimit": () => limited(zeros(500), { batchSize: 500 }),
  "fit: a batch beyond memoryLimit": () => limited([zeros(500)]),
  ...ofOptions("lifetimes", async (options) => (await anyModel()).lifetimes(options), {
    most: NOT.count,
    columns: NOT.count,
  }),
  ...eachOf("disassemble", ["evalute", "fit", ...NOT.name], async (method) =>
    (await anyModel()).disassemble(method),
  ),
};

export const keeping: Misuses = {
  ...weights,
  ...frozen,
  ...snapshots,
  ...busy,
  ...disposed,
  ...divergence,
  ...looking,
};
