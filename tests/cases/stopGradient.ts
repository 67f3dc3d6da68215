/** The case of the op that no gradient passes. */
import { ops } from "../../src/graph/primitives/index.ts";
import type { OpCase } from "./case.ts";
import { anything } from "./domains.ts";
import { unary } from "./maps.ts";

export const stopped = {
  stopGradient: { ...unary(ops.stopGradient, { domain: anything, accuracy: "exact" }), gradient: "leaf" },
} as const satisfies Record<string, OpCase>;
