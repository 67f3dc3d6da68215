import { choiceKinds } from "../../../compile/facts/choice.js";
import type { Value } from "../../value.js";
import { divide, equal, multiply } from "../elementwise/binary.js";
import { reshape } from "../move/reshape.js";
import { keptAxes, type Over, type Reduction, reduction } from "../reduce/reduce.js";
import { sum } from "../reduce/sum.js";

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
  { inner: () => choiceKinds.MaxInner, outer: () => choiceKinds.MaxOuter },
  shared,
);
/** y = min x over the axes; Infinity over none. */
export const min: Reduction = reduction(
  "min",
  { inner: () => choiceKinds.MinInner, outer: () => choiceKinds.MinOuter },
  shared,
);
