import { DataError, ShapeError } from "../check/errors.js";
import { describe } from "../check/options.js";
import { checkSurplus } from "../check/surplus.js";
import { constant as constantOp } from "../graph/primitives/step/source.js";
import { formatShape, type Shape } from "../graph/shape.js";
import type { Value } from "../graph/value.js";

/** Numbers nested as deep as there are axes, or flat with a shape beside them. */
export type Numbers = number | ArrayLike<number> | readonly Numbers[];

/** Axes of a tensor at most: a list that holds itself has more. */
const DEEPEST = 32;

/**
 * A tensor of fixed numbers: `constant([[1, 0], [0, 1]])`, `constant(kernel, [3, 3])`. Training leaves it as it is.
 *
 * @param shape of flat numbers; default that of their nesting
 * @throws ShapeError for numbers that are ragged or as many as the shape does not hold, DataError for what is no number
 */
export function constant(values: Numbers, shape?: Shape): Value {
  checkSurplus("constant", arguments, 2);
  const nesting: number[] = [];
  for (let part = values; isList(part); part = part[0] as Numbers) {
    nesting.push(part.length);
    if (nesting.length > DEEPEST) {
      throw new ShapeError(
        `constant: is nested more than ${DEEPEST} deep; needs lists of numbers, or of such lists.`,
      );
    }
  }
  const flat: number[] = [];
  flatten(values, nesting, flat);
  if (shape !== undefined && !Array.isArray(shape)) {
    throw new ShapeError(`constant: shape is ${describe(shape)}; needs an array of sizes.`);
  }
  const isSize = (axis: number) => Number.isInteger(axis) && axis >= 0;
  const holds = (sizes: Shape) => sizes.reduce((product, axis) => product * axis, 1) === flat.length;
  if (shape !== undefined && !(shape.length <= DEEPEST && Array.from(shape).every(isSize) && holds(shape))) {
    throw new ShapeError(
      `constant: has ${flat.length} numbers for a shape of ${formatShape(shape)}; needs one for each element.`,
    );
  }
  return constantOp({ shape: [...(shape ?? nesting)], values: Float32Array.from(flat) });
}

const isList = (part: Numbers): part is ArrayLike<number> | readonly Numbers[] =>
  typeof part === "object" && part !== null && "length" in part;

function flatten(part: Numbers, [length, ...inner]: readonly number[], flat: number[]): void {
  if (isList(part)) {
    if (part.length !== length) {
      throw new ShapeError(
        `constant: is ragged: a part has ${part.length} entries where ${length ?? 0} belong.`,
      );
    }
    for (let i = 0; i < part.length; i++) flatten(part[i] as Numbers, inner, flat);
    return;
  }
  if (length !== undefined)
    throw new ShapeError(`constant: is ragged: a number stands where ${length} belong.`);
  if (typeof part !== "number") throw new DataError(`constant: has ${describe(part)}; needs numbers.`);
  flat.push(part);
}
