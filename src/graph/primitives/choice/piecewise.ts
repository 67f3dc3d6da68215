/** Elementwise functions with a kink and a number that says where or how steep. */

import type { UnaryRecord } from "../../../../assembly/isa/elementwise.js";
import { choiceKinds } from "../../../compile/facts/choice.js";
import type { Kind } from "../../../compile/facts/fact.js";
import { defineOp, type OpFunction } from "../../op.js";
import type { Value } from "../../value.js";
import { scale } from "../elementwise/affine.js";
import { equal } from "../elementwise/binary.js";
import { fill } from "../elementwise/fill.js";
import { greaterThan } from "../elementwise/unary.js";
import { count, real } from "../operands.js";
import { greaterEqual } from "./comparison.js";
import { select } from "./select.js";

/** y = f(x) elementwise; `reals` are the numbers of its record, `derivative` gives dx. */
export function parametric<A extends object>(
  name: string,
  kind: () => Kind<typeof UnaryRecord>,
  reals: (attributes: A) => readonly [alpha: number, beta: number],
  derivative: (x: Value, y: Value, dy: Value, attributes: A) => Value,
): OpFunction<[Value], A> {
  return defineOp<[Value], A>({
    name,
    shape: ([x]) => x.shape,
    vjp: ([x], y, dy, attributes) => [derivative(x, y, dy, attributes)],
    lower: (emit, [x], y, attributes) => {
      const [alpha, beta] = reals(attributes);
      emit(kind(), { y, x, count: count(x.shape), alpha: real(alpha), beta: real(beta) });
    },
    inPlace: [0],
  });
}

export const isPositive = (x: Value) => greaterThan(x, { threshold: 0 });

/** y = x > 0 ? x : slope · x; its gradient at 0 is the slope, as in PyTorch. */
export const leakyRelu = parametric<{ readonly slope: number }>(
  "leakyRelu",
  () => choiceKinds.LeakyRelu,
  ({ slope }) => [slope, 0],
  (x, _, dy, { slope }) => select(isPositive(x), dy, scale(dy, slope)),
);

/** y = min(max(x, low), high); dx = dy where low ≤ x ≤ high, ends included, as in PyTorch. */
export const clip = parametric<{ readonly low: number; readonly high: number }>(
  "clip",
  () => choiceKinds.Clip,
  ({ low, high }) => [low, high],
  (x, y, dy) => select(equal(x, y), dy, fill({ shape: [], value: 0 })),
);

/** y = min(max(x, low), high); dx = dy where low < x < high, ends excluded, as PyTorch has it for activations. */
export const hardTanh = parametric<{ readonly low: number; readonly high: number }>(
  "hardTanh",
  () => choiceKinds.Clip,
  ({ low, high }) => [low, high],
  (x, _, dy, { low, high }) => {
    const none = fill({ shape: [], value: 0 });
    const isAtTop = greaterEqual(x, fill({ shape: [], value: high }));
    return select(greaterThan(x, { threshold: low }), select(isAtTop, none, dy), none);
  },
);
