/** Shapes that find the tails: sizes around multiples of a vector, of size 1, with and without rows. */
import fc from "fast-check";
import { ROWS, type Shape } from "../../src/graph/shape.ts";

/** Leaves every remainder of 4 and of 16. */
export const size = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 17 }) },
  { weight: 1, arbitrary: fc.integer({ min: 18, max: 40 }) },
);
const small = fc.integer({ min: 1, max: 4 });

const withRows = (axes: fc.Arbitrary<Shape>): fc.Arbitrary<Shape> =>
  fc.tuple(fc.boolean(), axes).map(([perRow, rest]) => (perRow ? [ROWS, ...rest] : rest));

/** Any shape of up to three axes, rows included; one in ten is empty where it has an axis to be so. */
export const anyShape: fc.Arbitrary<Shape> = fc
  .tuple(
    withRows(fc.oneof(fc.constant<Shape>([]), fc.tuple(size), fc.tuple(small, size))),
    fc.integer({ min: 0, max: 9 }),
  )
  .map(([shape, chance]) => (chance === 0 && (shape.at(-1) ?? ROWS) !== ROWS ? shape.with(-1, 0) : shape));

/** At least one axis, the last of a size of its own: what softmax and losses work along. */
export const lineShape: fc.Arbitrary<Shape> = withRows(fc.oneof(fc.tuple(size), fc.tuple(small, size)));

/** Leading axes of a matrix: rows, or a size, or rows and a size. */
export const leading: fc.Arbitrary<Shape> = fc.oneof(
  fc.constant<Shape>([ROWS]),
  fc.tuple(fc.integer({ min: 1, max: 17 })),
  fc.tuple(small).map(([n]): Shape => [ROWS, n]),
);

/** A matrix in two parts, each of any number of axes, of which some have size 1. */
const outerPart: fc.Arbitrary<Shape> = fc.oneof(
  fc.constant<Shape>([ROWS]),
  fc.tuple(small),
  fc.tuple(small).map(([n]): Shape => [ROWS, n]),
);
const innerPart: fc.Arbitrary<Shape> = fc.oneof(fc.tuple(size), fc.tuple(small, size));

export interface Broadcast {
  /** Shape of the result. */
  readonly result: Shape;
  /** A shape for each operand that broadcasts to it. */
  readonly operands: readonly Shape[];
}

const ones = (shape: Shape): Shape => shape.map(() => 1);

/** How each operand repeats: not, over the leading axes, over the trailing ones, over all. */
function operandShapes(outer: Shape, inner: Shape): fc.Arbitrary<Shape> {
  return fc.constantFrom(
    [...outer, ...inner],
    [...outer, ...inner],
    inner,
    [...ones(outer), ...inner],
    [...outer, ...ones(inner)],
    [],
    [1],
    [...ones(outer), ...ones(inner)],
  );
}

const parts = fc.tuple(outerPart, innerPart);

/** Any way in which a matrix in two parts repeats. */
const repeatedParts: fc.Arbitrary<Broadcast> = parts.chain(([outer, inner]) =>
  operandShapes(outer, inner).map((operand) => ({ result: [...outer, ...inner], operands: [operand] })),
);

const axisSize = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 1, max: 5 }) },
  { weight: 3, arbitrary: size },
  { weight: 1, arbitrary: fc.constant(0) },
);

/** Elements that a trial has at most, apart from its rows: finite differences evaluate it many times. */
const ELEMENTS = 400;

/** Sizes whose product is small; those that make it large become 1. */
function bounded(sizes: Shape): Shape {
  let product = 1;
  return sizes.map((axis) => {
    if (product * axis > ELEMENTS) return 1;
    product *= axis;
    return axis;
  });
}

/** Up to five axes of any size, 0 and 1 among them, with the rows at any place or without. */
export const rowsAnywhere: fc.Arbitrary<Shape> = fc
  .tuple(fc.array(axisSize, { maxLength: 4 }).map(bounded), fc.nat(9))
  .map(([sizes, place]) => (place > sizes.length ? sizes : sizes.toSpliced(place, 0, ROWS)));

/** A shape that broadcasts to another: any of its axes may be 1, and leading ones may be missing. */
const repeatedAlong = (result: Shape): fc.Arbitrary<Shape> =>
  fc
    .tuple(fc.array(fc.boolean(), { minLength: result.length, maxLength: result.length }), fc.nat(5))
    .map(([ones, missing]) => {
      const shape = result.map((axis, i) => (ones[i] ? 1 : axis));
      const full = shape.findIndex((axis) => axis !== 1);
      return shape.slice(Math.min(missing, full < 0 ? shape.length : full));
    });

/** One operand that broadcasts to a result. */
export const repeated: fc.Arbitrary<Broadcast> = fc.oneof(
  repeatedParts,
  rowsAnywhere.chain((result) => repeatedAlong(result).map((operand) => ({ result, operands: [operand] }))),
);

const pairedParts: fc.Arbitrary<readonly [Shape, Shape]> = parts.chain(([outer, inner]) =>
  fc.tuple(operandShapes(outer, inner), operandShapes(outer, inner)),
);

/** Two operands, the result being as large as the two ask for. */
export const paired: fc.Arbitrary<readonly [Shape, Shape]> = fc.oneof(
  pairedParts,
  rowsAnywhere.chain((result) => fc.tuple(repeatedAlong(result), repeatedAlong(result))),
);

/** Three operands that broadcast with one another. */
export const repeatedThree: fc.Arbitrary<readonly [Shape, Shape, Shape]> = rowsAnywhere.chain((result) => {
  const one = fc.oneof(repeatedAlong(result), fc.constant(result), fc.constant<Shape>([]));
  return fc.tuple(one, one, one);
});

/** Rows first, in the middle, last or nowhere. */
export const shapes: fc.Arbitrary<Shape> = fc.oneof(anyShape, rowsAnywhere);

/** A shape and some of its axes: none, all, a run, or several runs. */
export const overAxes: fc.Arbitrary<{ shape: Shape; axes: number[] }> = shapes.chain((shape) =>
  fc
    .subarray(shape.map((_, axis) => axis))
    .chain((axes) => fc.constantFrom(axes, axes.toReversed()))
    .map((axes) => ({ shape, axes })),
);

/** A shape of at least one axis, and one of its axes. */
export const alongAxis: fc.Arbitrary<{ shape: Shape; axis: number }> = shapes
  .filter((shape) => shape.length > 0)
  .chain((shape) => fc.nat(shape.length - 1).map((axis) => ({ shape, axis })));
