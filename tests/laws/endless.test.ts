/** What is nested 5,000 deep, holds itself, or says that it is 2³² − 1 long, is refused at once, with a typed error. */
import { describe, expect, it } from "vitest";
import { gradientCheck } from "../../src/autodiff/index.js";
import {
  columns,
  Dataset,
  hashingEncoder,
  kFold,
  labelEncoder,
  oneHotEncoder,
  standardScaler,
  takeRows,
} from "../../src/data/index.js";
import {
  adam,
  compile,
  crossEntropy,
  dense,
  input,
  network,
  precision,
  rescale,
  sequential,
  constant as start,
  topKAccuracy,
} from "../../src/index.js";
import { accuracy, classificationReport, confusionMatrix, rSquared } from "../../src/metrics/index.js";
import { concat, constant, reshape, sum } from "../../src/ops/index.js";

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < depth; i++) value = [value];
  return value;
}

function nestedRecord(depth: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < depth; i++) value = { value };
  return value;
}

function cyclic(): unknown {
  const value: unknown[] = [];
  value.push(value);
  return value;
}

function cyclicRecord(): unknown {
  const value: Record<string, unknown> = {};
  value.value = value;
  return value;
}

const ENDLESS: readonly [string, () => unknown][] = [
  ["a list 5,000 deep", () => nested(5_000)],
  ["a record 5,000 deep", () => nestedRecord(5_000)],
  ["a list that holds itself", cyclic],
  ["a record that holds itself", cyclicRecord],
  ["what says that it is 2³² − 1 long", () => ({ length: 2 ** 32 - 1 })],
  ["an array of 2³² − 1 holes", () => new Array(2 ** 32 - 1)],
];

const model = await compile(sequential(input(2), dense(2, "softmax")), { loss: "crossEntropy" });
const x = [
  [1, 2],
  [3, 4],
];
const y = [0, 1];

/** Where each of them is given. */
const PLACES: Readonly<Record<string, (value: never) => unknown>> = {
  "fit: x": (value) => model.fit({ x: value, y }),
  "fit: x, a row": (value) => model.fit({ x: [value, value], y }),
  "fit: y": (value) => model.fit({ x, y: value }),
  "fit: sampleWeight": (value) => model.fit({ x, y, sampleWeight: value }),
  "fit: validation": (value) => model.fit({ x, y }, { validation: value }),
  "fit: callbacks": (value) => model.fit({ x, y }, { callbacks: value }),
  "fit: epochs": (value) => model.fit({ x, y }, { epochs: value }),
  "fit: batches": (value) => model.fit([value]),
  "evaluate: x": (value) => model.evaluate({ x: value, y }),
  "predict: x": (value) => model.predict(value),
  setWeights: (value) => model.setWeights({ "dense/kernel": value }),
  "setWeights: shape": (value) => model.setWeights({ "dense/kernel": { shape: value, data: [1] } }),
  freeze: (value) => model.freeze(value),
  activations: (value) => model.activations(x, value),
  "snapshot: attachments": (value) => model.snapshot({ attachments: value }),
  "snapshot: an attachment": (value) => model.snapshot({ attachments: { value } }),
  restore: (value) => model.restore(value),
  "compile: loss": (value) => compile(sequential(input(2), dense(2)), { loss: value }),
  "compile: metrics": (value) =>
    compile(sequential(input(2), dense(2)), { loss: "meanSquaredError", metrics: value }),
  "compile: optimizer": (value) => compile(sequential(input(2), dense(2)), { optimizer: value }),
  "adam: groups": (value) => adam({ groups: value }),
  "adam: learningRate": (value) => adam({ learningRate: value }),
  "crossEntropy: classWeights": (value) => crossEntropy({ classWeights: value }),
  "precision: average": (value) => precision({ average: value }),
  "topKAccuracy: k": (value) => topKAccuracy({ k: value }),
  "dense: units": (value) => dense(value),
  "dense: activation": (value) => dense(2, value),
  "dense: options": (value) => dense(2, { kernelInitializer: value }),
  "input: shape": (value) => input(value),
  "initializer: constant": (value) => start(value),
  rescale: (value) => rescale(value),
  sequential: (value) => sequential(value),
  "network: inputs": (value) => network({ inputs: value, outputs: value }),
  "ops.constant": (value) => constant(value),
  "ops.constant: shape": (value) => constant([1], value),
  "ops.constant: flat": (value) => constant([1, value]),
  "ops.reshape": (value) => reshape(constant([1]), value),
  "ops.concat": (value) => concat(value, {}),
  "ops.sum: axis": (value) => sum(constant([1]), { axis: value }),
  "metrics: predicted": (value) => accuracy(value, [1]),
  "metrics: labels": (value) => accuracy([1, 0], value),
  "metrics: sampleWeight": (value) => rSquared([1, 2], [1, 2], { sampleWeight: value }),
  "metrics: classes": (value) => confusionMatrix([1, 0], [1, 0], { classes: value }),
  "metrics: names": (value) => classificationReport(value, [1, 0], { classes: value }),
  "encoders: standardScaler": (value) => standardScaler().fit(value),
  "encoders: oneHotEncoder": (value) => oneHotEncoder().fit(value),
  "encoders: categories": (value) => oneHotEncoder({ categories: value }),
  "encoders: hashingEncoder": (value) => hashingEncoder({ size: 4 }).fitTransform(value),
  "encoders: labelEncoder": (value) => labelEncoder().fit(value),
  "encoders: columns": (value) => columns({ a: standardScaler() }).fit(value),
  "encoders: a record": (value) => columns({ a: standardScaler() }).fit([value]),
  takeRows: (value) => takeRows({ x, y }, value),
  "kFold: split": (value) => [...kFold({ folds: 2 }).split(value)],
  "Dataset: batch": async (value) => {
    for await (const _ of Dataset.fromIterable([value, 1]).batch(2));
  },
  gradientCheck: (value) => gradientCheck(model, value),
};

/** What JSON holds is an attachment, whatever it says of a length; a batch of what is no numbers is a list of it. */
const TAKEN = new Set([
  "snapshot: attachments, what says that it is 2³² − 1 long",
  "snapshot: an attachment, what says that it is 2³² − 1 long",
  "Dataset: batch, an array of 2³² − 1 holes",
]);

describe.each(ENDLESS)("%s", (kind, make) => {
  const places = Object.entries(PLACES).filter(([place]) => !TAKEN.has(`${place}, ${kind}`));
  it.each(places)("is refused as %s", async (_, call) => {
    const outcome = await (async () => call(make() as never))().then(
      () => "nothing was thrown",
      (error: { code?: unknown }) => (/^WASMGRAD_/.test(String(error.code)) ? "refused" : error),
    );
    expect(outcome).toBe("refused");
  });
});
