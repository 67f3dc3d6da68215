/** Cases of what chooses between elements. */
import { ops } from "../../../src/graph/primitives/index.ts";
import type { Shape } from "../../../src/graph/shape.ts";
import type { Application, OpCase } from "../case.ts";
import { anything, distinct, integers, uniform } from "../domains.ts";
import { binary, LARGE } from "../maps.ts";
import { repeatedThree } from "../shapes.ts";

const ordinary = uniform(-3, 3);

const selectOf = ([condition, a, b]: readonly [Shape, Shape, Shape]): Application => ({
  inputs: [
    { shape: condition, domain: anything, smooth: integers(2), constant: true },
    { shape: a, domain: anything, smooth: ordinary },
    { shape: b, domain: anything, smooth: ordinary },
  ],
  build: ([x, y, z]) => ops.select(x!, y!, z!),
});

export const choices = {
  select: {
    applications: repeatedThree.map(selectOf),
    accuracy: "exact",
    gradient: "finite differences",
    large: selectOf([LARGE, LARGE, LARGE]),
  },
  minimum: binary(ops.minimum, distinct(), distinct(0.025)),
  notEqual: binary(ops.notEqual, ordinary, ordinary, "none"),
  greater: binary(ops.greater, ordinary, ordinary, "none"),
  greaterEqual: binary(ops.greaterEqual, ordinary, ordinary, "none"),
} as const satisfies Record<string, OpCase>;
