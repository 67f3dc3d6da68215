/** Cases of what needs no operand. */
import fc from "fast-check";
import { ops } from "../../../src/graph/primitives/index.ts";
import type { Shape } from "../../../src/graph/shape.ts";
import type { Application, OpCase } from "../case.ts";
import { LARGE } from "../maps.ts";
import { anyShape } from "../shapes.ts";

const fillOf = (shape: Shape, value: number): Application => ({
  inputs: [],
  build: () => ops.fill({ shape, value }),
  attributes: { shape, value },
});

export const fills = {
  fill: {
    applications: fc.tuple(anyShape, fc.constantFrom(0, 1, -0.1, 1e30)).map((all) => fillOf(...all)),
    accuracy: "exact",
    gradient: "leaf",
    large: fillOf(LARGE, 1),
  },
} as const satisfies Record<string, OpCase>;
