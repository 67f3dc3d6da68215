/** Cases of scaling and shifting, and of a threshold. */
import fc from "fast-check";
import { ops } from "../../../src/graph/primitives/index.ts";
import type { Shape } from "../../../src/graph/shape.ts";
import type { Application, OpCase } from "../case.ts";
import { anything, uniform } from "../domains.ts";
import { LARGE } from "../maps.ts";
import { anyShape } from "../shapes.ts";

const step = fc.constantFrom(-2, -0.5, -0.1, 0, 0.1, 1 / 3, 1, 2);

const affineOf = (shape: Shape, scale: number, offset: number): Application => ({
  inputs: [{ shape, domain: uniform(-3, 3) }],
  build: ([x]) => ops.affine(x!, { scale, offset }),
  attributes: { scale, offset },
});

const greaterThanOf = (shape: Shape, threshold: number): Application => ({
  inputs: [{ shape, domain: anything }],
  build: ([x]) => ops.greaterThan(x!, { threshold }),
  attributes: { threshold },
});

export const affines = {
  affine: {
    applications: fc.tuple(anyShape, step, step).map((all) => affineOf(...all)),
    // scale · x and offset are at most 8 together.
    accuracy: { relative: 2 ** -23, floor: 8 },
    gradient: "finite differences",
    large: affineOf(LARGE, 1.5, -0.25),
  },
  greaterThan: {
    applications: fc.tuple(anyShape, step).map((all) => greaterThanOf(...all)),
    accuracy: "exact",
    gradient: "none",
    large: greaterThanOf(LARGE, 0.5),
  },
} as const satisfies Record<string, OpCase>;
