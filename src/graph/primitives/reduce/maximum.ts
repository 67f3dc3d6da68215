import { reduceKinds } from "../../../compile/facts/reduce.js";
import { defineOp } from "../../op.js";
import type { Value } from "../../value.js";
import { divide, equal, multiply } from "../elementwise/binary.js";
import { reshape } from "../move/reshape.js";
import { matrix } from "../operands.js";
import { keptAxes, type Over, type Reduction, reduction } from "./reduce.js";
import { sum } from "./sum.js";

/** Where x is its extremum: equal ones share the gradient evenly, as in PyTorch's amax and amin. */
function shared(x: Value, y: Value, dy: Value, over: Over): Value {
  const kept = { shape: keptAxes(x.shape, over) };
  const isExtremum = equal(x, reshape(y, kept));
  const share = divide(dy, sum(isExtremum, over));
  return multiply(isExtremum, reshape(share, kept));
}

/** y = max x over the axes; −Infinity over none. */
export const max: Reduction = reduction(
  "max",
  { inner: () => reduceKinds.MaxInner, outer: () => reduceKinds.MaxOuter },
  shared,
);
/** y = min x over the axes; Infinity over none. */
export const min: Reduction = reduction(
  "min",
  { inner: () => reduceKinds.MinInner, outer: () => reduceKinds.MinOuter },
  shared,
);

/** Index of the first maximum along the last axis, as a number. An index has no gradient. */
export const argMax = defineOp<[Value]>({
  name: "argMax",
  shape: ([x]) => x.shape.slice(0, -1),
  vjp: "none",
  lower: (emit, [x], y) => emit(reduceKinds.ArgMaxInner, { y, x, ...matrix(x.shape) }),
});
