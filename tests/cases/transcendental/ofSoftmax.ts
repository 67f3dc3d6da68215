/** Cases of what is made of softmax beside itself. */
import { ops } from "../../../src/graph/primitives/index.ts";
import type { OpCase } from "../case.ts";
import { uniform } from "../domains.ts";
import { linewise, linewiseGrad } from "../lines.ts";
import { reduction } from "../reductions.ts";

const ordinary = uniform(-3, 3);

export const ofSoftmax = {
  logSoftmax: linewise(ops.logSoftmax, uniform(-8, 8), { relative: 3e-7, floor: 16 }, "finite differences"),
  softmaxGrad: linewiseGrad(ops.softmaxGrad, uniform(0, 1), { relative: 1e-6, floor: 2 }),
  logSoftmaxGrad: linewiseGrad(ops.logSoftmaxGrad, uniform(-8, 0), { relative: 1e-6, floor: 8 }),
  // The greatest and the logarithm, of at most ln 3,600, round once or twice each.
  logSumExp: reduction(
    ops.logSumExp,
    { domain: uniform(-8, 8), smooth: ordinary },
    { relative: 3e-7, floor: 4 },
  ),
} as const satisfies Record<string, OpCase>;
