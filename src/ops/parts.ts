/** Tensors put together, taken apart and surrounded. */
import { OptionError, ShapeError } from "../check/errors.js";
import { later } from "../check/kinds.js";
import { describe } from "../check/options.js";
import { type Kind, take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import { concat as concatOp } from "../graph/primitives/move/concat.js";
import { pad as padOp, slice as sliceOp } from "../graph/primitives/move/slice.js";
import { formatShape, ROWS, type Shape, sameShape } from "../graph/shape.js";
import type { Value } from "../graph/value.js";
import { type Operand, toAxis, toValue } from "./operand.js";
import { checkIntegers, checkOnePerAxis, expandDims, refuseRows } from "./shapes.js";

/** Along which axis. */
export interface AxisOptions {
  /** Below 0 it counts from the end. */
  readonly axis?: number;
}

/** Which axes there are is known with the values. */
const AXIS = { axis: /* @__PURE__ */ later(-1) };

/** NaN and infinities too. */
const anyNumber: Kind<number, number | undefined> = (who, name, given = 0) => {
  if (typeof given === "number") return given;
  throw new OptionError(`${who}: ${name} is ${describe(given)}; needs a number.`);
};

function toValues(who: string, values: readonly Operand[]): [Value, ...Value[]] {
  if (!Array.isArray(values) || values.length === 0) {
    throw new ShapeError(
      `${who}: got ${describe(values)}; needs an array of at least one value, as ${who}([a, b]).`,
    );
  }
  return Array.from(values, (value) => toValue(who, value)) as [Value, ...Value[]];
}

/**
 * Values one after the other along an axis, the last by default, as in Keras. Their sizes along all others are the
 * same. The axis cannot be that of the rows.
 *
 * Gradient: each dx is its part of dy.
 *
 * @throws ShapeError when there are no values, they do not fit, or there is no such axis
 * @throws OptionError for an option that there is not
 */
export function concat(values: readonly Operand[], options: AxisOptions = {}): Value {
  checkSurplus("concat", arguments, 2);
  const all = toValues("concat", values);
  const given = take("concat", options, AXIS);
  const [first] = all;
  if (first.shape.length === 0) {
    throw new ShapeError("concat: the first value is a scalar; needs at least one axis. Use stack instead.");
  }
  const axis = toAxis("concat", given.axis, first.shape.length);
  for (const { shape } of all) refuseRows("concat", "joined", shape, (rows) => rows !== axis);
  const joined = concatOp(...all, { axis });
  return all.length === 1 ? first : joined;
}

/**
 * Values of one shape along an axis of their own, the first of y by default.
 *
 * Gradient: each dx is its part of dy.
 *
 * @throws ShapeError when there are no values, their shapes differ, or y has no such axis
 * @throws OptionError for an option that there is not
 */
export function stack(values: readonly Operand[], options: AxisOptions = {}): Value {
  checkSurplus("stack", arguments, 2);
  const all = toValues("stack", values);
  const given = take("stack", options, { axis: later(0) });
  const { shape } = all[0];
  const other = all.find((value) => !sameShape(value.shape, shape));
  if (other !== undefined) {
    throw new ShapeError(
      `stack: values are ${formatShape(shape)} and ${formatShape(other.shape)}; needs one shape. ` +
        "Broadcast them first, or use concat.",
    );
  }
  const axis = toAxis("stack", given.axis, shape.length + 1);
  return concat(
    all.map((value) => expandDims(value, { axis })),
    { axis },
  );
}

/**
 * x in parts along an axis, the last by default: so many of equal size, or of the sizes given. The axis cannot be that
 * of the rows.
 *
 * Gradient: dx is the parts of dy at their places.
 *
 * @throws ShapeError when the parts do not make up the axis, or there is no such axis
 * @throws OptionError for an option that there is not
 */
export function split(x: Operand, parts: number | readonly number[], options: AxisOptions = {}): Value[] {
  checkSurplus("split", arguments, 3);
  const value = toValue("split", x);
  const given = take("split", options, AXIS);
  const { shape } = value;
  const axis = toAxis("split", given.axis, shape.length);
  refuseRows("split", "parted", shape, (rows) => rows !== axis);
  const size = shape[axis] as number;
  const sizes = typeof parts === "number" ? equalParts(parts, size, shape, axis) : parts;
  checkIntegers("split", "the list of sizes", sizes, 0);
  const total = sizes.reduce((sum, part) => sum + part, 0);
  if (total !== size) {
    throw new ShapeError(
      `split: sizes [${sizes.join(", ")}] add up to ${total}; axis ${axis} of ${formatShape(shape)} needs ${size}.`,
    );
  }
  let start = 0;
  return sizes.map((part) => {
    const starts = shape.map((_, i) => (i === axis ? start : 0));
    start += part;
    return taken(value, starts, shape.with(axis, part), ones(shape));
  });
}

function equalParts(parts: number, size: number, shape: Shape, axis: number): number[] {
  if (Number.isSafeInteger(parts) && parts >= 1 && size % parts === 0) {
    return new Array<number>(parts).fill(size / parts);
  }
  throw new ShapeError(
    `split: axis ${axis} of ${formatShape(shape)} cannot be parted into ${parts}; ` +
      `needs an integer of at least 1 that divides ${size}, or the list of sizes.`,
  );
}

const ones = (shape: Shape): number[] => shape.map(() => 1);

/** An offset of some rows and some elements takes two steps: first the axes before the rows, then those behind. */
function inTurn(
  x: Value,
  isLeft: (axis: number) => boolean,
  apply: (value: Value, concerns: (axis: number) => boolean) => Value,
): Value {
  const rows = x.shape.indexOf(ROWS);
  const turns = [(axis: number) => axis < rows, (axis: number) => axis > rows];
  return turns.reduce(
    (value, concerns) =>
      x.shape.some((_, axis) => concerns(axis) && !isLeft(axis)) ? apply(value, concerns) : value,
    x,
  );
}

function taken(x: Value, starts: readonly number[], sizes: Shape, steps: readonly number[]): Value {
  const isLeft = (axis: number) => sizes[axis] === x.shape[axis];
  return inTurn(x, isLeft, (value, concerns) => {
    const pick = (list: readonly number[], rest: readonly number[]) =>
      list.map((entry, axis) => (concerns(axis) ? entry : (rest[axis] as number)));
    return sliceOp(value, {
      starts: pick(
        starts,
        starts.map(() => 0),
      ),
      sizes: pick(sizes, value.shape),
      steps: pick(steps, ones(value.shape)),
    });
  });
}

export interface SliceOptions {
  /** For each axis, elements from one that is taken to the next; default 1. */
  readonly steps?: readonly number[];
}

/**
 * y[i] = x[starts + i · steps], with `sizes` elements along each axis; a size of −1 takes what is left. The rows are
 * taken whole: their start is 0 and their size −1.
 *
 * Gradient: dx is dy at the places that were taken, and 0 elsewhere.
 *
 * @throws ShapeError when the part does not lie in x, or not all rows are taken
 * @throws OptionError for an option that there is not
 */
export function slice(
  x: Operand,
  starts: readonly number[],
  sizes: readonly number[],
  options: SliceOptions = {},
): Value {
  checkSurplus("slice", arguments, 4);
  const value = toValue("slice", x);
  const { shape } = value;
  const { steps } = take("slice", options, { steps: later<readonly number[]>(ones(shape)) });
  checkIntegers("slice", "starts", starts, 0);
  checkIntegers("slice", "sizes", sizes, -1);
  checkIntegers("slice", "steps", steps, 1);
  checkOnePerAxis("slice", "starts", starts, shape);
  checkOnePerAxis("slice", "sizes", sizes, shape);
  checkOnePerAxis("slice", "steps", steps, shape);
  refuseRows(
    "slice",
    "sliced",
    shape,
    (axis) => starts[axis] === 0 && sizes[axis] === -1 && steps[axis] === 1,
  );
  const known = shape.map((whole, axis) => {
    const [start, size, step] = [starts[axis], sizes[axis], steps[axis]] as [number, number, number];
    if (whole === ROWS) return ROWS;
    const left = Math.ceil((whole - start) / step);
    if (start <= whole && size <= left) return size === -1 ? left : size;
    throw new ShapeError(
      `slice: ${size === -1 ? "what is left" : size} from ${start} on${step === 1 ? "" : ` in steps of ${step}`}; ` +
        `axis ${axis} of ${formatShape(shape)} has ${whole}.`,
    );
  });
  return taken(value, starts, known, steps);
}

export interface PadOptions {
  /** What is put around x; default 0. */
  readonly value?: number;
}

/**
 * x with so many elements before and after it along each axis: `pad(x, [[1, 1], [0, 2]])`. The rows cannot be padded:
 * theirs is [0, 0].
 *
 * Gradient: dx is the part of dy where x lies.
 *
 * @throws ShapeError unless there are two integers of at least 0 for each axis, and [0, 0] for the rows
 * @throws OptionError for an option that there is not, or a value that is no number
 */
export function pad(
  x: Operand,
  padding: readonly (readonly [before: number, after: number])[],
  options: PadOptions = {},
): Value {
  checkSurplus("pad", arguments, 3);
  const value = toValue("pad", x);
  const { value: filled } = take("pad", options, { value: anyNumber });
  if (!Array.isArray(padding)) {
    throw new ShapeError(`pad: padding is ${describe(padding)}; needs [before, after] for each axis.`);
  }
  checkOnePerAxis("pad", "padding", padding, value.shape);
  padding.forEach((pair, axis) => {
    checkIntegers("pad", `padding of axis ${axis}`, pair, 0);
    if (pair.length !== 2) {
      throw new ShapeError(`pad: padding of axis ${axis} has ${pair.length} entries; needs [before, after].`);
    }
  });
  const before = padding.map(([first]) => first);
  const after = padding.map(([, last]) => last);
  const isLeft = (axis: number) => before[axis] === 0 && after[axis] === 0;
  refuseRows("pad", "padded", value.shape, isLeft);
  return inTurn(value, isLeft, (part, concerns) => {
    const pick = (list: readonly number[]) => list.map((entry, axis) => (concerns(axis) ? entry : 0));
    const between = part.shape.map(() => 0);
    return padOp(part, { before: pick(before), after: pick(after), between, value: filled });
  });
}
