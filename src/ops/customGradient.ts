/** Functions that bring a rule of their own for the gradient. */
import { ShapeError } from "../check/errors.js";
import { functionOf } from "../check/kinds.js";
import { describe } from "../check/options.js";
import { checkSurplus } from "../check/surplus.js";
import { isValue } from "../graph/op.js";
import { customGradient as customGradientOp, type GradientRule } from "../graph/primitives/customGradient.js";
import { inBuild, type Value } from "../graph/value.js";
import { type Operand, toValue } from "./operand.js";

/** Something for each input of a function. */
export type ForEach<I extends readonly unknown[], T> = { [K in keyof I]: T };

/**
 * A function of values with a rule for its gradient in place of the chain rule:
 *
 * ```js
 * // The value passes unchanged, its gradient is clipped.
 * const clipped = customGradient((x) => x, ([x], y, dy) => [clip(dy, -1, 1)]);
 * ```
 *
 * The result is what `forward` makes of its inputs. When a loss is differentiated, `gradient` is called with the
 * inputs, the result y and its gradient dy, and returns the gradient by each input: a value of just that input's
 * shape, or null for an input that has none. The ops of `forward` are not differentiated, so they need no gradients,
 * and a value that it uses without taking it as an input gets none.
 *
 * `gradient` must depend on nothing else than what it is given. What it draws at random is the same wherever the rule
 * is used; noise that differs is drawn by `forward`'s caller and taken as an input. `gradientCheck` compares the rule
 * with what `forward` computes, so it refuses one that is meant to differ.
 *
 * @throws OptionError unless both are functions; when it is called, ShapeError unless `forward` returns a value; when a
 *   loss is differentiated, ShapeError naming the function and where it was called for gradients of another number or
 *   shape
 */
export function customGradient<F extends (...inputs: Value[]) => Value>(
  forward: F,
  gradient: (inputs: Parameters<F>, y: Value, dy: Value) => Readonly<ForEach<Parameters<F>, Value | null>>,
): (...inputs: ForEach<Parameters<F>, Operand>) => Value {
  checkSurplus("customGradient", arguments, 2);
  functionOf()("customGradient", "forward", forward);
  functionOf()("customGradient", "gradient", gradient);
  const name = forward.name || "a customGradient function";
  const rule = gradient as unknown as GradientRule;
  return (...given) => {
    const inputs = given.map((operand) => toValue(name, operand));
    const result: unknown = inBuild({ isUsers: true }, () => forward(...inputs));
    if (isValue(result))
      return customGradientOp(result, ...inputs, { name, gradient: rule, site: new Error() });
    throw new ShapeError(`${name}: its forward function returns ${describe(result)}; needs a value.`);
  };
}
