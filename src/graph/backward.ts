import { GradientError } from "../check/errors.js";
import { siteOf } from "../check/site.js";
import { schedule } from "./schedule.js";
import { inLayer, type Value } from "./value.js";

/** Ops that the chain rule itself needs; `ops/` supplies them, so that the graph does not import its users. */
export interface ChainRule {
  /** Sum of two gradients of one value. */
  add(a: Value, b: Value): Value;
  /** A value of the same shape as `like`, filled with ones: the gradient of a loss by itself. */
  onesLike(like: Value): Value;
}

/**
 * Reverse-mode differentiation: adds to the graph the gradient of the scalar `loss` by each of `wanted`.
 *
 * Walks the values that depend on `wanted`, last first; each op's vjp turns the gradient of its result into those
 * of its inputs, and a value with several users sums theirs (Rumelhart, Hinton & Williams 1986; Griewank &
 * Walther 2008, ch. 3).
 *
 * @returns one gradient for each of `wanted`, null where the loss does not depend on it
 */
export function backward(loss: Value, wanted: readonly Value[], rule: ChainRule): (Value | null)[] {
  const order = schedule([loss]);
  const depends = new Set<Value>(wanted);
  for (const value of order) {
    if (!value.op.stops && value.inputs.some((input) => depends.has(input))) depends.add(value);
  }
  const gradients = new Map<Value, Value>();
  if (depends.has(loss))
    gradients.set(
      loss,
      inLayer(loss.layer, () => rule.onesLike(loss)),
    );
  for (const value of order.toReversed()) {
    const dy = gradients.get(value);
    if (dy === undefined || value.inputs.length === 0) continue;
    inLayer(value.layer, () => {
      const { vjp } = value.op;
      if (vjp === "none") throw withoutGradient(value);
      const dInputs = vjp(value.inputs, value, dy, value.attributes);
      value.inputs.forEach((input, i) => {
        const dx = dInputs[i];
        if (!dx || !depends.has(input)) return;
        const sum = gradients.get(input);
        gradients.set(input, sum === undefined ? dx : rule.add(sum, dx));
      });
    });
  }
  return wanted.map((value) => gradients.get(value) ?? null);
}

const withoutGradient = (value: Value) =>
  new GradientError(
    `${value.layer === "" ? "" : `${value.layer}: `}${value.op.name} has no gradient${siteOf(value)}, and the loss ` +
      "goes through it. Use an op that has one, or stopGradient before it.",
  );
