/** What gradients begin with, and how those of several uses of a value become one. */
import { add } from "../graph/primitives/elementwise/binary.js";
import { fill } from "../graph/primitives/elementwise/fill.js";
import type { Value } from "../graph/value.js";

export const chainRule = { add, onesLike: ({ shape }: Value) => fill({ shape, value: 1 }) };
