/** Cases of the cosine and the distance of vectors. */
import fc from "fast-check";
import { at, type NdArray, ndArray } from "../../../src/graph/reference/ndArray.ts";
import type { Shape } from "../../../src/graph/shape.ts";
import type { Value } from "../../../src/graph/value.ts";
import * as functions from "../../../src/ops/similarity.ts";
import type { Accuracy, Application, OpCase } from "../../cases/case.ts";
import { awayFromZero, distinct, uniform } from "../../cases/domains.ts";
import { alongAxis } from "../../cases/shapes.ts";
import { broadcast } from "./pointwise.ts";

const ordinary = uniform(-3, 3);
/** Of no short vectors, whose cosine has a steep slope. */
const long = awayFromZero(1, 3);
/** Apart from what `ordinary` gives, which no difference of the two comes near 0 with. */
const apart = distinct(50);

/** f of each pair of vectors along an axis. */
const alongPairs =
  (axis: number, f: (a: readonly number[], b: readonly number[]) => number) =>
  ([a, b]: readonly NdArray[]): NdArray => {
    const shape = broadcast([a!, b!]);
    const place = (axis + shape.length) % shape.length;
    const line = (of: NdArray, index: readonly number[]) =>
      Array.from({ length: shape[place]! }, (_, i) => at(of, index.toSpliced(place, 0, i)));
    return ndArray(shape.toSpliced(place, 1), (index) => f(line(a!, index), line(b!, index)));
  };

const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

/** Two of the same shape, or the second without the leading axes, or with 1 in their place. */
function pairs(
  build: (a: Value, b: Value, options: { axis?: number }) => Value,
  define: (a: readonly number[], b: readonly number[]) => number,
  b: { readonly domain: typeof ordinary; readonly smooth?: typeof ordinary },
  accuracy: Accuracy,
): OpCase {
  const apply = (shape: Shape, other: Shape, axis: number | undefined): Application => {
    const options = axis === undefined ? {} : { axis };
    return {
      inputs: [
        { shape, domain: ordinary, smooth: long },
        { shape: other, smooth: long, ...b },
      ],
      build: ([left, right]) => build(left!, right!, options),
      define: alongPairs(axis ?? -1, define),
      attributes: { ...options, other },
    };
  };
  const applications = alongAxis.chain(({ shape, axis }) =>
    fc
      .tuple(fc.constantFrom("same", "without", "ones"), fc.constantFrom(axis - shape.length, undefined))
      .map(([form, given]) => {
        const along = given ?? -1;
        const first = shape.length + along;
        const ones = shape.map((size, i) => (i < first ? 1 : size));
        // The cosine of a single number is flat: a sum over many has only rounding left.
        const other =
          form === "same" || shape[first] === 1 ? shape : form === "ones" ? ones : shape.slice(first);
        return apply(shape, other, given);
      }),
  );
  return {
    applications,
    accuracy,
    gradient: "finite differences",
    large: apply([64, 1024], [64, 1024], -1),
  };
}

const EPSILON = 1e-6;
const distance = (p: number) => (a: readonly number[], b: readonly number[]) =>
  total(a.map((value, i) => Math.abs(value - b[i]! + EPSILON) ** p)) ** Math.fround(1 / p);

const euclidean = pairs(functions.pairwiseDistance, distance(2), { domain: ordinary }, { relative: 1e-6 });
const other = (p: number) =>
  pairs(
    (a, b, options) => functions.pairwiseDistance(a, b, { ...options, p }),
    distance(p),
    { domain: apart, smooth: apart },
    {
      relative: 1e-6,
    },
  );

export const similarity = {
  // Terms of either sign cancel: to the length that a vector of such numbers has.
  cosineSimilarity: pairs(
    functions.cosineSimilarity,
    (a, b) => {
      const length = (x: readonly number[]) =>
        Math.max(Math.sqrt(total(x.map((value) => value * value))), 1e-8);
      return total(a.map((value, i) => value * b[i]!)) / (length(a) * length(b));
    },
    { domain: ordinary },
    { relative: 1e-6, floor: 1 },
  ),
  pairwiseDistance: {
    ...euclidean,
    applications: fc.oneof(euclidean.applications, other(1).applications, other(3).applications),
  },
} as const satisfies Record<string, OpCase>;
