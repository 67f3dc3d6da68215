/** Cases of dropout. */
import fc from "fast-check";
import { ops } from "../../../src/graph/primitives/index.ts";
import type { Shape } from "../../../src/graph/shape.ts";
import type { Application, OpCase } from "../case.ts";
import { uniform } from "../domains.ts";
import { LARGE } from "../maps.ts";
import { anyShape } from "../shapes.ts";

const dropoutOf = (shape: Shape, rate: number, node: number): Application => ({
  inputs: [{ shape, domain: uniform(-3, 3) }],
  build: ([x]) => ops.dropout(x!, { rate, node }),
  attributes: { rate, node },
});

const rates = fc.constantFrom(0, 0.1, 0.2, 0.5, 0.9, 0.999);

export const dropouts = {
  dropout: {
    applications: fc.tuple(anyShape, rates, fc.nat(1000)).map((all) => dropoutOf(...all)),
    // The scale and the product round once each; what is dropped is exactly 0.
    accuracy: { relative: 2 ** -22 },
    gradient: "finite differences",
    large: dropoutOf(LARGE, 0.5, 1),
  },
} as const satisfies Record<string, OpCase>;
