/** Functions that take numbers for places. */
import { ShapeError } from "../check/errors.js";
import { integer, later } from "../check/kinds.js";
import { take as takeOptions } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import { oneHot as oneHotOp, take, takenShape } from "../graph/primitives/move/indexing.js";
import type { Value } from "../graph/value.js";
import { type Operand, toAxis, toValue } from "./operand.js";

/** Along what is gathered. */
export interface GatherOptions {
  /** The axis of x that the indices count along, below 0 counted from the end; default 0. */
  readonly axis?: number;
}

/**
 * y = x at the indices along an axis: NumPy's `take`, an embedding where x is a table of rows.
 *
 * The axes of the indices take the place of that axis: the shape is that of x before it, that of the indices, that of x
 * after it. Rows may be an axis of the indices, or an axis of x that is not indexed.
 *
 * The gradient adds dy to each place in the order of the indices; an index has none. An index that is no whole number
 * from 0 to the size of the axis − 1 ends the run in which it is met.
 *
 * @throws ShapeError where x has no such axis, or rows would be in the result twice
 */
export function gather(x: Operand, indices: Operand, options: GatherOptions = {}): Value {
  checkSurplus("gather", arguments, 3);
  const given = takeOptions("gather", options, { axis: later(0) });
  const value = toValue("gather", x);
  if (value.shape.length === 0) {
    throw new ShapeError("gather: x is a scalar; needs at least one axis. Give it one with reshape().");
  }
  const axis = toAxis("gather", given.axis, value.shape.length);
  const index = toValue("gather", indices);
  takenShape("gather", value.shape, index.shape, axis);
  return take(value, index, { axis });
}

/**
 * y[…, d] = 1 where the index is d, else 0: the indices with a last axis of `depth` places.
 *
 * An index has no gradient: a loss that depends on a parameter through it is refused when it is compiled. An index that
 * is no whole number from 0 to depth − 1 ends the run in which it is met.
 *
 * @throws OptionError unless depth is an integer of at least 1
 */
export function oneHot(indices: Operand, depth: number): Value {
  checkSurplus("oneHot", arguments, 2);
  integer(1)("oneHot", "depth", depth);
  return oneHotOp(toValue("oneHot", indices), { depth });
}
