import { transcendentalKinds } from "../../../compile/facts/transcendental.js";
import { maximum, multiply, subtract } from "../elementwise/binary.js";
import { fill } from "../elementwise/fill.js";
import { reshape } from "../move/reshape.js";
import { keptAxes, type Reduction, reduction } from "../reduce/reduce.js";
import { exp } from "./exponential.js";

/** The least finite f32, −(2 − 2⁻²³) · 2¹²⁷. */
const LEAST = -(2 - 2 ** -23) * 2 ** 127;

/** y = ln Σ eˣ over the axes; −Infinity over none, or where every x is. */
export const logSumExp: Reduction = reduction(
  "logSumExp",
  { inner: () => transcendentalKinds.LogSumExpInner },
  (x, y, dy, over) => {
    const kept = { shape: keptAxes(x.shape, over) };
    // From the least finite number x = −Infinity is infinitely far: its share is 0 where x − y would be NaN.
    const finite = maximum(reshape(y, kept), fill({ shape: [], value: LEAST }));
    return multiply(reshape(dy, kept), exp(subtract(x, finite)));
  },
);
