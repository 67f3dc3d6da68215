/** Cases of the activations that have kernels of their own, and of hardTanh. */
import fc from "fast-check";
import { ops } from "../../../src/graph/primitives/index.ts";
import type { Shape } from "../../../src/graph/shape.ts";
import type { Value } from "../../../src/graph/value.ts";
import type { Accuracy, Application, OpCase } from "../case.ts";
import { anything, type Domain, uniform } from "../domains.ts";
import { LARGE, unary } from "../elementwise/elementwise.ts";
import { anyShape } from "../shapes.ts";

/** Rounded from f64: at most 0.52 units in the last place. */
const ROUNDED: Accuracy = { relative: 2 ** -23.9 };
/** 2.5 units in the last place. */
const SINGLE = { relative: 2.5 * 2 ** -23 };
/** As ROUNDED, but for 2e-10 where the terms of the slope cancel. */
const SLOPE: Accuracy = { relative: 2 ** -23.9, floor: 2e-3 };

const ordinary = uniform(-3, 3);

// As far to the left as the results are normal: what is subnormal is flushed.
const NORMAL = uniform(-12, 12);
const CUBIC = uniform(-9, 9);
const EXPONENTIAL = uniform(-80, 80);

/** dx from x and dy. */
function slope(op: (x: Value, dy: Value) => Value, x: Domain): OpCase {
  const apply = (shape: Shape): Application => ({
    inputs: [
      { shape, domain: x, smooth: ordinary },
      { shape, domain: uniform(-2, 2) },
    ],
    build: ([a, b]) => op(a!, b!),
  });
  return { applications: anyShape.map(apply), accuracy: SLOPE, gradient: "none", large: apply(LARGE) };
}

/** Off the ends ±1, 0 and 6 by more than a step. */
const offEnds: Domain = (values, chance) => {
  for (let i = 0; i < values.length; i++) values[i] = Math.floor(chance() * 50) / 5 - 2.9;
};

const hardTanhOf = (shape: Shape, low: number, high: number): Application => ({
  inputs: [{ shape, domain: anything, smooth: offEnds }],
  build: ([x]) => ops.hardTanh(x!, { low, high }),
  attributes: { low, high },
});

export const gates = {
  gelu: unary(ops.gelu, { domain: NORMAL, smooth: ordinary, accuracy: ROUNDED }),
  geluTanh: unary(ops.geluTanh, { domain: CUBIC, smooth: ordinary, accuracy: ROUNDED }),
  silu: unary(ops.silu, { domain: EXPONENTIAL, smooth: ordinary, accuracy: SINGLE }),
  mish: unary(ops.mish, { domain: EXPONENTIAL, smooth: ordinary, accuracy: ROUNDED }),
  geluGrad: slope(ops.geluGrad, NORMAL),
  geluTanhGrad: slope(ops.geluTanhGrad, CUBIC),
  siluGrad: { ...slope(ops.siluGrad, EXPONENTIAL), accuracy: { ...SINGLE, floor: 0.5 } },
  mishGrad: slope(ops.mishGrad, EXPONENTIAL),
  hardTanh: {
    applications: fc
      .tuple(anyShape, fc.constantFrom<[number, number]>([-1, 1], [0, 6], [-0.25, 2]))
      .map(([shape, [low, high]]) => hardTanhOf(shape, low, high)),
    accuracy: "exact",
    gradient: "finite differences",
    large: hardTanhOf(LARGE, -1, 1),
  },
} as const satisfies Record<string, OpCase>;
