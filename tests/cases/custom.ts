/** Cases of rules that the user supplies: the true gradient, written in another way than the chain rule has it. */
import fc from "fast-check";
import { ops } from "../../src/graph/primitives/index.ts";
import type { Shape } from "../../src/graph/shape.ts";
import type { Value } from "../../src/graph/value.ts";
import { customGradient } from "../../src/ops/customGradient.ts";
import type { Application, OpCase } from "./case.ts";
import { uniform } from "./domains.ts";
import { anyShape } from "./shapes.ts";

/** a · b + a, with its gradients. */
const product = customGradient(
  (a, b) => ops.add(ops.multiply(a, b), a),
  ([a, b], _, dy) => [ops.add(ops.multiply(dy, b), dy), ops.multiply(dy, a)],
);

/** x as it is: a view of the input itself. */
const same = customGradient(
  (x) => x,
  (_, __, dy) => [dy],
);

/** exp(x), whose gradient is read off the result. */
const exponential = customGradient(
  (x) => ops.exp(x),
  (_, y, dy) => [ops.multiply(y, dy)],
);

/** a² + 0 · b: the second input has no gradient by decision. */
const half = customGradient(
  (a, b) => ops.add(ops.square(a), ops.affine(b, { scale: 0, offset: 0 })),
  ([a], _, dy) => [ops.affine(ops.multiply(dy, a), { scale: 2, offset: 0 }), null],
);

type Applied = readonly [name: string, build: (a: Value, b: Value) => Value];

export const applied: readonly Applied[] = [
  ["product", product],
  ["a view of its own input", (a) => same(a)],
  ["from the result", (a) => exponential(a)],
  ["null", (a, b) => half(a, ops.add(b, b))],
  ["twice", (a, b) => same(product(a, exponential(b)))],
  ["of one value twice", (a) => product(a, a)],
];

/** What is used in place is used no more: the inputs live on behind the view. */
export const customOf = (shape: Shape, [name, build]: Applied): Application => ({
  inputs: [
    { shape, domain: uniform(-2, 2) },
    { shape, domain: uniform(-2, 2) },
  ],
  build: ([a, b]) => ops.add(build(ops.negate(a!), ops.negate(b!)), ops.add(a!, b!)),
  attributes: name,
});

export const custom = {
  customGradient: {
    applications: fc.tuple(anyShape, fc.constantFrom(...applied)).map((all) => customOf(...all)),
    // Exp, its sum and its product round once each beside the terms that they are made of.
    accuracy: { relative: 1e-6, floor: 16 },
    gradient: "finite differences",
    large: customOf([64, 1024], applied[0]!),
  },
} as const satisfies Record<string, OpCase>;
