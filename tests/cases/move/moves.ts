/** Cases of the ops that put elements elsewhere. */
import fc from "fast-check";
import { ops } from "../../../src/graph/primitives/index.ts";
import { ROWS, type Shape } from "../../../src/graph/shape.ts";
import type { Application, OpCase } from "../case.ts";
import { anything, uniform } from "../domains.ts";
import { rowsAnywhere } from "../shapes.ts";

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

const concatOf = (shapes: readonly Shape[], axis: number): Application => ({
  inputs: shapes.map((shape) => ({ shape, domain: anything, smooth: ordinary })),
  build: (values) => ops.concat(...values, { axis }),
  attributes: { axis },
});

/** An axis of a size of its own, other than that of the rows. */
export const sized: fc.Arbitrary<readonly [Shape, number]> = rowsAnywhere.chain((given) => {
  const shape = given.some((size) => size !== ROWS) ? given : [...given, 3];
  const axes = shape.flatMap((size, axis) => (size === ROWS ? [] : [axis]));
  return fc.tuple(fc.constant(shape), fc.constantFrom(...axes));
});

/** Shapes that differ along one axis only. */
export const joinable: fc.Arbitrary<readonly [readonly Shape[], number]> = sized.chain(([shape, axis]) =>
  fc
    .array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 4 })
    .map((sizes) => [sizes.map((size) => shape.with(axis, size)), axis] as const),
);

interface Part {
  readonly start: number;
  readonly size: number;
  readonly step: number;
}

/** Part of an axis of that size. */
const partOf = (whole: number): fc.Arbitrary<Part> => {
  if (whole === ROWS) return fc.constant({ start: 0, size: ROWS, step: 1 });
  return fc
    .tuple(fc.nat(whole), fc.nat(1000), fc.integer({ min: 1, max: 3 }))
    .map(([start, chance, step]) => {
      const most = Math.ceil((whole - start) / step);
      return { start, size: chance % 5 === 0 ? most : chance % (most + 1), step };
    });
};

/** Any part of any shape. */
export const partly: fc.Arbitrary<readonly [Shape, readonly Part[]]> = rowsAnywhere.chain((shape) =>
  fc.tuple(fc.constant(shape), fc.tuple(...shape.map(partOf))),
);

const sliceOf = (shape: Shape, parts: readonly Part[]): Application => {
  const attributes = {
    starts: parts.map(({ start }) => start),
    sizes: parts.map(({ size }) => size),
    steps: parts.map(({ step }) => step),
  };
  return {
    inputs: [{ shape, domain: anything, smooth: ordinary }],
    build: ([x]) => ops.slice(x!, attributes),
    attributes,
  };
};

interface Gap {
  readonly before: number;
  readonly after: number;
  readonly between: number;
}

const few = fc.nat(3);
const none: Gap = { before: 0, after: 0, between: 0 };

const padded: fc.Arbitrary<readonly [Shape, readonly Gap[]]> = rowsAnywhere.chain((shape) =>
  fc.tuple(
    fc.constant(shape),
    fc.tuple(
      ...shape.map((size) =>
        size === ROWS ? fc.constant(none) : fc.record({ before: few, after: few, between: few }),
      ),
    ),
  ),
);

const padOf = (shape: Shape, gaps: readonly Gap[], value: number): Application => {
  const attributes = {
    before: gaps.map(({ before }) => before),
    after: gaps.map(({ after }) => after),
    between: gaps.map(({ between }) => between),
    value,
  };
  return {
    inputs: [{ shape, domain: anything, smooth: ordinary }],
    build: ([x]) => ops.pad(x!, attributes),
    attributes,
  };
};

/** What the ops refuse: an offset of some rows and some elements. */
const isOneOffset = (shape: Shape, starts: readonly number[]) => {
  const rows = shape.indexOf(ROWS);
  return rows < 1 || !(starts.slice(0, rows).some((n) => n > 0) && starts.slice(rows).some((n) => n > 0));
};

export const moves = {
  transpose: {
    applications: permutations.map((all) => transposeOf(...all)),
    accuracy: "exact",
    gradient: "finite differences",
    large: transposeOf([64, 128, 96], [0, 2, 1]),
  },
  concat: {
    applications: joinable.map((all) => concatOf(...all)),
    accuracy: "exact",
    gradient: "finite differences",
    large: concatOf(
      [
        [64, 512],
        [64, 500],
        [64, 12],
      ],
      1,
    ),
  },
  slice: {
    applications: partly
      .filter(([shape, parts]) =>
        isOneOffset(
          shape,
          parts.map(({ start }) => start),
        ),
      )
      .map((all) => sliceOf(...all)),
    accuracy: "exact",
    gradient: "finite differences",
    large: sliceOf(
      [64, 1024],
      [
        { start: 0, size: 64, step: 1 },
        { start: 256, size: 512, step: 1 },
      ],
    ),
  },
  pad: {
    applications: fc
      .tuple(padded, fc.constantFrom(0, -0, 1.5, 0.1, -7))
      .filter(([[shape, gaps]]) =>
        isOneOffset(
          shape,
          gaps.map(({ before }) => before),
        ),
      )
      .map(([[shape, gaps], value]) => padOf(shape, gaps, value)),
    accuracy: "exact",
    gradient: "finite differences",
    large: padOf(
      [64, 28, 28],
      [none, { before: 2, after: 2, between: 0 }, { before: 2, after: 2, between: 0 }],
      0,
    ),
  },
} as const satisfies Record<string, OpCase>;
