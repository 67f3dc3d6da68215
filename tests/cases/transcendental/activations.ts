/** Cases of the activations that have kernels of their own. */
import { ops } from "../../../src/graph/primitives/index.ts";
import type { Shape } from "../../../src/graph/shape.ts";
import type { Value } from "../../../src/graph/value.ts";
import type { Accuracy, Application, OpCase } from "../case.ts";
import { type Domain, uniform } from "../domains.ts";
import { LARGE, ROUNDED, unary } from "../maps.ts";
import { anyShape } from "../shapes.ts";

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

export const activations = {
  gelu: unary(ops.gelu, { domain: NORMAL, smooth: ordinary, accuracy: ROUNDED }),
  geluTanh: unary(ops.geluTanh, { domain: CUBIC, smooth: ordinary, accuracy: ROUNDED }),
  silu: unary(ops.silu, { domain: EXPONENTIAL, smooth: ordinary, accuracy: SINGLE }),
  mish: unary(ops.mish, { domain: EXPONENTIAL, smooth: ordinary, accuracy: ROUNDED }),
  geluGrad: slope(ops.geluGrad, NORMAL),
  geluTanhGrad: slope(ops.geluTanhGrad, CUBIC),
  siluGrad: { ...slope(ops.siluGrad, EXPONENTIAL), accuracy: { ...SINGLE, floor: 0.5 } },
  mishGrad: slope(ops.mishGrad, EXPONENTIAL),
} as const satisfies Record<string, OpCase>;
