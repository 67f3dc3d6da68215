/** Cases of the losses that have kernels of their own. */
import { ops } from "../../../src/graph/primitives/index.ts";
import type { Shape } from "../../../src/graph/shape.ts";
import type { Value } from "../../../src/graph/value.ts";
import type { Accuracy, Application, Input, OpCase } from "../case.ts";
import { type Domain, integers, oneHot, uniform } from "../domains.ts";
import { LARGE } from "../maps.ts";
import { lineShape } from "../shapes.ts";

const ordinary = uniform(-3, 3);

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

export const losses = {
  squaredError: loss(ops.squaredError, regression, { relative: 1e-6 }),
  squaredErrorGrad: lossGrad(ops.squaredErrorGrad, regression, { relative: 1e-6 }),
  crossEntropy: loss(ops.crossEntropy, labeled, { relative: 1e-6, floor: 1 }),
  crossEntropyGrad: lossGrad(ops.crossEntropyGrad, labeled, { relative: 1e-6, floor: 1e-3 }),
  crossEntropyOneHot: loss(ops.crossEntropyOneHot, hot, { relative: 1e-6, floor: 4 }),
  crossEntropyOneHotGrad: lossGrad(ops.crossEntropyOneHotGrad, hot, { relative: 1e-6, floor: 4 }),
  binaryCrossEntropy: loss(ops.binaryCrossEntropy, probable, { relative: 1e-6, floor: 1e-3 }),
  binaryCrossEntropyGrad: lossGrad(ops.binaryCrossEntropyGrad, probable, { relative: 1e-6, floor: 1 }),
} as const satisfies Record<string, OpCase>;
