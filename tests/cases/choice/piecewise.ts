/** Cases of elementwise functions of a number that says where, or how steep. */
import fc from "fast-check";
import { ops } from "../../../src/graph/primitives/index.ts";
import type { Shape } from "../../../src/graph/shape.ts";
import type { Application, OpCase } from "../case.ts";
import { anything, awayFromZero, type Domain } from "../domains.ts";
import { LARGE, parametric } from "../maps.ts";
import { anyShape } from "../shapes.ts";

/** Off the ends ±1, 0 and 6 by more than a step. */
const offEnds: Domain = (values, chance) => {
  for (let i = 0; i < values.length; i++) values[i] = Math.floor(chance() * 50) / 5 - 2.9;
};

const hardTanhOf = (shape: Shape, low: number, high: number): Application => ({
  inputs: [{ shape, domain: anything, smooth: offEnds }],
  build: ([x]) => ops.hardTanh(x!, { low, high }),
  attributes: { low, high },
});

export const piecewise = {
  leakyRelu: parametric({
    op: ops.leakyRelu,
    attributes: fc.constantFrom(0.01, 0.3, 2, -1).map((slope) => ({ slope })),
    large: { slope: 0.1 },
    domain: anything,
    smooth: awayFromZero(0.05, 3),
    accuracy: "exact",
  }),
  clip: parametric({
    op: ops.clip,
    attributes: fc.constantFrom({ low: -1, high: 1 }, { low: 0, high: 0.1 }, { low: -Infinity, high: 1 }),
    large: { low: -1, high: 1 },
    domain: anything,
    // Off the ends ±1, 0 and 0.1 by more than a step.
    smooth: (values, chance) => {
      for (let i = 0; i < values.length; i++) values[i] = Math.floor(chance() * 30) / 5 - 2.95;
    },
    accuracy: "exact",
  }),
  hardTanh: {
    applications: fc
      .tuple(anyShape, fc.constantFrom<[number, number]>([-1, 1], [0, 6], [-0.25, 2]))
      .map(([shape, [low, high]]) => hardTanhOf(shape, low, high)),
    accuracy: "exact",
    gradient: "finite differences",
    large: hardTanhOf(LARGE, -1, 1),
  },
} as const satisfies Record<string, OpCase>;
