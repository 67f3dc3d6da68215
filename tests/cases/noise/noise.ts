/** Cases of tensors that are drawn. */
import fc from "fast-check";
import { ops } from "../../../src/graph/primitives/index.ts";
import type { Shape } from "../../../src/graph/shape.ts";
import type { Application, OpCase } from "../case.ts";
import { LARGE } from "../maps.ts";
import { anyShape } from "../shapes.ts";

const uniformOf = (shape: Shape, [low, high]: readonly [number, number], node: number): Application => ({
  inputs: [],
  build: () => ops.uniformNoise({ shape, low, high, node }),
  attributes: { shape, low, high, node },
});

const normalOf = (shape: Shape, [mean, deviation]: readonly [number, number], node: number): Application => ({
  inputs: [],
  build: () => ops.normalNoise({ shape, mean, deviation, node }),
  attributes: { shape, mean, deviation, node },
});

/** The first 2^31 and those behind them. */
const nodes = fc.nat(1000).map((node) => (node % 2) * 2 ** 31 + node);

export const noises = {
  uniformNoise: {
    applications: fc
      .tuple(anyShape, fc.constantFrom([0, 1] as const, [-2, 3] as const, [0.1, 0.1] as const), nodes)
      .map((all) => uniformOf(...all)),
    // The product and the sum round once each; they are at most 4 together.
    accuracy: { relative: 2 ** -23, floor: 4 },
    gradient: "leaf",
    large: uniformOf(LARGE, [-1, 1], 2 ** 31),
  },
  normalNoise: {
    applications: fc
      .tuple(anyShape, fc.constantFrom([0, 1] as const, [-2, 0.1] as const, [0.1, 0] as const), nodes)
      .map((all) => normalOf(...all)),
    // Rounded once from f64, but where mean and deviation cancel.
    accuracy: { relative: 2 ** -23.9, floor: 1e-3 },
    gradient: "leaf",
    large: normalOf(LARGE, [0, 1], 2 ** 31),
  },
} as const satisfies Record<string, OpCase>;
