/** Rows of ops that work along the last axis. */
import type { Shape } from "../../src/graph/shape.ts";
import type { Value } from "../../src/graph/value.ts";
import type { Accuracy, Application, OpCase } from "./case.ts";
import { type Domain, uniform } from "./domains.ts";
import { LARGE } from "./maps.ts";
import { lineShape } from "./shapes.ts";

const ordinary = uniform(-3, 3);

export function linewise(
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

export function linewiseGrad(op: (y: Value, dy: Value) => Value, y: Domain, accuracy: Accuracy): OpCase {
  const apply = (shape: Shape): Application => ({
    inputs: [
      { shape, domain: y },
      { shape, domain: uniform(-2, 2) },
    ],
    build: ([a, b]) => op(a!, b!),
  });
  return { applications: lineShape.map(apply), accuracy, gradient: "none", large: apply(LARGE) };
}
