/** Numbers on their way into an input: nested arrays and typed arrays of just its shape. */

import { arrayKind } from "../check/arrayKind.js";
import { DataError, ShapeError } from "../check/errors.js";
import { describe } from "../check/options.js";
import { formatShape, type Shape, sizeOf } from "../graph/shape.js";
import { isList } from "../rows/nesting.js";

/**
 * Writes the numbers of a tensor, row-major. NaN and the infinities are numbers like any other.
 *
 * @param who what errors call them
 * @throws ShapeError for too few, too many, or a nesting that is not the shape's, DataError for what is no number
 */
export function writeNumbers(who: string, target: Float32Array, given: unknown, shape: Shape): void {
  const isNumbers = typeof given === "number" || isList(given);
  if (!isNumbers || arrayKind(given)?.startsWith("Big")) {
    throw new DataError(`${who} is ${describe(given)}; needs ${numbersOf(shape)}.`);
  }
  writePart({ who, target, shape }, given, 0, 0);
}

const numbersOf = (shape: Shape) =>
  shape.length === 0 ? "a number" : `the ${sizeOf(shape).factor} numbers of ${formatShape(shape)}`;

interface Destination {
  readonly who: string;
  readonly target: Float32Array;
  readonly shape: Shape;
}

/** Writes what belongs to the axes from `axis` on: nested so, or flat. */
function writePart(to: Destination, part: unknown, axis: number, start: number): void {
  const { who, target, shape } = to;
  const inner = shape.slice(axis);
  const size = sizeOf(inner).factor;
  if (!isList(part)) {
    if (inner.length > 0) throw wrongSize(to, part, axis);
    if (typeof part !== "number") {
      throw new DataError(`${who}: element ${start} is ${describe(part)}; needs a number.`);
    }
    target[start] = part;
    return;
  }
  const isFlat = ArrayBuffer.isView(part) || !Array.prototype.some.call(part, isList);
  if (isFlat && part.length === size) {
    if (ArrayBuffer.isView(part)) target.set(part as ArrayLike<number>, start);
    else for (let i = 0; i < size; i++) writePart({ ...to, shape: [] }, part[i], 0, start + i);
    return;
  }
  const [length, ...rest] = inner;
  if (isFlat || length === undefined || rest.length === 0 || part.length !== length)
    throw wrongSize(to, part, axis);
  const step = sizeOf(rest).factor;
  for (let i = 0; i < length; i++) writePart(to, part[i], axis + 1, start + i * step);
}

function wrongSize({ who, shape }: Destination, part: unknown, axis: number): Error {
  const needs = `needs ${numbersOf(shape)}`;
  if (!isList(part)) {
    if (typeof part === "number") {
      return new ShapeError(`${who} has a number where ${formatShape(shape.slice(axis))} belong; ${needs}.`);
    }
    return new DataError(`${who} has ${describe(part)} among its numbers; ${needs}.`);
  }
  const where = axis === 0 ? "" : ` in a part of axis ${axis - 1}`;
  return new ShapeError(`${who} has ${part.length} ${entries(part)}${where}; ${needs}.`);
}

const entries = ({ length, 0: first }: ArrayLike<unknown>) =>
  isList(first) ? (length === 1 ? "part" : "parts") : length === 1 ? "number" : "numbers";
