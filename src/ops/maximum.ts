import { Op, ReduceRecord } from "../../assembly/isa.js";
import { defineOp } from "../graph/op.js";
import type { Value } from "../graph/value.js";
import { divide, equal, multiply } from "./binary.js";
import { count } from "./operands.js";
import { keptAxes, type Reduction, reduction } from "./reduce.js";
import { reshape } from "./reshape.js";
import { sum } from "./sum.js";

/** y = max x over the axes; equal maxima share the gradient evenly, as in PyTorch's amax. */
export const max: Reduction = reduction(
  "max",
  { inner: Op.MaxInner, outer: Op.MaxOuter },
  (x, y, dy, over) => {
    const kept = { shape: keptAxes(x.shape, over) };
    const isMaximum = equal(x, reshape(y, kept));
    const share = divide(dy, sum(isMaximum, over));
    return multiply(isMaximum, reshape(share, kept));
  },
);

/** Index of the first maximum along the last axis, as a number. An index has no gradient. */
export const argMax = defineOp<[Value]>({
  name: "argMax",
  shape: ([x]) => x.shape.slice(0, -1),
  vjp: "none",
  lower: (emit, [x], y) =>
    emit(Op.ArgMaxInner, ReduceRecord, {
      y,
      x,
      outer: count(x.shape.slice(0, -1)),
      inner: count(x.shape.slice(-1)),
    }),
});
