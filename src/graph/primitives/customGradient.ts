import { ShapeError } from "../../check/errors.js";
import { describe } from "../../check/options.js";
import { siteOf } from "../../check/site.js";
import { defineOp, isValue } from "../op.js";
import { formatShape, sameShape } from "../shape.js";
import { inBuild, type Value } from "../value.js";

/**
 * Gradients of the inputs, from them, the result y and its gradient dy: one for each input, of its shape, or null for
 * none.
 */
export type GradientRule = (inputs: readonly Value[], y: Value, dy: Value) => readonly (Value | null)[];

export interface CustomGradientAttributes {
  /** What errors call the function. */
  readonly name: string;
  readonly gradient: GradientRule;
  /** Where the function was called. */
  readonly site: Error;
}

/**
 * The key of what a rule draws at random: fixed, since a rule is called when the chain rule comes to it, not when its
 * layer is built. Networks have fewer nodes.
 */
const RULE_NODE = 2 ** 23 - 1;

/**
 * y = result, with a rule of its own in place of the chain rule: a view of its first input, what a function made of
 * the others. The result gets no gradient, so the ops behind it are not differentiated.
 */
export const customGradient = defineOp<readonly [Value, ...Value[]], CustomGradientAttributes>({
  name: "customGradient",
  shape: ([result]) => result.shape,
  vjp: ([, ...inputs], y, dy, attributes) => [null, ...gradientsOf(inputs, y, dy, attributes)],
  lower: () => {},
  view: true,
});

/** @throws ShapeError unless the rule gives each input a value of its shape, or null */
function gradientsOf(
  inputs: readonly Value[],
  y: Value,
  dy: Value,
  { name, gradient, site }: CustomGradientAttributes,
): readonly (Value | null)[] {
  const found: unknown = inBuild({ node: RULE_NODE, isUsers: true }, () => gradient(inputs, y, dy));
  const who = `${y.layer === "" ? "" : `${y.layer}: `}the gradient of ${name}${siteOf({ site })}`;
  if (!Array.isArray(found) || found.length !== inputs.length) {
    throw new ShapeError(
      `${who} is ${isValue(found) ? "a value" : describe(found)}; needs an array with one value, or null, for each ` +
        `of its ${inputs.length} inputs.`,
    );
  }
  // Not forEach, which would pass over the holes of a sparse array.
  for (let i = 0; i < inputs.length; i++) {
    const one: unknown = found[i];
    if (one === null) continue;
    const { shape } = inputs[i] as Value;
    const which = `by ${inputs.length === 1 ? "its input" : `input ${i}`}`;
    if (!isValue(one)) {
      throw new ShapeError(`${who} ${which} is ${describe(one)}; needs a value, or null for none.`);
    }
    if (!sameShape(one.shape, shape)) {
      throw new ShapeError(
        `${who} ${which} is ${formatShape(one.shape)}; needs ${formatShape(shape)}, the shape of that input. ` +
          "Sum it over the axes that were broadcast, or reshape it.",
      );
    }
  }
  return found as readonly (Value | null)[];
}
