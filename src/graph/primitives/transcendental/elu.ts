import { transcendentalKinds } from "../../../compile/facts/transcendental.js";
import { isPositive, parametric } from "../choice/piecewise.js";
import { select } from "../choice/select.js";
import { scale } from "../elementwise/affine.js";
import { multiply } from "../elementwise/binary.js";
import { exp } from "./exponential.js";

/** y = x > 0 ? x : alpha · (eˣ − 1); its gradient at 0 is alpha, as in PyTorch. */
export const elu = parametric<{ readonly alpha: number }>(
  "elu",
  () => transcendentalKinds.Elu,
  ({ alpha }) => [alpha, 0],
  (x, _, dy, { alpha }) => select(isPositive(x), dy, scale(multiply(dy, exp(x)), alpha)),
);
