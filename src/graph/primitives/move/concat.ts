import { ShapeError } from "../../../check/errors.js";
import { defineOp } from "../../op.js";
import { formatShape, ROWS, type Shape } from "../../shape.js";
import type { Value } from "../../value.js";
import { checkMovement, emitMove, type Movement, rowMajor, times } from "./move.js";
import { slice } from "./slice.js";

export interface ConcatAttributes {
  /** Counted from 0. */
  readonly axis: number;
}

const sizeAt = ({ shape }: Value, axis: number) => shape[axis] as number;

/** Where each input starts along the axis. */
function startsOf(inputs: readonly Value[], axis: number): number[] {
  let next = 0;
  return inputs.map((input) => {
    const start = next;
    next += sizeAt(input, axis);
    return start;
  });
}

/** x to its part of y. */
function movement(x: Shape, y: Shape, axis: number, start: number): Movement {
  const yStrides = rowMajor(y);
  const yOffset = times(yStrides[axis] as (typeof yStrides)[number], start);
  return { shape: x, yStrides, xStrides: rowMajor(x), yOffset };
}

function checkInputs(inputs: readonly Value[], axis: number): void {
  const [first, ...others] = inputs;
  if (first === undefined) throw new ShapeError("concat: there are no values; needs at least one.");
  if (!(axis >= 0 && axis < first.shape.length)) {
    throw new ShapeError(`concat: ${formatShape(first.shape)} has no axis ${axis}.`);
  }
  for (const { shape } of others) {
    const fits =
      shape.length === first.shape.length &&
      shape.every((size, i) => i === axis || size === sizeAt(first, i));
    if (fits) continue;
    throw new ShapeError(
      `concat: ${formatShape(first.shape)} and ${formatShape(shape)} do not join along axis ${axis}; ` +
        "needs the same sizes along every other axis.",
    );
  }
  const perRow = inputs.find((input) => sizeAt(input, axis) === ROWS);
  if (perRow !== undefined) {
    throw new ShapeError(
      `concat: axis ${axis} of ${formatShape(perRow.shape)} is the rows, which cannot be joined; needs another axis.`,
    );
  }
}

/** y = the inputs one after the other along an axis: each is moved to its part of y. */
export const concat = defineOp<readonly Value[], ConcatAttributes>({
  name: "concat",
  role: "passes",
  shape: (inputs, { axis }) => {
    checkInputs(inputs, axis);
    const total = inputs.reduce((sum, input) => sum + sizeAt(input, axis), 0);
    const y = (inputs[0] as Value).shape.with(axis, total);
    for (const { shape } of inputs) checkMovement("concat", movement(shape, y, axis, 0));
    return y;
  },
  vjp: (inputs, _, dy, { axis }) => {
    const starts = startsOf(inputs, axis);
    const none = dy.shape.map(() => 0);
    const ones = dy.shape.map(() => 1);
    return inputs.map(({ shape }, i) =>
      slice(dy, { starts: none.with(axis, starts[i] as number), sizes: shape, steps: ones }),
    );
  },
  lower: (emit, inputs, y, { axis }) => {
    const starts = startsOf(inputs, axis);
    inputs.forEach((x, i) => emitMove(emit, y, x, movement(x.shape, y.shape, axis, starts[i] as number)));
  },
});
