/** What calls are made on and with where a type says too little: nodes that fit each other, models that can train. */
import {
  Dataset,
  kFold,
  labelEncoder,
  oneHotEncoder,
  standardScaler,
  toSparse,
} from "../../../src/data/index.js";
import {
  adam,
  add,
  compile,
  dense,
  dropout,
  earlyStopping,
  flatten,
  huber,
  input,
  leakyRelu,
  type Model,
  maxNorm,
  normal,
  precision,
  sequential,
  sgd,
} from "../../../src/index.js";
import { classificationReport, confusionMatrix } from "../../../src/metrics/index.js";
import { constant, sum } from "../../../src/ops/index.js";
import { data, rows, value } from "../misuses/subjects.js";
import type { Makers } from "./arguments.js";
import type { Draw } from "./draw.js";
import { HOSTILE, hostile } from "./hostile.js";

export const makeModel = (options: object = {}): Promise<Model> =>
  compile(sequential(input(3), dense(4, "tanh"), dense(2, { name: "last" })), {
    loss: "meanSquaredError",
    optimizer: adam(),
    seed: 1,
    ...options,
  }) as Promise<Model>;

/** Its methods have no model. */
const profile = await (await makeModel()).profile({ x: rows(4, 3), y: rows(4, 2) });

const chain = () => sequential(input(3), dense(4, "relu"), dense(2));
const values = [
  () => constant(2),
  () => value(3, 4),
  () => value(4),
  () => value(2, 3),
  () => sum(value(2, 2)),
];

/** Data that fits, but for one place in some: what is hostile there is met late. */
function examples(draw: Draw): unknown {
  const x: unknown[] = rows(8, 3);
  if (draw.is(0.2)) x[draw.below(8)] = hostile(draw);
  const given: Record<string, unknown> = { x, y: rows(8, 2) };
  if (draw.is(0.4)) given[draw.of(["x", "y", "sampleWeight", "z"])] = hostile(draw);
  return given;
}

/** Ends at once, as one whose script does not load. */
const deadWorker = () => ({
  postMessage: () => undefined,
  addEventListener(type: string, listener: (event: never) => void) {
    if (type === "error") setTimeout(() => listener({ message: "no script" } as never));
  },
  terminate: () => undefined,
});

export const makers = (model: Model): Makers => ({
  Model: () => model,
  Trainable: () => model,
  Node: (draw) => draw.of([() => input(3), () => dense(2)(input(3)), () => input([2, 3])])(),
  Layer: (draw) => draw.of([() => dense(2), () => dropout(0.5), () => flatten(), () => add()])(),
  ChainLink: (draw) => draw.of([() => dense(2), () => chain()])(),
  Network: () => chain(),
  AnyNetwork: () => chain(),
  Value: (draw) => draw.of(values)(),
  Operand: (draw) => draw.of(values)(),
  Optimizer: () => sgd({ learningRate: 0.1 }),
  Loss: () => huber(),
  Metric: () => precision(),
  Callback: (draw) =>
    draw.of([() => earlyStopping({ monitor: "loss" }), () => ({ onEpochEnd: () => undefined })])(),
  Dataset: () => Dataset.fromArrays(data),
  Encoder: (draw) => draw.of([() => standardScaler(), () => oneHotEncoder()])(),
  LabelEncoder: () => labelEncoder().fit(["a", "b"]),
  SavedEncoder: (draw) => {
    const saved = JSON.parse(JSON.stringify(standardScaler().fit(rows(4, 2)))) as Record<string, unknown>;
    if (draw.is(0.5)) saved[draw.of(["encoder", "format", "options", "fitted"])] = hostile(draw);
    return saved;
  },
  Examples: examples,
  Batches: (draw) =>
    draw.of([() => [examples(draw)], () => Dataset.fromArrays(data).batch(4), () => hostile(draw)])(),
  Activation: () => leakyRelu(),
  Initializer: () => normal(),
  ParameterConstraint: () => maxNorm(),
  Splitter: () => kFold({ folds: 2 }),
  ConfusionMatrix: () => confusionMatrix([0, 1], [0, 1]),
  ClassificationReport: () => classificationReport([0, 1], [0, 1]),
  Profile: () => profile,
  SparseRows: () => toSparse(rows(4, 3)),
  WebWorker: deadWorker,
  EngineSource: (draw) => draw.of(HOSTILE)(),
  BlobLike: () => new Blob(["1,2\n3,4"]),
  StreamLike: () => new Blob(["1,2\n3,4"]).stream(),
});
