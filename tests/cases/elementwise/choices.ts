/** Cases of what chooses between elements, or needs none. */
import fc from "fast-check";
import { ops } from "../../../src/graph/primitives/index.ts";
import type { Shape } from "../../../src/graph/shape.ts";
import type { Application, OpCase } from "../case.ts";
import { anything, integers, uniform } from "../domains.ts";
import { LARGE } from "../maps.ts";
import { anyShape, repeatedThree } from "../shapes.ts";

const ordinary = uniform(-3, 3);

const selectOf = ([condition, a, b]: readonly [Shape, Shape, Shape]): Application => ({
  inputs: [
    { shape: condition, domain: anything, smooth: integers(2), constant: true },
    { shape: a, domain: anything, smooth: ordinary },
    { shape: b, domain: anything, smooth: ordinary },
  ],
  build: ([x, y, z]) => ops.select(x!, y!, z!),
});

const fillOf = (shape: Shape, value: number): Application => ({
  inputs: [],
  build: () => ops.fill({ shape, value }),
  attributes: { shape, value },
});

export const choices = {
  select: {
    applications: repeatedThree.map(selectOf),
    accuracy: "exact",
    gradient: "finite differences",
    large: selectOf([LARGE, LARGE, LARGE]),
  },
  fill: {
    applications: fc.tuple(anyShape, fc.constantFrom(0, 1, -0.1, 1e30)).map((all) => fillOf(...all)),
    accuracy: "exact",
    gradient: "leaf",
    large: fillOf(LARGE, 1),
  },
} as const satisfies Record<string, OpCase>;
