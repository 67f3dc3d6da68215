/** Parts of a tensor, and a tensor as a part: each is the adjoint of the other, so they stand together. */

import { ShapeError } from "../../../check/errors.js";
import { elementwiseKinds } from "../../../compile/facts/elementwise.js";
import { defineOp, type OpFunction } from "../../op.js";
import { formatShape, ROWS, type Shape, type Size } from "../../shape.js";
import type { Value } from "../../value.js";
import { count, real } from "../operands.js";
import { checkMovement, emitMove, type Movement, offsetOf, rowMajor, times } from "./move.js";

/** For each axis; that of the rows is taken whole. */
export interface SliceAttributes {
  readonly starts: readonly number[];
  /** Elements that are taken: the shape of y. */
  readonly sizes: Shape;
  /** Elements from one that is taken to the next. */
  readonly steps: readonly number[];
}

/** For each axis; that of the rows is not padded. */
export interface PadAttributes {
  readonly before: readonly number[];
  readonly after: readonly number[];
  /** Elements put between two neighbors. */
  readonly between: readonly number[];
  readonly value: number;
}

/** Elements of the whole from the first to the last of a part, both included. */
const extent = (size: number, step: number) => (size === 0 ? 0 : (size - 1) * step + 1);

const stepped = (strides: readonly Size[], steps: readonly number[]): Size[] =>
  strides.map((stride, axis) => times(stride, steps[axis] as number));

/** The elements of a part within the whole, for a movement of either into the other. */
function within(who: string, whole: Shape, starts: readonly number[], steps: readonly number[]) {
  const offset = offsetOf(starts, whole);
  if (offset === undefined) {
    throw new ShapeError(
      `${who}: [${starts.join(", ")}] in ${formatShape(whole)} starts at some rows and some elements; ` +
        "needs starts other than 0 either before the axis of the rows or behind it. Do it in two steps.",
    );
  }
  return { offset, strides: stepped(rowMajor(whole), steps) };
}

function slicing(x: Shape, { starts, sizes, steps }: SliceAttributes): Movement {
  const part = within("slice", x, starts, steps);
  return { shape: sizes, yStrides: rowMajor(sizes), xStrides: part.strides, xOffset: part.offset };
}

/** Whether a part lies inside the whole along every axis. */
function fits(whole: Shape, { starts, sizes, steps }: SliceAttributes): boolean {
  const alike = [starts, sizes, steps].every(({ length }) => length === whole.length);
  return (
    alike &&
    whole.every((size, axis) => {
      const [start, taken, step] = [starts[axis], sizes[axis], steps[axis]] as [number, number, number];
      if (size === ROWS) return start === 0 && taken === ROWS && step === 1;
      return start >= 0 && taken >= 0 && step >= 1 && start + extent(taken, step) <= size;
    })
  );
}

/** y[i] = x[starts + i · steps] */
export const slice: OpFunction<[Value], SliceAttributes> = defineOp<[Value], SliceAttributes>({
  name: "slice",
  role: "passes",
  shape: ([x], part) => {
    if (!fits(x.shape, part)) {
      throw new ShapeError(
        `slice: ${formatShape(part.sizes)} from [${part.starts.join(", ")}] on, ` +
          `in steps of [${part.steps.join(", ")}], does not lie in ${formatShape(x.shape)}.`,
      );
    }
    checkMovement("slice", slicing(x.shape, part));
    return part.sizes;
  },
  vjp: ([x], _, dy, { starts, sizes, steps }) => {
    const after = x.shape.map((size, axis) => {
      if (size === ROWS) return 0;
      return size - (starts[axis] as number) - extent(sizes[axis] as number, steps[axis] as number);
    });
    return [pad(dy, { before: starts, after, between: steps.map((step) => step - 1), value: 0 })];
  },
  lower: (emit, [x], y, part) => emitMove(emit, y, x, slicing(x.shape, part)),
});

const padding = (x: Shape, y: Shape, { before, between }: PadAttributes): Movement => {
  const steps = between.map((gap) => gap + 1);
  const part = within("pad", y, before, steps);
  return { shape: x, yStrides: part.strides, xStrides: rowMajor(x), yOffset: part.offset };
};

const isPadding = (x: Shape, { before, after, between }: PadAttributes) =>
  [before, after, between].every(
    (sizes) =>
      sizes.length === x.length &&
      sizes.every((size, axis) => Number.isInteger(size) && (x[axis] === ROWS ? size === 0 : size >= 0)),
  );

/** y = value, but y[before + i · (between + 1)] = x[i] */
export const pad: OpFunction<[Value], PadAttributes> = defineOp<[Value], PadAttributes>({
  name: "pad",
  role: "passes",
  shape: ([x], attributes) => {
    const { before, after, between } = attributes;
    if (!isPadding(x.shape, attributes)) {
      throw new ShapeError(
        `pad: [${before.join(", ")}] before, [${after.join(", ")}] after and [${between.join(", ")}] between; ` +
          `needs an integer of at least 0 for each axis of ${formatShape(x.shape)}, and 0 for the rows.`,
      );
    }
    const y = x.shape.map((size, axis) => {
      if (size === ROWS) return ROWS;
      return (before[axis] as number) + extent(size, (between[axis] as number) + 1) + (after[axis] as number);
    });
    checkMovement("pad", padding(x.shape, y, attributes));
    return y;
  },
  vjp: ([x], _, dy, { before, between }) => [
    slice(dy, { starts: before, sizes: x.shape, steps: between.map((gap) => gap + 1) }),
  ],
  lower: (emit, [x], y, attributes) => {
    emit(elementwiseKinds.Fill, { y, count: count(y.shape), value: real(attributes.value) });
    emitMove(emit, y, x, padding(x.shape, y.shape, attributes));
  },
});
