/** The case of a function that brings its own rule: x² · w, defined by its formula. */

import { ops } from "../../../src/graph/primitives/index.ts";
import { ndArray } from "../../../src/graph/reference/ndArray.ts";
import type { Shape } from "../../../src/graph/shape.ts";
import { customGradient as withRule } from "../../../src/ops/customGradient.ts";
import type { Application, OpCase } from "../../cases/case.ts";
import { uniform } from "../../cases/domains.ts";
import { anyShape } from "../../cases/shapes.ts";

const weightedSquare = withRule(
  (x, w) => ops.multiply(ops.square(x), w),
  ([x, w], _, dy) => [
    ops.multiply(ops.affine(dy, { scale: 2, offset: 0 }), ops.multiply(x, w)),
    ops.multiply(dy, ops.square(x)),
  ],
);

const weightedSquareOf = (shape: Shape): Application => ({
  inputs: [
    { shape, domain: uniform(-2, 2) },
    { shape, domain: uniform(-2, 2) },
  ],
  build: ([x, w]) => weightedSquare(x!, w!),
  define: ([x, w]) => ndArray(x!.shape, (_, i) => x!.data[i]! * x!.data[i]! * w!.data[i]!),
});

export const customFunctions = {
  customGradient: {
    applications: anyShape.map(weightedSquareOf),
    // The square and the product round once each.
    accuracy: { relative: 2 ** -22 },
    gradient: "finite differences",
    large: weightedSquareOf([64, 1024]),
  },
} as const satisfies Record<string, OpCase>;
