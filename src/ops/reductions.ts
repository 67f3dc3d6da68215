/** Sums, means, extrema and their kind over axes of a value. */
import { ShapeError } from "../check/errors.js";
import { flag, later, notNegative } from "../check/kinds.js";
import { take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import { max as maxOp, min as minOp } from "../graph/primitives/choice/extremes.js";
import { affine, negate } from "../graph/primitives/elementwise/affine.js";
import { divide, maximum, subtract } from "../graph/primitives/elementwise/binary.js";
import { fill } from "../graph/primitives/elementwise/fill.js";
import { square } from "../graph/primitives/elementwise/unary.js";
import { cumulativeSum as cumulativeSumOp } from "../graph/primitives/move/cumulativeSum.js";
import { reshape } from "../graph/primitives/move/reshape.js";
import { permuted } from "../graph/primitives/move/transpose.js";
import { argMax as argMaxOp } from "../graph/primitives/reduce/argMax.js";
import { keptAxes, type Reduction } from "../graph/primitives/reduce/reduce.js";
import { mean as meanOp, sum as sumOp } from "../graph/primitives/reduce/sum.js";
import { logSumExp as logSumExpOp } from "../graph/primitives/transcendental/logSumExp.js";
import { formatShape, sizeOf } from "../graph/shape.js";
import type { Value } from "../graph/value.js";
import { type Operand, toAxes, toAxis, toValue } from "./operand.js";

/** Over what a reduction goes, and the shape that it leaves. */
export interface ReductionOptions {
  /** One axis or several, below 0 counted from the end; default all. */
  readonly axis?: number | readonly number[];
  /** Keeps each reduced axis with size 1, so that the result lines up with x; default false. */
  readonly keepDims?: boolean;
}

/** A reduction, and how it counts. */
export interface VarianceOptions extends ReductionOptions {
  /** What is taken from the number of elements before it divides: 1 gives the unbiased estimate; default 0. */
  readonly correction?: number;
}

/** Along what an index is sought. */
export interface ArgMaxOptions {
  /** Below 0 counted from the end; default −1, the last. */
  readonly axis?: number;
}

/** Along what sums run, and which way. */
export interface CumulativeSumOptions {
  /** Below 0 counted from the end; default −1, the last. */
  readonly axis?: number;
  /** Sums from the end; default false. */
  readonly reverse?: boolean;
  /** Leaves out the element itself, so that the first sum is 0; default false. */
  readonly exclusive?: boolean;
}

type Axes = ReductionOptions["axis"];

function reduced(who: string, op: Reduction, x: Operand, options: ReductionOptions): Value {
  const { axis, keepDims } = take(who, options, { axis: later<Axes>(), keepDims: flag(false) });
  const value = toValue(who, x);
  const over = { axes: toAxes(who, axis, value.shape.length) };
  const y = op(value, over);
  return keepDims ? reshape(y, { shape: keptAxes(value.shape, over) }) : y;
}

/**
 * y = Σ x over the axes; 0 over none.
 *
 * The order of the sum is fixed: the same bits for any number of rows that the plan has room for, in every engine.
 * Over trailing axes, or several that do not adjoin, it is made in f64 and rounded once.
 *
 * @throws ShapeError where x has no such axis
 */
export function sum(x: Operand, options: ReductionOptions = {}): Value {
  checkSurplus("sum", arguments, 2);
  return reduced("sum", sumOp, x, options);
}

/**
 * y = Σ x / n over the axes, n elements each; NaN over none. See sum for its order.
 *
 * @throws ShapeError where x has no such axis
 */
export function mean(x: Operand, options: ReductionOptions = {}): Value {
  checkSurplus("mean", arguments, 2);
  return reduced("mean", meanOp, x, options);
}

/**
 * y = max x over the axes; −Infinity over none, NaN where any x is.
 *
 * Equal maxima share the gradient evenly, as in PyTorch's amax.
 *
 * @throws ShapeError where x has no such axis
 */
export function max(x: Operand, options: ReductionOptions = {}): Value {
  checkSurplus("max", arguments, 2);
  return reduced("max", maxOp, x, options);
}

/**
 * y = min x over the axes; Infinity over none, NaN where any x is.
 *
 * Equal minima share the gradient evenly, as in PyTorch's amin.
 *
 * @throws ShapeError where x has no such axis
 */
export function min(x: Operand, options: ReductionOptions = {}): Value {
  checkSurplus("min", arguments, 2);
  return reduced("min", minOp, x, options);
}

/**
 * y = ln Σ eˣ over the axes, computed from the greatest x so that nothing overflows; −Infinity over none.
 *
 * The gradient is dy · e^(x − y), the softmax of x; 0 where every x is −Infinity.
 *
 * @throws ShapeError where x has no such axis
 */
export function logSumExp(x: Operand, options: ReductionOptions = {}): Value {
  checkSurplus("logSumExp", arguments, 2);
  return reduced("logSumExp", logSumExpOp, x, options);
}

/**
 * y = Σ (x − mean x)² / (n − correction) over the axes, n elements each: in two passes, so that a mean far from 0 does
 * not drown it. As in PyTorch, a correction of n or more divides by 0.
 *
 * @throws ShapeError where x has no such axis
 * @throws OptionError unless correction is a number of at least 0
 */
export function variance(x: Operand, options: VarianceOptions = {}): Value {
  checkSurplus("variance", arguments, 2);
  const schema = { axis: later<Axes>(), keepDims: flag(false), correction: notNegative(0) };
  const { correction, axis, keepDims } = take("variance", options, schema);
  const value = toValue("variance", x);
  const axes = toAxes("variance", axis, value.shape.length);
  const center = reduced("variance", meanOp, value, { axis: axes, keepDims: true });
  const squares = square(subtract(value, center));
  if (correction === 0) return reduced("variance", meanOp, squares, { axis: axes, keepDims });
  const total = reduced("variance", sumOp, squares, { axis: axes, keepDims });
  return divide(total, freedom(value, axes, correction));
}

/** max(n − correction, 0), n being the elements along the axes: known at once unless rows are among them. */
function freedom(x: Value, axes: readonly number[], correction: number): Value {
  const shape = axes.map((axis) => x.shape[axis] as number);
  const { factor, perRow } = sizeOf(shape);
  if (!perRow) return fill({ shape: [], value: Math.max(factor - correction, 0) });
  const n = sumOp(fill({ shape, value: 1 }), { axes: shape.map((_, i) => i) });
  return maximum(affine(n, { scale: 1, offset: -correction }), fill({ shape: [], value: 0 }));
}

/**
 * Index of the first maximum along an axis, as a number; of the first NaN where there is one.
 *
 * An index has no gradient: a loss that depends on a parameter through it is refused when it is compiled.
 *
 * @throws ShapeError where x has no such axis, or nothing along it
 */
export function argMax(x: Operand, options: ArgMaxOptions = {}): Value {
  checkSurplus("argMax", arguments, 2);
  return argMaxOf("argMax", toValue("argMax", x), options);
}

/**
 * Index of the first minimum along an axis, as a number: argMax of −x. See there.
 *
 * @throws ShapeError where x has no such axis, or nothing along it
 */
export function argMin(x: Operand, options: ArgMaxOptions = {}): Value {
  checkSurplus("argMin", arguments, 2);
  return argMaxOf("argMin", negate(toValue("argMin", x)), options);
}

function argMaxOf(who: string, x: Value, options: ArgMaxOptions): Value {
  const axis = axisOf(who, x, take(who, options, { axis: later(-1) }).axis);
  if (x.shape[axis] === 0) {
    throw new ShapeError(
      `${who}: axis ${axis} of ${formatShape(x.shape)} is empty; needs at least one element.`,
    );
  }
  const others = x.shape.flatMap((_, i) => (i === axis ? [] : [i]));
  return argMaxOp(permuted(x, [...others, axis]));
}

function axisOf(who: string, x: Value, axis: number): number {
  if (x.shape.length > 0) return toAxis(who, axis, x.shape.length);
  throw new ShapeError(`${who}: x is a scalar; needs at least one axis. Give it one with reshape().`);
}

/**
 * y[t] = Σ x[s] over s ≤ t along an axis; over s ≥ t where reverse, without x[t] itself where exclusive.
 *
 * Each sum is made in f64, in the order of the axis, and rounded once. The gradient is the sum the other way round.
 *
 * @throws ShapeError where x has no such axis
 */
export function cumulativeSum(x: Operand, options: CumulativeSumOptions = {}): Value {
  checkSurplus("cumulativeSum", arguments, 2);
  const schema = { axis: later(-1), reverse: flag(false), exclusive: flag(false) };
  const { axis, reverse, exclusive } = take("cumulativeSum", options, schema);
  const value = toValue("cumulativeSum", x);
  return cumulativeSumOp(value, { axis: axisOf("cumulativeSum", value, axis), reverse, exclusive });
}
