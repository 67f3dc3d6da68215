/** Activations with a gate, with pieces, or with a slope that is a value: they take more than one number for each result. */
import { ShapeError } from "../check/errors.js";
import { integer } from "../check/kinds.js";
import { take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import { broadcastShapes } from "../graph/primitives/broadcasting.js";
import { select } from "../graph/primitives/choice/select.js";
import { multiply } from "../graph/primitives/elementwise/binary.js";
import { greaterThan, sigmoid } from "../graph/primitives/elementwise/unary.js";
import { gelu, silu } from "../graph/primitives/transcendental/activation.js";
import { formatShape, ROWS } from "../graph/shape.js";
import type { Value } from "../graph/value.js";
import { type Operand, toValue } from "./operand.js";
import { split } from "./parts.js";
import { max } from "./reductions.js";
import { reshape } from "./shapes.js";

/** What maxout chooses from. */
export interface MaxoutOptions {
  /** Numbers that lie side by side, of which the largest is taken; default 2. */
  readonly pieces?: number;
}

/** The two halves of the last axis. @throws ShapeError unless it has an even number of features */
function halves(who: string, x: Operand): [Value, Value] {
  const value = toValue(who, x);
  const size = value.shape.at(-1);
  if (size === undefined || size === ROWS || size % 2 !== 0) {
    throw new ShapeError(
      `${who}: input is ${formatShape(value.shape)}; needs an even number of features as its last axis, of which one ` +
        "half gates the other.",
    );
  }
  return split(value, 2) as [Value, Value];
}

/**
 * y = a · sigmoid(b), where x is [a, b] along the last axis: a gated linear unit (Dauphin et al. 2017). As in PyTorch,
 * the second half is the gate.
 *
 * @throws ShapeError unless the last axis is even
 */
export function glu(x: Operand): Value {
  checkSurplus("glu", arguments, 1);
  const [a, b] = halves("glu", x);
  return multiply(a, sigmoid(b));
}

/**
 * y = silu(a) · b, where x is [a, b] along the last axis: SwiGLU (Shazeer 2020, eq. 6), in which the first half is the
 * gate.
 *
 * @throws ShapeError unless the last axis is even
 */
export function swiGlu(x: Operand): Value {
  checkSurplus("swiGlu", arguments, 1);
  const [a, b] = halves("swiGlu", x);
  return multiply(silu(a), b);
}

/**
 * y = gelu(a) · b, where x is [a, b] along the last axis: GEGLU (Shazeer 2020, eq. 6), in which the first half is the
 * gate. The GELU is the exact one.
 *
 * @throws ShapeError unless the last axis is even
 */
export function geGlu(x: Operand): Value {
  checkSurplus("geGlu", arguments, 1);
  const [a, b] = halves("geGlu", x);
  return multiply(gelu(a), b);
}

/**
 * y[…, j] = max over i of x[…, j · pieces + i]: the largest of each so many neighbors along the last axis (Goodfellow
 * et al. 2013). Gradient: dy goes to the largest; equal ones share it.
 *
 * @throws OptionError unless pieces is an integer of at least 1
 * @throws ShapeError unless they make up the last axis
 */
export function maxout(x: Operand, options: MaxoutOptions = {}): Value {
  checkSurplus("maxout", arguments, 2);
  const { pieces } = take("maxout", options, { pieces: integer(1, 2) });
  const value = toValue("maxout", x);
  const { shape } = value;
  const size = shape.at(-1);
  if (size === undefined || size === ROWS || size % pieces !== 0) {
    throw new ShapeError(
      `maxout: input is ${formatShape(shape)}; needs a last axis of which ${pieces} pieces each make one number.`,
    );
  }
  return max(reshape(value, [...shape.slice(0, -1), size / pieces, pieces]), { axis: -1 });
}

/**
 * y = x > 0 ? x : slope · x, with a slope that is learned (He et al. 2015); it broadcasts as in NumPy. Gradient at 0, as
 * in PyTorch: slope · dy.
 *
 * @throws ShapeError unless the slope broadcasts to the shape of x
 */
export function prelu(x: Operand, slope: Operand): Value {
  checkSurplus("prelu", arguments, 2);
  const value = toValue("prelu", x);
  const steepness = toValue("prelu", slope);
  const shape = broadcastShapes("prelu", value.shape, steepness.shape);
  if (shape.length !== value.shape.length || shape.some((size, axis) => size !== value.shape[axis])) {
    throw new ShapeError(
      `prelu: the slope is ${formatShape(steepness.shape)}; needs a shape that broadcasts to ` +
        `${formatShape(value.shape)}, that of the input.`,
    );
  }
  return select(greaterThan(value, { threshold: 0 }), value, multiply(steepness, value));
}
