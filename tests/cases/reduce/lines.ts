/** Cases of the ops that work along the last axis, and of repetition along any. */
import fc from "fast-check";
import { ops } from "../../../src/graph/primitives/index.ts";
import type { Shape } from "../../../src/graph/shape.ts";
import type { Application, OpCase } from "../case.ts";
import { anything, uniform } from "../domains.ts";
import { linewise } from "../lines.ts";
import { LARGE } from "../maps.ts";
import { repeated } from "../shapes.ts";

const ordinary = uniform(-3, 3);

const broadcastOf = (result: Shape, operand: Shape, perRow: boolean): Application => {
  const divisor = { factor: 3, perRow };
  return {
    inputs: [{ shape: operand, domain: ordinary }],
    build: ([x]) => ops.broadcastTo(x!, { shape: result, divisor }),
    attributes: { result, divisor },
  };
};

export const lines = {
  argMax: linewise(ops.argMax, anything, "exact", "none"),
  softmax: linewise(ops.softmax, uniform(-8, 8), { relative: 1e-6 }, "finite differences"),
  broadcastTo: {
    applications: fc
      .tuple(repeated, fc.boolean())
      .map(([{ result, operands }, perRow]) => broadcastOf(result, operands[0]!, perRow)),
    accuracy: "exact",
    gradient: "finite differences",
    large: broadcastOf(LARGE, [1024], false),
  },
} as const satisfies Record<string, OpCase>;
