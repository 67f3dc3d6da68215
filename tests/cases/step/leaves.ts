/** Cases of where values come from and where they end: sources, parameters, constants, reports. */
import fc from "fast-check";
import { ops } from "../../../src/graph/primitives/index.ts";
import { ROWS, type Shape } from "../../../src/graph/shape.ts";
import type { Application, Input, OpCase } from "../case.ts";
import { anything, integers, uniform } from "../domains.ts";
import { anyShape, size } from "../shapes.ts";

const same = (input: Input): Application => ({
  inputs: [input],
  build: ([x]) => x!,
  attributes: input.stored,
});

const sourceOf = (row: Shape, bytes: boolean, scale: number, offset: number): Application =>
  same({
    shape: [ROWS, ...row],
    domain: bytes ? integers(256) : uniform(-2, 2),
    stored: { bytes, scale, offset },
  });

/** Quarters, no two neighbors alike, of either sign. */
const constantOf = (shape: Shape): Application => {
  const size = shape.reduce((product, axis) => product * axis, 1);
  const values = Float32Array.from({ length: size }, (_, i) => ((i * 7) % 23) / 4 - 2.5);
  return { inputs: [], build: () => ops.constant({ shape, values }), attributes: { shape } };
};

const reportOf = (slot: number, weighted: boolean, divisor: number): Application => ({
  inputs: [{ shape: [], domain: uniform(-3, 3) }],
  build: ([x]) => ops.report(x!, { slot, weighted, divisor }),
  attributes: { slot, weighted, divisor },
});

const row = fc.oneof(fc.constant<Shape>([]), fc.tuple(size), fc.tuple(fc.integer({ min: 1, max: 4 }), size));

export const leaves = {
  parameter: {
    applications: anyShape
      .filter((shape) => !shape.includes(ROWS))
      .map((shape) => same({ shape, domain: anything })),
    accuracy: "exact",
    gradient: "leaf",
    large: same({ shape: [64, 1024], domain: anything }),
  },
  constant: {
    applications: anyShape.filter((shape) => !shape.includes(ROWS)).map((shape) => constantOf(shape)),
    accuracy: "exact",
    gradient: "leaf",
    large: constantOf([64, 1024]),
  },
  source: {
    applications: fc
      .tuple(row, fc.boolean(), fc.constantFrom(1, 1 / 255, 0.5), fc.constantFrom(0, -0.5, 1))
      .map((all) => sourceOf(...all)),
    // The product and the offset round once each; they are at most 256 together.
    accuracy: { relative: 2 ** -23, floor: 256 },
    gradient: "leaf",
    large: sourceOf([1024], true, 1 / 255, 0),
  },
  report: {
    applications: fc
      .tuple(fc.nat(15), fc.boolean(), fc.integer({ min: 1, max: 130 }))
      .map(([slot, weighted, divisor]) => reportOf(slot, weighted, divisor)),
    accuracy: "exact",
    gradient: "none",
    large: reportOf(0, true, 1),
  },
} as const satisfies Record<string, OpCase>;
