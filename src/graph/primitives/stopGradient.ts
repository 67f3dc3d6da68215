import { defineOp } from "../op.js";
import type { Value } from "../value.js";

/** y = x, a view that no gradient passes. */
export const stopGradient = defineOp<[Value]>({
  name: "stopGradient",
  shape: ([x]) => x.shape,
  vjp: () => [null],
  lower: () => {},
  view: true,
  stops: true,
});
