import { moveKinds } from "../../../compile/facts/move.js";
import { defineOp, type OpFunction } from "../../op.js";
import type { Value } from "../../value.js";
import { count } from "../operands.js";

export interface CumulativeSumAttributes {
  /** Counted from 0. */
  readonly axis: number;
  /** Sums from the end. */
  readonly reverse: boolean;
  /** Leaves out the element itself. */
  readonly exclusive: boolean;
}

/** y = the sums of x up to each place of an axis. Each x is in the sums of the places after it: the adjoint turns around. */
export const cumulativeSum: OpFunction<[Value], CumulativeSumAttributes> = defineOp<
  [Value],
  CumulativeSumAttributes
>({
  name: "cumulativeSum",
  shape: ([x]) => x.shape,
  vjp: (_, __, dy, { reverse, ...rest }) => [cumulativeSum(dy, { ...rest, reverse: !reverse })],
  lower: (emit, [x], y, { axis, reverse, exclusive }) =>
    emit(moveKinds.CumulativeSum, {
      y,
      x,
      outer: count(x.shape.slice(0, axis)),
      length: count(x.shape.slice(axis, axis + 1)),
      inner: count(x.shape.slice(axis + 1)),
      reverse: Number(reverse),
      exclusive: Number(exclusive),
    }),
  inPlace: [0],
});
