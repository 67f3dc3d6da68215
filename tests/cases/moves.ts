/** Cases of the ops that put elements elsewhere. */
import fc from "fast-check";
import type { Shape } from "../../src/graph/shape.ts";
import { ops } from "../../src/ops/index.ts";
import type { Application, OpCase } from "./case.ts";
import { anything, uniform } from "./domains.ts";
import { rowsAnywhere } from "./shapes.ts";

const ordinary = uniform(-3, 3);

const transposeOf = (shape: Shape, permutation: readonly number[]): Application => ({
  inputs: [{ shape, domain: anything, smooth: ordinary }],
  build: ([x]) => ops.transpose(x!, { permutation }),
  attributes: { permutation },
});

/** A shape and its axes in any order. */
export const permutations: fc.Arbitrary<readonly [Shape, readonly number[]]> = rowsAnywhere.chain((shape) => {
  const axes = shape.map((_, axis) => axis);
  return fc.tuple(
    fc.constant(shape),
    fc.shuffledSubarray(axes, { minLength: axes.length, maxLength: axes.length }),
  );
});

export const moves = {
  transpose: {
    applications: permutations.map((all) => transposeOf(...all)),
    accuracy: "exact",
    gradient: "finite differences",
    large: transposeOf([64, 128, 96], [0, 2, 1]),
  },
} as const satisfies Record<string, OpCase>;
