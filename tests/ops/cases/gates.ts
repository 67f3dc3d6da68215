/** Cases of gated units, maxout and PReLU. */
import fc from "fast-check";
import { at, type NdArray, ndArray } from "../../../src/graph/reference/ndArray.ts";
import { ROWS, type Shape } from "../../../src/graph/shape.ts";
import type { Value } from "../../../src/graph/value.ts";
import * as functions from "../../../src/ops/gates.ts";
import type { Application, OpCase } from "../../cases/case.ts";
import { anything, awayFromZero, distinct, uniform } from "../../cases/domains.ts";
import { distribution } from "./activations.ts";

const ordinary = uniform(-3, 3);
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** Shapes whose last axis is a multiple of so many, empty ones too. */
const multiplesOf = (parts: number): fc.Arbitrary<Shape> =>
  fc
    .tuple(fc.constantFrom<Shape>([], [ROWS], [3], [ROWS, 2], [0]), fc.nat(20))
    .map(([before, size]) => [...before, size * parts]);

const halfShape = (shape: Shape, parts: number): Shape => shape.with(-1, (shape.at(-1) as number) / parts);

/** Of x = [a, b] along the last axis, f(a, b). */
const ofHalves =
  (f: (a: number, b: number) => number) =>
  ([x]: readonly NdArray[]): NdArray => {
    const half = halfShape(x!.shape, 2);
    return ndArray(half, (index) =>
      f(at(x!, index), at(x!, index.with(-1, (index.at(-1) as number) + (half.at(-1) as number)))),
    );
  };

function gated(build: (x: Value) => Value, f: (a: number, b: number) => number): OpCase {
  const apply = (shape: Shape): Application => ({
    inputs: [{ shape, domain: ordinary }],
    build: ([x]) => build(x!),
    define: ofHalves(f),
  });
  return {
    applications: multiplesOf(2).map(apply),
    accuracy: { relative: 2 ** -21 },
    gradient: "finite differences",
    large: apply([64, 1024]),
  };
}

const maxoutOf = (shape: Shape, pieces: number | undefined): Application => ({
  inputs: [{ shape, domain: anything, smooth: distinct() }],
  build: ([x]) => functions.maxout(x!, pieces === undefined ? {} : { pieces }),
  define: ([x]) => {
    const count = pieces ?? 2;
    return ndArray(halfShape(x!.shape, count), (index) => {
      const first = (index.at(-1) as number) * count;
      return Math.max(...Array.from({ length: count }, (_, i) => at(x!, index.with(-1, first + i))));
    });
  },
  attributes: { pieces },
});

const slopes: readonly Shape[] = [[], [1], [4], [3, 1], [3, 4], [1, 4]];

const preluOf = (x: Shape, slope: Shape): Application => ({
  inputs: [
    { shape: x, domain: ordinary, smooth: awayFromZero(0.05, 3) },
    { shape: slope, domain: ordinary },
  ],
  build: ([value, steepness]) => functions.prelu(value!, steepness!),
  define: ([value, steepness]) =>
    ndArray(value!.shape, (index) => {
      const own = index.slice(index.length - steepness!.shape.length);
      const one = own.map((i, axis) => (steepness!.shape[axis] === 1 ? 0 : i));
      return at(value!, index) > 0 ? at(value!, index) : at(steepness!, one) * at(value!, index);
    }),
  attributes: { slope },
});

export const gates = {
  glu: gated(functions.glu, (a, b) => a * sigmoid(b)),
  swiGlu: gated(functions.swiGlu, (a, b) => a * sigmoid(a) * b),
  geGlu: gated(functions.geGlu, (a, b) => a * distribution(a) * b),
  maxout: {
    applications: fc
      .constantFrom(1, 2, 3, 5, undefined)
      .chain((pieces) => multiplesOf(pieces ?? 2).map((shape) => maxoutOf(shape, pieces))),
    accuracy: "exact",
    gradient: "finite differences",
    large: maxoutOf([64, 1024], 4),
  },
  prelu: {
    applications: fc
      .tuple(fc.constantFrom<Shape>([ROWS, 3, 4], [2, 3, 4], [3, 4]), fc.constantFrom(...slopes))
      .map((all) => preluOf(...all)),
    accuracy: { relative: 2 ** -23.9 },
    gradient: "finite differences",
    large: preluOf([64, 1024], [1024]),
  },
} as const satisfies Record<string, OpCase>;
