/** Cases of the ops that take numbers for places. */
import fc from "fast-check";
import { ops } from "../../../src/graph/primitives/index.ts";
import { ROWS, type Shape } from "../../../src/graph/shape.ts";
import type { Application, OpCase } from "../case.ts";
import { anything, integers, uniform } from "../domains.ts";
import { size } from "../shapes.ts";

const ordinary = uniform(-3, 3);
const small = fc.integer({ min: 1, max: 3 });

export interface Indexed {
  readonly x: Shape;
  readonly axis: number;
  readonly indices: Shape;
}

/** An axis between any two parts, indexed by a tensor of any rank, with rows in one of the four or in none. */
export const indexed: fc.Arbitrary<Indexed> = fc
  .tuple(
    fc.constantFrom("none", "before", "axis", "after", "indices", "axis and indices"),
    fc.array(small, { maxLength: 2 }),
    size,
    fc.oneof(fc.constant<Shape>([]), fc.tuple(size), fc.constant<Shape>([0])),
    fc.oneof(fc.constant<Shape>([]), fc.tuple(fc.integer({ min: 0, max: 6 })), fc.tuple(small, small)),
  )
  .map(([rows, before, length, after, indices]) => {
    const lead = rows === "before" ? [...before, ROWS] : before;
    const places = rows.startsWith("axis") ? ROWS : length;
    const trail = rows === "after" ? [ROWS, ...after] : after;
    return {
      x: [...lead, places, ...trail],
      axis: lead.length,
      indices: rows.endsWith("indices") ? [...indices, ROWS] : indices,
    };
  });

/** Whole numbers below a size; of the rows there is one at least. */
export const places = (length: number) => integers(length === ROWS ? 1 : length);

const takeOf = ({ x, axis, indices }: Indexed): Application => ({
  inputs: [
    { shape: x, domain: anything, smooth: ordinary },
    { shape: indices, domain: places(x[axis]!), constant: true },
  ],
  build: ([values, index]) => ops.take(values!, index!, { axis }),
  attributes: { axis },
});

const scatterAddOf = ({ x, axis, indices }: Indexed): Application => ({
  inputs: [
    { shape: x.toSpliced(axis, 1, ...indices), domain: ordinary },
    { shape: indices, domain: places(x[axis]!), constant: true },
  ],
  build: ([dy, index]) => ops.scatterAdd(dy!, index!, { axis, length: x[axis]! }),
  attributes: { axis, length: x[axis] },
});

const oneHotOf = (indices: Shape, depth: number): Application => ({
  inputs: [{ shape: indices, domain: integers(depth) }],
  build: ([index]) => ops.oneHot(index!, { depth }),
  attributes: { depth },
});

const embedding: Indexed = { x: [1000, 64], axis: 0, indices: [64, 16] };

export const indexing = {
  take: {
    applications: indexed.map(takeOf),
    accuracy: "exact",
    gradient: "finite differences",
    large: takeOf(embedding),
  },
  scatterAdd: {
    applications: indexed.map(scatterAddOf),
    // A place sums at most 54 terms, one after the other in f32.
    accuracy: { relative: 54 * 2 ** -24, floor: "terms" },
    gradient: "finite differences",
    large: scatterAddOf(embedding),
  },
  oneHot: {
    applications: fc.tuple(indexed, size).map(([{ indices }, depth]) => oneHotOf(indices, depth)),
    accuracy: "exact",
    gradient: "none",
    large: oneHotOf([64, 16], 64),
  },
} as const satisfies Record<string, OpCase>;
