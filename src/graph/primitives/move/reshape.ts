import { ShapeError } from "../../../check/errors.js";
import { defineOp, type OpFunction } from "../../op.js";
import { formatShape, type Shape, sizeOf } from "../../shape.js";
import type { Value } from "../../value.js";

export interface ReshapeAttributes {
  readonly shape: Shape;
}

/** The same elements in the same order under another shape: a view, which costs nothing. */
export const reshape: OpFunction<[Value], ReshapeAttributes> = defineOp<[Value], ReshapeAttributes>({
  name: "reshape",
  shape: ([x], { shape }) => {
    const from = sizeOf(x.shape);
    const to = sizeOf(shape);
    if (from.factor !== to.factor || from.perRow !== to.perRow) {
      throw new ShapeError(
        `reshape: ${formatShape(x.shape)} cannot become ${formatShape(shape)}; needs the same number of elements.`,
      );
    }
    return shape;
  },
  vjp: ([x], _, dy) => [reshape(dy, { shape: x.shape })],
  lower: () => {},
  view: true,
});
