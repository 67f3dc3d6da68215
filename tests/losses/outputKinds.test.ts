/** What `fit` reports is the loss, worked in f64, of what `predict` gives: whatever the output is made of. */
import { describe, expect, it } from "vitest";
import {
  activation,
  add,
  average,
  binaryCrossEntropy,
  compile,
  concatenate,
  crossEntropy,
  customLayer,
  dense,
  flatten,
  gaussianNoise,
  input,
  type LossOption,
  multiply,
  type Node,
  network,
  rescale,
  ShapeError,
  sgd,
} from "../../src/index.js";
import * as ops from "../../src/ops/index.js";
import { howMany } from "../given/depth.ts";
import { numbers, rejectionOf, rowsOf } from "../given/models.js";

const ROWS = 12;
const CLASSES = 3;
const x = rowsOf(ROWS, 4, 5);

/** Chances of one trial. */
function chances(seed: number) {
  const drawn = numbers(400, seed * 7919 + 1);
  let at = 16;
  return (choices: number) => Math.floor((((drawn[at++] as number) + 1) / 2) * choices);
}

const clipped = (low: number, high: number) =>
  customLayer({ kind: "clip", build: ([p]) => ops.clip(p, low, high) });
/** As a layer of rank 3 and back. */
const turned = () =>
  customLayer({
    kind: "turned",
    build: ([p]) => {
      const there = ops.reshape(p, [-1, 1, p.shape[1] as number]);
      return ops.reshape(ops.transpose(there, [1, 0, 2]), [-1, p.shape[1] as number]);
    },
  });

/** A head of probabilities: what it is made of follows from the chances. */
function headOf(pick: (choices: number) => number, name: "softmax" | "sigmoid", h: Node, depth = 0): Node {
  const deeper = () => headOf(pick, name, h, depth + 1);
  if (depth > 2) return dense(CLASSES, name)(h);
  const makes: (() => Node)[] = [
    () => dense(CLASSES, name)(h),
    () => dense(CLASSES, name)(h),
    () => activation(name)(dense(CLASSES)(h)),
    () => average()(deeper(), deeper()),
    () => multiply()(deeper(), deeper()),
    () => rescale(0.5 + pick(4) / 8)(deeper()),
    () => clipped(0.05, 0.9)(deeper()),
    () => flatten()(deeper()),
    () => turned()(deeper()),
    () => rescale(-1, { offset: 1 })(deeper()),
  ];
  return (makes[pick(makes.length)] as () => Node)();
}

const EPSILON = 1e-7;

/** −ln of the share of the label, each row by itself: Keras' categorical_crossentropy. */
function entropyOfClasses(p: Float32Array, labels: readonly number[], classes: number): number {
  let sum = 0;
  labels.forEach((label, row) => {
    const q = Array.from(p.subarray(row * classes, (row + 1) * classes), (one) => Math.max(one, EPSILON));
    sum -= Math.log((q[label] as number) / q.reduce((a, b) => a + b, 0));
  });
  return sum / labels.length;
}

function entropyOfShares(p: Float32Array, targets: Float32Array): number {
  let sum = 0;
  targets.forEach((t, i) => {
    const q = Math.min(Math.max(p[i] as number, EPSILON), 1 - EPSILON);
    sum -= t * Math.log(q) + (1 - t) * Math.log(1 - q);
  });
  return sum / targets.length;
}

const labels = numbers(ROWS, 9).map((one) => Math.floor(((one + 1) / 2) * CLASSES));
const shares = Float32Array.from(numbers(ROWS * CLASSES, 4), (one) => (one + 1) / 2);

/** What an epoch without steps of any length reports, and what is predicted. */
async function reported(
  head: (h: Node) => Node,
  loss: LossOption,
  y: readonly number[] | Float32Array,
  metrics = false,
) {
  const start = input(4);
  const net = network({ inputs: start, outputs: head(dense(6, "tanh")(start)) });
  const model = await compile(net, {
    loss,
    optimizer: sgd({ learningRate: () => 0 }),
    metrics: metrics ? ["accuracy", "logLoss"] : [],
    seed: 3,
  });
  const [report] = await model.fit({ x, y }, { batchSize: ROWS, health: false });
  const scores = await model.evaluate({ x, y });
  return { report, scores, predicted: await model.predict(x) };
}

describe("a loss on probabilities", () => {
  it.each(Array.from({ length: howMany(12, 200) }, (_, i) => i))(
    "of random head %i is that of classes",
    async (i) => {
      const pick = chances(i);
      const { report, scores, predicted } = await reported(
        (h) => headOf(pick, "softmax", h),
        "crossEntropy",
        labels,
        true,
      );
      const expected = entropyOfClasses(predicted, labels, CLASSES);
      expect(report?.loss).toBeCloseTo(expected, 5);
      expect(scores.loss).toBeCloseTo(expected, 5);
      expect((scores as unknown as { logLoss: number }).logLoss).toBeCloseTo(expected, 5);
    },
  );

  it.each(Array.from({ length: howMany(12, 200) }, (_, i) => i))(
    "of random head %i is that of shares",
    async (i) => {
      const pick = chances(i + 1000);
      const { report, scores, predicted } = await reported(
        (h) => headOf(pick, "sigmoid", h),
        "binaryCrossEntropy",
        shares,
        true,
      );
      expect(report?.loss).toBeCloseTo(entropyOfShares(predicted, shares), 5);
      const hits = Array.from(shares).filter((t, j) => t > 0.5 === (predicted[j] as number) > 0.5).length;
      expect((scores as unknown as { accuracy: number }).accuracy).toBeCloseTo(hits / shares.length, 6);
    },
  );

  it.each<[string, (h: Node) => Node]>([
    ["the mean of two softmaxes", (h) => average()(dense(3, "softmax")(h), dense(3, "softmax")(h))],
    ["a clip behind a softmax", (h) => clipped(0.01, 0.99)(dense(3, "softmax")(h))],
    ["a rescale behind a softmax", (h) => rescale(0.5)(dense(3, "softmax")(h))],
  ])("is not taken as logits: %s", async (_, head) => {
    const { report, predicted } = await reported(head, "crossEntropy", labels);
    const asLogits = entropyOfClasses(predicted.map(Math.exp), labels, CLASSES);
    expect(report?.loss).toBeCloseTo(entropyOfClasses(predicted, labels, CLASSES), 5);
    expect(Math.abs((report?.loss as number) - asLogits)).toBeGreaterThan(1e-3);
  });

  it.each<[string, (h: Node) => Node, number]>([
    ["the product of sigmoids", (h) => multiply()(dense(3, "sigmoid")(h), dense(3, "sigmoid")(h)), 3],
    ["sigmoids side by side", (h) => concatenate()(dense(1, "sigmoid")(h), dense(2, "sigmoid")(h)), 3],
  ])("is not taken as logits: %s", async (_, head) => {
    const { report, predicted } = await reported(head, "binaryCrossEntropy", shares);
    expect(report?.loss).toBeCloseTo(entropyOfShares(predicted, shares), 5);
  });

  it("is computed from the logits where they show: a sure answer keeps its gradient", async () => {
    const sure = dense(3, { activation: "softmax", kernelInitializer: "zeros", biasInitializer: "zeros" });
    const start = input(4);
    const model = await compile(network({ inputs: start, outputs: turned()(sure(start)) }), {
      loss: "crossEntropy",
    });
    // Far beyond what a clip at 1e-7 would leave: −ln p is 60.
    model.setWeights({ "dense/bias": [60, 0, 0] });
    const [report] = await model.fit({ x, y: labels.map(() => 1) }, { health: false, batchSize: ROWS });
    expect(report?.loss).toBeCloseTo(60, 3);
  });

  it("stays one where noise is added in training", async () => {
    const { report } = await reported(
      (h) => gaussianNoise(1e-6)(dense(3, "softmax")(h)),
      "crossEntropy",
      labels,
    );
    const { predicted } = await reported((h) => dense(3, "softmax")(h), "crossEntropy", labels);
    expect(report?.loss).toBeCloseTo(entropyOfClasses(predicted, labels, CLASSES), 4);
  });
});

describe("fromLogits", () => {
  it("says what the graph does not: logits", async () => {
    const { report, predicted } = await reported(
      (h) => dense(3, "tanh")(h),
      crossEntropy({ fromLogits: true }),
      labels,
    );
    expect(report?.loss).toBeCloseTo(entropyOfClasses(predicted.map(Math.exp), labels, CLASSES), 5);
  });

  it("says what the graph does not: probabilities", async () => {
    const gated = (h: Node) => {
      const gate = dense(3, "sigmoid")(h);
      const part = multiply()(gate, dense(3, "sigmoid")(h));
      return add()(part, multiply()(rescale(-1, { offset: 1 })(gate), dense(3, "sigmoid")(h)));
    };
    const error = await rejectionOf(reported(gated, "binaryCrossEntropy", shares));
    expect(error).toBeInstanceOf(ShapeError);
    expect((error as Error).message).toContain("fromLogits: true for logits, false for probabilities");
    const { report, predicted } = await reported(gated, binaryCrossEntropy({ fromLogits: false }), shares);
    expect(report?.loss).toBeCloseTo(entropyOfShares(predicted, shares), 5);
  });

  it.each<[string, (h: Node) => Node, LossOption, string]>([
    [
      "softmax twice",
      (h) => activation("softmax")(dense(3, "softmax")(h)),
      "crossEntropy",
      "Leave one of them out",
    ],
    [
      "relu",
      (h) => dense(3, "relu")(h),
      "crossEntropy",
      'a relu of layer "dense_2", lies between 0 and Infinity',
    ],
    [
      "tanh",
      (h) => dense(3, "tanh")(h),
      "binaryCrossEntropy",
      'a tanh of layer "dense_2", lies between -1 and 1',
    ],
    [
      "a softmax that is called logits",
      (h) => dense(3, "softmax")(h),
      crossEntropy({ fromLogits: true }),
      "Leave it out",
    ],
  ])("is asked for where it matters: %s is refused", async (_, head, loss, words) => {
    const error = await rejectionOf(reported(head, loss, loss === "binaryCrossEntropy" ? shares : labels));
    expect(error).toBeInstanceOf(ShapeError);
    expect((error as Error).message).toContain(words);
  });
});
