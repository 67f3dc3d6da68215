/** `fit`, `evaluate`, `predict` and `activations`: options, rows, targets and streams that do not fit. */

import {
  type Batches,
  compile,
  customLayer,
  dense,
  input,
  lbfgs,
  learningRateRangeTest,
  network,
  sequential,
} from "../../../src/index.js";
import { mean, subtract } from "../../../src/ops/index.js";
import { eachOf, type Misuses, NOT, ofOptions, wrong } from "./misuse.js";
import { anyModel, classifier, data, labeled, pairData, pairModel, regression, rows } from "./subjects.js";

const fitted = async (options: object, given: unknown = data) =>
  (await anyModel()).fit(wrong(given), options);

const fitOptions: Misuses = {
  ...ofOptions("fit", fitted, {
    epochs: [-1, Number.NaN, Number.POSITIVE_INFINITY, 5n, ...NOT.count],
    batchSize: NOT.count,
    accumulate: NOT.count,
    maxSteps: NOT.count,
    dataMemory: NOT.positive,
    shuffle: NOT.boolean,
    resume: NOT.boolean,
    statistics: NOT.boolean,
    health: [1, "no", null, {}],
    onDivergence: ["rollback", "retry", 3, null],
    onEpoch: NOT.function,
    onStep: NOT.function,
    onSteps: NOT.function,
    signal: [5, null, {}, new AbortController()],
    validation: [null, 0, "", {}, rows(4, 3), [data.x, data.y]],
    validationSplit: [0, 1, -0.5, Number.NaN, "0.2", null],
    callbacks: [3, null, {}],
  }),
  ...eachOf(
    "fit: an option of Keras",
    ["lr", "classWeight", "class_weight", "sample_weight", "verbose", "validation_data", "batch_size"],
    (name) => fitted({ [name]: 1 }),
  ),
  "fit: learningRate": () => fitted({ learningRate: 0.1 }),
  "fit: x and y one after the other": async () => (await anyModel()).fit(wrong(data.x), wrong(data.y)),
  "fit: validationSplit of almost all": () => fitted({ validationSplit: 0.99 }),
  "fit: validation and validationSplit": () => fitted({ validationSplit: 0.5, validation: data }),
  "fit: validationSplit of a stream": () => fitted({ validationSplit: 0.5 }, [data]),
  "fit: shuffle of a stream": () => fitted({ shuffle: true }, [data]),
  "fit: dataMemory of a stream": () => fitted({ dataMemory: 1000 }, [data]),
  "fit: lbfgs and a batchSize": async () =>
    (await regression({ optimizer: lbfgs() })).fit(data, { batchSize: 4 }),
  "fit: without a loss": async () => (await regression({ loss: undefined })).fit(data),
  "fit: with all frozen": async () => {
    const model = await regression();
    model.freeze("last");
    return model.fit(data);
  },
  "fit: without parameters": async () =>
    (await compile(sequential(input(3)), { loss: "meanSquaredError" })).fit({ x: data.x, y: data.x }),
  "fit: validation of another form": async () =>
    (await classifier()).fit(labeled, {
      validation: { x: labeled.x, y: labeled.y.map((one) => [0, 1, 2].map((k) => +(k === one))) },
    }),
  "fit: validation that does not fit": () => fitted({ validation: { x: rows(4, 2), y: rows(4, 2) } }),
  "fit: validation without targets": () => fitted({ validation: { x: rows(4, 3) } }),
  "fit: weighted batches to validate a plain training": () =>
    fitted({ validation: [{ ...data, sampleWeight: data.x.map(() => 1) }] }),
};

const resuming = async (options: object, given: unknown = data) => {
  const model = await regression();
  await model.fit(data, { batchSize: 4, epochs: 3, maxSteps: 3 });
  return model.fit(wrong(given), { batchSize: 4, epochs: 3, resume: true, ...options });
};
const resume: Misuses = {
  "fit: nothing to resume": async () => (await regression()).fit(data, { resume: true }),
  "fit: resume with other rows": () => resuming({}, { x: rows(7, 3), y: rows(7, 2) }),
  "fit: resume with another batchSize": () => resuming({ batchSize: 2 }),
  "fit: resume with micro-batches": () => resuming({ accumulate: 2 }),
  "fit: resume in another order": () => resuming({ shuffle: false }),
  "fit: resume with a stream": () => resuming({ batchSize: undefined }, [data]),
};

const withValue = (name: "x" | "y", one: unknown) => {
  const changed: Record<string, unknown[][]> = { x: rows(8, 3), y: rows(8, 2) };
  (changed[name]?.[5] as unknown[])[1] = one;
  return changed;
};
const STRANGE = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  1e39,
  "7",
  "seven",
  null,
  undefined,
  7n,
  true,
  {},
  [1, 2],
];

const examples: Misuses = {
  ...eachOf("fit: data", [null, 5, true, "text", {}, data.x, new Float32Array(3), []], (given) =>
    fitted({}, given),
  ),
  ...eachOf("fit: a number of x", STRANGE, (one) => fitted({}, withValue("x", one))),
  ...eachOf("fit: a number of y", [Number.NaN, 1e39, "7", null], (one) => fitted({}, withValue("y", one))),
  ...eachOf(
    "fit: x",
    [
      undefined,
      null,
      "text",
      3,
      {},
      [],
      new Float32Array(0),
      new BigInt64Array(24),
      new DataView(new ArrayBuffer(24)),
    ],
    (x) => fitted({}, { ...data, x }),
  ),
  ...eachOf("fit: y", [undefined, null, "text", 3, {}, [], new Float32Array(0), new BigInt64Array(16)], (y) =>
    fitted({}, { ...data, y }),
  ),
  "fit: rows too narrow": () => fitted({}, { ...data, x: rows(8, 2) }),
  "fit: rows too wide": () => fitted({}, { ...data, x: rows(8, 4) }),
  "fit: no whole number of rows": () => fitted({}, { ...data, x: new Float32Array(23) }),
  "fit: ragged rows": () =>
    fitted({}, { ...data, x: data.x.map((row, i) => (i === 6 ? row.slice(1) : row)) }),
  "fit: ragged targets": () =>
    fitted({}, { ...data, y: data.y.map((row, i) => (i === 4 ? [...row, 1] : row)) }),
  "fit: ragged images": async () =>
    (await compile(sequential(input([2, 3]), dense(1)), { loss: "meanSquaredError" })).fit({
      x: [
        [
          [1, 2, 3],
          [4, 5],
        ],
      ],
      y: [[[1], [2]]],
    }),
  "fit: images of uneven lines": async () =>
    (await compile(sequential(input([2, 3]), dense(1)), { loss: "meanSquaredError" })).fit({
      x: [
        [
          [1, 2],
          [3, 4, 5, 6],
        ],
      ],
      y: [[[1], [2]]],
    }),
  "fit: images of too many lines": async () =>
    (await compile(sequential(input([2, 3]), dense(1)), { loss: "meanSquaredError" })).fit({
      x: [
        [
          [1, 2],
          [3, 4],
          [5, 6],
        ],
      ],
      y: [[[1], [2]]],
    }),
  "fit: images of too few lines": async () =>
    (await compile(sequential(input([2, 3]), dense(1)), { loss: "meanSquaredError" })).fit({
      x: [
        [
          [1, 2, 3],
          [4, 5, 6],
          [7, 8, 9],
        ],
      ],
      y: [[[1], [2]]],
    }),
  "fit: NaN in a typed array": () =>
    fitted({}, { ...data, x: new Float64Array(24).fill(Number.NaN, 17, 18) }),
  "fit: a hole": () => fitted({}, { ...data, x: Object.assign([...data.x], { 2: undefined }) }),
  "fit: fewer targets than rows": () => fitted({}, { ...data, y: rows(7, 2) }),
  "fit: fewer numbers than rows": () => fitted({}, { ...data, y: new Float32Array(14) }),
  "fit: targets by another name": () => fitted({}, { x: data.x, targets: data.y }),
  "fit: labels for several numbers": () => fitted({}, { x: data.x, y: labeled.y }),
  "fit: a label as text": async () => (await classifier()).fit({ x: rows(2, 3), y: wrong(["cat", 1]) }),
  ...eachOf(
    "fit: sampleWeight",
    [null, 3, [1, 2], [1, 1, 1, -1, 1, 1, 1, 1], data.x.map(() => Number.NaN), data.y, "1"],
    (sampleWeight) => fitted({}, { ...data, sampleWeight }),
  ),
  "fit: sampleWeights": () => fitted({}, { ...data, sampleWeights: [1] }),
};

const fitPair = async (given: unknown) => (await pairModel()).fit(wrong(given));
const namedEnds: Misuses = {
  ...eachOf("fit: x of named inputs", [undefined, null, data.x, {}, { left: data.x }], (x) =>
    fitPair({ ...pairData, x }),
  ),
  ...eachOf("fit: y of named outputs", [undefined, null, data.y, {}, { price: data.y }], (y) =>
    fitPair({ ...pairData, y }),
  ),
  "fit: an input that there is not": () => fitPair({ ...pairData, x: { ...pairData.x, lfet: data.x } }),
  "fit: an output that there is not": () => fitPair({ ...pairData, y: { ...pairData.y, knid: labeled.y } }),
  "fit: unequal rows of inputs": () => fitPair({ ...pairData, x: { ...pairData.x, right: rows(7, 2) } }),
  "fit: unequal rows of targets": () => fitPair({ ...pairData, y: { ...pairData.y, kind: [0, 1] } }),
  "fit: a class of a named output": () =>
    fitPair({ ...pairData, y: { ...pairData.y, kind: labeled.y.with(4, 3) } }),
  "fit: columns of a named input": () => fitPair({ ...pairData, x: { ...pairData.x, left: rows(8, 4) } }),
  ...eachOf(
    "fit: sampleWeight of named outputs",
    [[1], { prize: [1] }, { price: [1] }, { price: null }],
    (sampleWeight) => fitPair({ ...pairData, sampleWeight }),
  ),
  "fit: sampleWeight without a loss": async () => {
    const start = input(3);
    const added = dense(2, { kernelRegularizer: "l2" })(start);
    const model = await compile(network({ inputs: start, outputs: { a: added } }));
    return model.fit({ x: data.x, sampleWeight: data.x.map(() => 1) } as never);
  },
};

const batch = (count: number) => ({ x: rows(count, 3), y: rows(count, 2) });
const once = () => [batch(4), batch(4)].values() as unknown as Batches;
const streams: Misuses = {
  ...eachOf(
    "fit: a batch",
    [5, null, "x", [], {}, { x: rows(2, 3) }, { x: 1, y: 2 }, { x: [1, 2, 3], y: 2 }],
    (one) => fitted({}, new Set([one])),
  ),
  "fit: no batches": () => fitted({}, function* () {}),
  "fit: a bad row later": () => fitted({}, [batch(4), { ...batch(4), x: [[1, 2]] }]),
  "fit: a generator for two epochs": () => fitted({ epochs: 2 }, once()),
  "fit: a generator that is validated on twice": () => fitted({ epochs: 2, validation: once() }),
  "fit: a generator with rollBack": () => fitted({ onDivergence: "rollBack" }, once()),
  "fit: a web stream for two epochs": () => fitted({ epochs: 2 }, new ReadableStream()),
  "fit: more rows than batchSize": () => fitted({ batchSize: 2 }, [batch(4)]),
  "fit: more rows than batchSize later": () => fitted({ batchSize: 4 }, [batch(4), batch(8)]),
  "fit: weights in some batches": () => fitted({}, [batch(2), { ...batch(2), sampleWeight: [1, 1] }]),
  "fit: weights in the first batch": () => fitted({}, [{ ...batch(2), sampleWeight: [1, 1] }, batch(2)]),
  "fit: targets of another form later": async () =>
    (await classifier()).fit([
      { x: rows(2, 3), y: [0, 1] },
      {
        x: rows(2, 3),
        y: [
          [1, 0, 0],
          [0, 1, 0],
        ],
      },
    ]),
  "fit: resume of another stream": async () => {
    const model = await regression();
    const stream = (size: number) => () => [batch(size), batch(size), batch(size)];
    await model.fit(stream(4), { epochs: 2, maxSteps: 2 });
    return model.fit(stream(3), { epochs: 2, resume: true });
  },
};

const evaluating: Misuses = {
  ...ofOptions("evaluate", async (options) => (await anyModel()).evaluate(data, options), {
    signal: [5, null, {}],
  }),
  ...eachOf("evaluate: data", [null, 5, {}, data.x], async (given) => (await anyModel()).evaluate(given)),
  "evaluate: x and y one after the other": async () =>
    (await anyModel()).evaluate(wrong(data.x), wrong(data.y)),
  "evaluate: without a loss": async () => (await regression({ loss: undefined })).evaluate(data),
  "evaluate: targets too wide": async () => (await anyModel()).evaluate({ x: data.x, y: rows(8, 3) }),
  "evaluate: no batches": async () => (await anyModel()).evaluate([]),
  ...ofOptions("predict", async (options) => (await anyModel()).predict(data.x, options), {
    signal: [5, null, {}],
  }),
  ...eachOf(
    "predict: x",
    [
      undefined,
      null,
      "text",
      3,
      {},
      [],
      [[1, 2]],
      [[1, 2, Number.NaN]],
      [[1, 2, "3"]],
      [1, 2, 3],
      new Float32Array(4),
    ],
    async (x) => (await anyModel()).predict(x),
  ),
  ...eachOf("predict: x of named inputs", [data.x, { left: data.x }, {}], async (x) =>
    (await pairModel()).predict(x),
  ),
  ...ofOptions("activations", async (options) => (await anyModel()).activations(data.x, ["last"], options), {
    signal: [5, null, {}],
  }),
  ...eachOf(
    "activations: layers",
    [undefined, "last", [], ["lst"], ["last/kernel"], [1], [null]],
    async (layers) => (await anyModel()).activations(data.x, layers),
  ),
  "activations: of a layer without rows": async () => {
    const start = input(3);
    const whole = customLayer({ kind: "whole", build: ([h]) => mean(h) });
    const minus = customLayer({ kind: "minus", build: ([h, m]) => subtract(h, m) });
    const model = await compile(network({ inputs: start, outputs: minus(start, whole(start)) }));
    return model.activations(data.x, ["whole"]);
  },
  "activations: rows too narrow": async () => (await anyModel()).activations(rows(2, 2), ["last"]),
};

const rangeTest: Misuses = {
  ...ofOptions(
    "learningRateRangeTest",
    async (options) => learningRateRangeTest(await anyModel(), data, options),
    {
      from: NOT.positive,
      to: [0, 1e-9, "1", null],
      steps: [1, 2.5, "3", null],
      batchSize: NOT.count,
      smoothing: NOT.share,
      stopFactor: [1, Number.NaN, "2", null],
      signal: [5, null, {}],
    },
  ),
  ...eachOf("learningRateRangeTest: a model", [undefined, null, {}, 3], (model) =>
    learningRateRangeTest(model, data),
  ),
  "learningRateRangeTest: x and y one after the other": async () =>
    learningRateRangeTest(await anyModel(), wrong(data.x), wrong(data.y)),
  "learningRateRangeTest: rows too narrow": async () =>
    learningRateRangeTest(await anyModel(), { ...data, x: rows(8, 2) }),
  "learningRateRangeTest: without a loss": async () =>
    learningRateRangeTest(await regression({ loss: undefined }), data),
};

export const fitting: Misuses = {
  ...fitOptions,
  ...resume,
  ...examples,
  ...namedEnds,
  ...streams,
  ...evaluating,
  ...rangeTest,
};
