/** Cases of functions of an element, or of two: what they are applied to, and how near they come. */
import fc from "fast-check";
import type { Shape } from "../../src/graph/shape.ts";
import type { Value } from "../../src/graph/value.ts";
import type { Accuracy, Application, OpCase } from "./case.ts";
import { anything, type Domain, uniform } from "./domains.ts";
import { anyShape, paired } from "./shapes.ts";

export const LARGE: Shape = [64, 1024];

type Unary = (x: Value) => Value;
type Pair = (a: Value, b: Value) => Value;

/** Two units in the last place. */
export const TWO_ULP: Accuracy = { relative: 2 ** -22 };

/** Rounded from f64: at most 0.52 units in the last place. */
export const ROUNDED: Accuracy = { relative: 2 ** -23.9 };

export interface Settings {
  readonly domain: Domain;
  readonly smooth?: Domain;
  readonly accuracy: Accuracy;
}

export function unary(op: Unary, { domain, smooth = domain, accuracy }: Settings): OpCase {
  const apply = (shape: Shape): Application => ({
    inputs: [{ shape, domain, smooth }],
    build: ([x]) => op(x!),
  });
  return { applications: anyShape.map(apply), accuracy, gradient: "finite differences", large: apply(LARGE) };
}

/** dx from y and dy. */
export function unaryGrad(op: Pair, y: Domain, accuracy: Accuracy): OpCase {
  const apply = (shape: Shape): Application => ({
    inputs: [
      { shape, domain: y },
      { shape, domain: uniform(-2, 2) },
    ],
    build: ([a, b]) => op(a!, b!),
  });
  return { applications: anyShape.map(apply), accuracy, gradient: "none", large: apply(LARGE) };
}

export function binary(
  op: Pair,
  a: Domain,
  b: Domain,
  gradient: OpCase["gradient"] = "finite differences",
): OpCase {
  const apply = ([left, right]: readonly [Shape, Shape]): Application => ({
    inputs: [
      { shape: left, domain: anything, smooth: a },
      { shape: right, domain: anything, smooth: b },
    ],
    build: ([x, y]) => op(x!, y!),
  });
  return { applications: paired.map(apply), accuracy: "exact", gradient, large: apply([LARGE, LARGE]) };
}

interface Parametric<A> {
  readonly op: (x: Value, attributes: A) => Value;
  readonly attributes: fc.Arbitrary<A>;
  readonly large: A;
  readonly domain: Domain;
  readonly smooth: Domain;
  readonly accuracy: Accuracy;
}

export function parametric<A>({ op, attributes, large, domain, smooth, accuracy }: Parametric<A>): OpCase {
  const apply = (shape: Shape, chosen: A): Application => ({
    inputs: [{ shape, domain, smooth }],
    build: ([x]) => op(x!, chosen),
    attributes: chosen,
  });
  return {
    applications: fc.tuple(anyShape, attributes).map(([shape, chosen]) => apply(shape, chosen)),
    accuracy,
    gradient: "finite differences",
    large: apply(LARGE, large),
  };
}
