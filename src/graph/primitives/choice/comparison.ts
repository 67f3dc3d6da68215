import { choiceKinds } from "../../../compile/facts/choice.js";
import { type Binary, binary, selected } from "../elementwise/binary.js";

/** y = 1 where a ≠ b, else 0; NaN differs from everything. Without a gradient, as equal. */
export const notEqual: Binary = binary("notEqual", () => choiceKinds.NotEqual, "none");
/** y = 1 where a > b, else 0. Without a gradient, as equal. */
export const greater: Binary = binary("greater", () => choiceKinds.Greater, "none");
/** y = 1 where a ≥ b, else 0. Without a gradient, as equal. */
export const greaterEqual: Binary = binary("greaterEqual", () => choiceKinds.GreaterEqual, "none");
/** y = min(a, b); where they are equal each gets half of the gradient, as in PyTorch. */
export const minimum: Binary = binary("minimum", () => choiceKinds.Minimum, selected);
