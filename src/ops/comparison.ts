/**
 * Comparisons, and the choice that they make.
 *
 * A comparison is 1 or 0, and a constant to the gradient, as in PyTorch: `multiply(x, greater(x, 0))` is relu.
 */

import { checkSurplus } from "../check/surplus.js";
import { broadcastShapes } from "../graph/primitives/broadcasting.js";
import * as comparison from "../graph/primitives/choice/comparison.js";
import { select } from "../graph/primitives/choice/select.js";
import { equal as equalOp } from "../graph/primitives/elementwise/binary.js";
import { stopGradient } from "../graph/primitives/stopGradient.js";
import type { Value } from "../graph/value.js";
import { type Operand, toValue } from "./operand.js";

function compared(who: string, a: Operand, b: Operand, compare: (a: Value, b: Value) => Value): Value {
  const [left, right] = [toValue(who, a), toValue(who, b)];
  broadcastShapes(who, left.shape, right.shape);
  return stopGradient(compare(left, right));
}

/**
 * y = 1 where a = b, else 0, broadcast as in NumPy; NaN equals nothing. A constant to the gradient.
 *
 * @throws ShapeError when the shapes do not broadcast
 */
export function equal(a: Operand, b: Operand): Value {
  checkSurplus("equal", arguments, 2);
  return compared("equal", a, b, equalOp);
}

/**
 * y = 1 where a ≠ b, else 0, broadcast as in NumPy; NaN differs from everything. A constant to the gradient.
 *
 * @throws ShapeError when the shapes do not broadcast
 */
export function notEqual(a: Operand, b: Operand): Value {
  checkSurplus("notEqual", arguments, 2);
  return compared("notEqual", a, b, comparison.notEqual);
}

/**
 * y = 1 where a > b, else 0, broadcast as in NumPy; 0 where either is NaN. A constant to the gradient.
 *
 * @throws ShapeError when the shapes do not broadcast
 */
export function greater(a: Operand, b: Operand): Value {
  checkSurplus("greater", arguments, 2);
  return compared("greater", a, b, comparison.greater);
}

/**
 * y = 1 where a ≥ b, else 0, broadcast as in NumPy; 0 where either is NaN. A constant to the gradient.
 *
 * @throws ShapeError when the shapes do not broadcast
 */
export function greaterEqual(a: Operand, b: Operand): Value {
  checkSurplus("greaterEqual", arguments, 2);
  return compared("greaterEqual", a, b, comparison.greaterEqual);
}

/**
 * y = 1 where a < b, else 0, broadcast as in NumPy; 0 where either is NaN. A constant to the gradient.
 *
 * @throws ShapeError when the shapes do not broadcast
 */
export function less(a: Operand, b: Operand): Value {
  checkSurplus("less", arguments, 2);
  return compared("less", a, b, (left, right) => comparison.greater(right, left));
}

/**
 * y = 1 where a ≤ b, else 0, broadcast as in NumPy; 0 where either is NaN. A constant to the gradient.
 *
 * @throws ShapeError when the shapes do not broadcast
 */
export function lessEqual(a: Operand, b: Operand): Value {
  checkSurplus("lessEqual", arguments, 2);
  return compared("lessEqual", a, b, (left, right) => comparison.greaterEqual(right, left));
}

/**
 * y = condition ≠ 0 ? a : b, all three broadcast as in NumPy; NaN ≠ 0.
 *
 * Gradient: dy goes where the number came from and 0 to the other, whatever it is, NaN too; the condition has none. As in
 * PyTorch, a function whose slope is infinite makes NaN of that 0: `where(c, sqrt(where(c, x, 1)), 0)` keeps it out.
 *
 * @throws ShapeError when the shapes do not broadcast
 */
export function where(condition: Operand, a: Operand, b: Operand): Value {
  checkSurplus("where", arguments, 3);
  const [asked, chosen, other] = [condition, a, b].map((x) => toValue("where", x)) as [Value, Value, Value];
  broadcastShapes("where", asked.shape, broadcastShapes("where", chosen.shape, other.shape));
  return select(asked, chosen, other);
}
