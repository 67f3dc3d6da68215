/** Cases of the public functions that take numbers for places. */
import fc from "fast-check";
import { element, ndArray } from "../../../src/graph/reference/ndArray.ts";
import type { Shape } from "../../../src/graph/shape.ts";
import { type GatherOptions, gather, oneHot } from "../../../src/ops/indexing.ts";
import type { Application, OpCase } from "../../cases/case.ts";
import { anything, integers, uniform } from "../../cases/domains.ts";
import { type Indexed, indexed, places } from "../../cases/move/indexing.ts";
import { size } from "../../cases/shapes.ts";

function gatherOf({ x: shape, axis, indices }: Indexed, fromEnd: boolean): Application {
  const options: GatherOptions = axis === 0 && !fromEnd ? {} : { axis: fromEnd ? axis - shape.length : axis };
  return {
    inputs: [
      { shape, domain: anything, smooth: uniform(-3, 3) },
      { shape: indices, domain: places(shape[axis]!), constant: true },
    ],
    build: ([x, index]) => gather(x!, index!, options),
    // y[before…, i…, after…] = x[before…, indices[i…], after…]
    define: ([x, index]) => {
      const rank = index!.shape.length;
      const result = [...x!.shape.slice(0, axis), ...index!.shape, ...x!.shape.slice(axis + 1)];
      return ndArray(result, (at) => {
        const place = element(index!, (i) => at[axis + i]!);
        return element(x!, (i) => (i < axis ? at[i]! : i === axis ? place : at[i - 1 + rank]!));
      });
    },
    attributes: options,
  };
}

function oneHotOf(shape: Shape, depth: number): Application {
  return {
    inputs: [{ shape, domain: integers(depth) }],
    build: ([index]) => oneHot(index!, depth),
    define: ([index]) => ({
      shape: [...index!.shape, depth],
      data: Float64Array.from(
        Array.from(index!.data).flatMap((place) =>
          Array.from({ length: depth }, (_, d) => Number(d === place)),
        ),
      ),
    }),
    attributes: { depth },
  };
}

export const indexing = {
  gather: {
    applications: fc.tuple(indexed, fc.boolean()).map((all) => gatherOf(...all)),
    accuracy: "exact",
    gradient: "finite differences",
    large: gatherOf({ x: [1000, 64], axis: 0, indices: [64, 16] }, false),
  },
  oneHot: {
    applications: fc.tuple(indexed, size).map(([{ indices }, depth]) => oneHotOf(indices, depth)),
    accuracy: "exact",
    gradient: "none",
    large: oneHotOf([64, 16], 64),
  },
} as const satisfies Record<string, OpCase>;
