import { ShapeError } from "../check/errors.js";
import { describe } from "../check/options.js";
import { isValue } from "../graph/op.js";
import { fill } from "../graph/primitives/elementwise/fill.js";
import type { Value } from "../graph/value.js";

/** What a function of values takes: a value, or a number, which stands for a scalar. */
export type Operand = Value | number;

/** @throws ShapeError for what is neither */
export function toValue(who: string, operand: Operand): Value {
  if (typeof operand === "number") return fill({ shape: [], value: operand });
  if (isValue(operand)) return operand;
  throw new ShapeError(
    `${who}: got ${describe(operand)}; needs a value, as a layer's build or a traced function is given, or a number. ` +
      "Fixed numbers become one by constant(…); compileFunction of wasmgrad/autodiff computes with numbers.",
  );
}

/** Axes counted from 0; an axis below 0 counts from the end. @throws ShapeError for one that there is not */
export function toAxis(who: string, axis: number, rank: number): number {
  if (Number.isInteger(axis)) {
    const counted = axis < 0 ? axis + rank : axis;
    if (counted >= 0 && counted < rank) return counted;
  }
  throw new ShapeError(`${who}: axis is ${describe(axis)}; needs an integer from ${-rank} to ${rank - 1}.`);
}

/** More than any value has: a longer list is one of holes. */
const MOST_AXES = 64;

/** Several axes, or all of them; each once, in order. */
export function toAxes(who: string, axis: number | readonly number[] | undefined, rank: number): number[] {
  if (axis === undefined) return Array.from({ length: rank }, (_, i) => i);
  // What is neither a number nor a list is refused as one axis.
  const axes = (Array.isArray(axis) && axis.length <= MOST_AXES ? [...axis] : [axis]).map((one) =>
    toAxis(who, one as number, rank),
  );
  const twice = axes.find((one, i) => axes.indexOf(one) < i);
  if (twice !== undefined) throw new ShapeError(`${who}: axis ${twice} is named twice; needs it once.`);
  return axes.sort((a, b) => a - b);
}
