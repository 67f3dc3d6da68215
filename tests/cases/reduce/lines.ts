/** Cases of the ops that work along the last axis, and of repetition along any. */
import fc from "fast-check";
import { ops } from "../../../src/graph/primitives/index.ts";
import type { Shape } from "../../../src/graph/shape.ts";
import type { Value } from "../../../src/graph/value.ts";
import type { Accuracy, Application, OpCase } from "../case.ts";
import { anything, type Domain, uniform } from "../domains.ts";
import { LARGE } from "../maps.ts";
import { lineShape, repeated } from "../shapes.ts";

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

const broadcastOf = (result: Shape, operand: Shape, perRow: boolean): Application => {
  const divisor = { factor: 3, perRow };
  return {
    inputs: [{ shape: operand, domain: ordinary }],
    build: ([x]) => ops.broadcastTo(x!, { shape: result, divisor }),
    attributes: { result, divisor },
  };
};

export const lines = {
  argMax: linewise(ops.argMax, anything, "exact", "none"),
  softmax: linewise(ops.softmax, uniform(-8, 8), { relative: 1e-6 }, "finite differences"),
  logSoftmax: linewise(ops.logSoftmax, uniform(-8, 8), { relative: 3e-7, floor: 16 }, "finite differences"),
  softmaxGrad: linewiseGrad(ops.softmaxGrad, uniform(0, 1), { relative: 1e-6, floor: 2 }),
  logSoftmaxGrad: linewiseGrad(ops.logSoftmaxGrad, uniform(-8, 0), { relative: 1e-6, floor: 8 }),
  broadcastTo: {
    applications: fc
      .tuple(repeated, fc.boolean())
      .map(([{ result, operands }, perRow]) => broadcastOf(result, operands[0]!, perRow)),
    accuracy: "exact",
    gradient: "finite differences",
    large: broadcastOf(LARGE, [1024], false),
  },
} as const satisfies Record<string, OpCase>;
