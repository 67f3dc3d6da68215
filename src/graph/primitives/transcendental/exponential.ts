import { transcendentalKinds } from "../../../compile/facts/transcendental.js";
import { divide, multiply } from "../elementwise/binary.js";
import { unary } from "../elementwise/unary.js";

/** y = eˣ */
export const exp = unary(
  "exp",
  () => transcendentalKinds.Exp,
  (_, y, dy) => multiply(dy, y),
);
/** y = ln x */
export const log = unary(
  "log",
  () => transcendentalKinds.Log,
  (x, _, dy) => divide(dy, x),
);
