/** Cases of the ops that work along axes: softmax, losses, broadcasting. */
import fc from "fast-check";
import { ops } from "../../../src/graph/primitives/index.ts";
import { ROWS, type Shape, sizeOf } from "../../../src/graph/shape.ts";
import type { Value } from "../../../src/graph/value.ts";
import type { Accuracy, Application, Input, OpCase } from "../case.ts";
import { anything, type Domain, integers, oneHot, uniform } from "../domains.ts";
import { anyShape, lineShape, repeated } from "../shapes.ts";

const LARGE: Shape = [64, 1024];
const ordinary = uniform(-3, 3);

function linewise(
  op: (x: Value) => Value,
  domain: Domain,
  accuracy: Accuracy,
  gradient: OpCase["gradient"],
): OpCase {
  const apply = (shape: Shape): Application => ({
    inputs: [{ shape, domain, smooth: ordinary }],
    build: ([x]) => op(x!),
  });
  return { applications: lineShape.map(apply), accuracy, gradient, large: apply(LARGE) };
}

function linewiseGrad(op: (y: Value, dy: Value) => Value, y: Domain, accuracy: Accuracy): OpCase {
  const apply = (shape: Shape): Application => ({
    inputs: [
      { shape, domain: y },
      { shape, domain: uniform(-2, 2) },
    ],
    build: ([a, b]) => op(a!, b!),
  });
  return { applications: lineShape.map(apply), accuracy, gradient: "none", large: apply(LARGE) };
}

/** A prediction and what it is compared with. */
interface LossInputs {
  readonly prediction: Domain;
  readonly labels?: true;
  readonly target: (classes: number) => Domain;
  /** The target has a gradient too. */
  readonly both?: true;
}

function lossInputs({ prediction, labels, target, both }: LossInputs, shape: Shape): Input[] {
  const domain = target(shape.at(-1)!);
  const targetShape = labels ? shape.slice(0, -1) : shape;
  return [
    { shape, domain: prediction, smooth: ordinary },
    { shape: targetShape, domain, ...(both ? {} : { constant: true }) },
  ];
}

function loss(op: (prediction: Value, target: Value) => Value, from: LossInputs, accuracy: Accuracy): OpCase {
  const apply = (shape: Shape): Application => ({
    inputs: lossInputs(from, shape),
    build: ([prediction, target]) => op(prediction!, target!),
  });
  return {
    applications: lineShape.map(apply),
    accuracy,
    gradient: "finite differences",
    large: apply(LARGE),
  };
}

function lossGrad(
  op: (p: Value, t: Value, dloss: Value) => Value,
  from: LossInputs,
  accuracy: Accuracy,
): OpCase {
  const apply = (shape: Shape): Application => ({
    inputs: [...lossInputs(from, shape), { shape: shape.slice(0, -1), domain: uniform(-2, 2) }],
    build: ([prediction, target, dloss]) => op(prediction!, target!, dloss!),
  });
  return { applications: lineShape.map(apply), accuracy, gradient: "none", large: apply(LARGE) };
}

const regression: LossInputs = { prediction: ordinary, target: () => ordinary, both: true };
const labeled: LossInputs = { prediction: uniform(-8, 8), labels: true, target: integers };
const hot: LossInputs = {
  prediction: uniform(-8, 8),
  target: (n) => (n % 2 === 0 ? oneHot(n) : uniform(0, 1)),
};
const probable: LossInputs = { prediction: uniform(-8, 8), target: () => uniform(0, 1) };

const broadcastOf = (result: Shape, operand: Shape, perRow: boolean): Application => {
  const divisor = { factor: 3, perRow };
  return {
    inputs: [{ shape: operand, domain: ordinary }],
    build: ([x]) => ops.broadcastTo(x!, { shape: result, divisor }),
    attributes: { result, divisor },
  };
};

const reshapeOf = (from: Shape, to: Shape): Application => ({
  inputs: [{ shape: from, domain: anything, smooth: ordinary }],
  build: ([x]) => ops.reshape(x!, { shape: to }),
  attributes: { to },
});

/** All ways to write the same elements. */
const reshaped: fc.Arbitrary<Application> = anyShape.chain((shape) => {
  const { factor, perRow } = sizeOf(shape);
  const rows = perRow ? [ROWS] : [];
  return fc
    .constantFrom<Shape>([...rows, factor], [...rows, 1, factor], [...rows, factor, 1], [1, ...shape])
    .map((to) => reshapeOf(shape, to));
});

export const rowwise = {
  argMax: linewise(ops.argMax, anything, "exact", "none"),
  softmax: linewise(ops.softmax, uniform(-8, 8), { relative: 1e-6 }, "finite differences"),
  logSoftmax: linewise(ops.logSoftmax, uniform(-8, 8), { relative: 3e-7, floor: 16 }, "finite differences"),
  softmaxGrad: linewiseGrad(ops.softmaxGrad, uniform(0, 1), { relative: 1e-6, floor: 2 }),
  logSoftmaxGrad: linewiseGrad(ops.logSoftmaxGrad, uniform(-8, 0), { relative: 1e-6, floor: 8 }),
  squaredError: loss(ops.squaredError, regression, { relative: 1e-6 }),
  squaredErrorGrad: lossGrad(ops.squaredErrorGrad, regression, { relative: 1e-6 }),
  crossEntropy: loss(ops.crossEntropy, labeled, { relative: 1e-6, floor: 1 }),
  crossEntropyGrad: lossGrad(ops.crossEntropyGrad, labeled, { relative: 1e-6, floor: 1e-3 }),
  crossEntropyOneHot: loss(ops.crossEntropyOneHot, hot, { relative: 1e-6, floor: 4 }),
  crossEntropyOneHotGrad: lossGrad(ops.crossEntropyOneHotGrad, hot, { relative: 1e-6, floor: 4 }),
  binaryCrossEntropy: loss(ops.binaryCrossEntropy, probable, { relative: 1e-6, floor: 1e-3 }),
  binaryCrossEntropyGrad: lossGrad(ops.binaryCrossEntropyGrad, probable, { relative: 1e-6, floor: 1 }),
  broadcastTo: {
    applications: fc
      .tuple(repeated, fc.boolean())
      .map(([{ result, operands }, perRow]) => broadcastOf(result, operands[0]!, perRow)),
    accuracy: "exact",
    gradient: "finite differences",
    large: broadcastOf(LARGE, [1024], false),
  },
  reshape: {
    applications: reshaped,
    accuracy: "exact",
    gradient: "finite differences",
    large: reshapeOf(LARGE, [1024, 64]),
  },
} as const satisfies Record<string, OpCase>;
