/** Cases of normalization over any axes. */
import fc from "fast-check";
import { ops } from "../../../src/graph/primitives/index.ts";
import type { Normalization } from "../../../src/graph/primitives/normalize/normalize.ts";
import { ROWS, type Shape } from "../../../src/graph/shape.ts";
import type { Application, OpCase } from "../case.ts";
import { distinct, uniform } from "../domains.ts";
import { overAxes } from "../shapes.ts";

/** The size of a convolution's result: 28 × 28 positions of 64 channels would be too much for the f64 reference. */
const LARGE: Shape = [ROWS, 16, 64];
const CHANNELS: Normalization = { axes: [0, 1], epsilon: 1e-5, centered: true };

// Any two differ by a tenth, so that no variance comes near to 0, where finite differences fail.
const smooth = distinct(0.35);
const ordinary = uniform(-3, 3);

const normalizeOf = (shape: Shape, over: Normalization): Application => ({
  inputs: [{ shape, domain: ordinary, smooth }],
  build: ([x]) => ops.normalize(x!, over),
  attributes: over,
});

const gradientOf = (shape: Shape, over: Normalization): Application => ({
  inputs: [
    { shape, domain: smooth },
    { shape, domain: uniform(-2, 2) },
  ],
  build: ([x, dy]) => ops.normalizeGrad(x!, dy!, over),
  attributes: over,
});

const applied = (apply: (shape: Shape, over: Normalization) => Application) =>
  fc
    .tuple(overAxes, fc.constantFrom(1e-3, 0.1), fc.boolean())
    .map(([{ shape, axes }, epsilon, centered]) => apply(shape, { axes, epsilon, centered }));

export const normalizations = {
  normalize: {
    applications: applied(normalizeOf),
    // Relative to the deviation, which is 1: the sums, the mean, the scale and the product round.
    accuracy: { relative: 1e-6, floor: 1 },
    gradient: "finite differences",
    large: normalizeOf(LARGE, CHANNELS),
  },
  normalizeGrad: {
    applications: applied(gradientOf),
    // dy / √(variance + epsilon) is at most 2 / 0.03.
    accuracy: { relative: 1e-6, floor: 64 },
    gradient: "none",
    large: gradientOf(LARGE, CHANNELS),
  },
} as const satisfies Record<string, OpCase>;
