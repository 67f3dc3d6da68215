/** Cases of extremes over any axes. */
import { ops } from "../../../src/graph/primitives/index.ts";
import type { OpCase } from "../case.ts";
import { anything, distinct } from "../domains.ts";
import { reduction } from "../reductions.ts";

export const extremes = {
  max: reduction(ops.max, { domain: anything, smooth: distinct() }, "exact"),
  min: reduction(ops.min, { domain: anything, smooth: distinct() }, "exact"),
} as const satisfies Record<string, OpCase>;
