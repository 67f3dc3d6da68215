/** What the cases of functions that go element by element are made of. */
import fc from "fast-check";
import { at, type NdArray, ndArray } from "../../../src/graph/reference/ndArray.ts";
import type { Shape } from "../../../src/graph/shape.ts";
import type { Value } from "../../../src/graph/value.ts";
import type { Accuracy, Application, Input, OpCase } from "../../cases/case.ts";
import { paired, repeatedThree, rowsAnywhere } from "../../cases/shapes.ts";

export const LARGE: Shape = [64, 1024];

/** Where the numbers of each operand come from. */
export type Numbers = Omit<Input, "shape">;

/** NumPy's rule. */
export function broadcast(tensors: readonly NdArray[]): Shape {
  const rank = Math.max(...tensors.map(({ shape }) => shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    const sizes = tensors.map(({ shape }) => shape[axis - rank + shape.length] ?? 1);
    return sizes.find((size) => size !== 1) ?? 1;
  });
}

/** f of the elements that meet in each place. */
export const pointwise =
  (f: (...numbers: number[]) => number) =>
  (tensors: readonly NdArray[]): NdArray =>
    ndArray(broadcast(tensors), (index) => f(...tensors.map((one) => at(one, index))));

/** A function of one value, at any shape. */
export function ofOne(
  build: (x: Value) => Value,
  f: (x: number) => number,
  numbers: Numbers,
  accuracy: Accuracy,
  gradient: OpCase["gradient"] = "finite differences",
): OpCase {
  const apply = (shape: Shape): Application => ({
    inputs: [{ shape, ...numbers }],
    build: ([x]) => build(x!),
    define: pointwise(f as (...all: number[]) => number),
  });
  return { applications: rowsAnywhere.map(apply), accuracy, gradient, large: apply(LARGE) };
}

type Operand = Value | number;

/** A function of two, of any shapes that broadcast, or of a value and the number `n` on either side. */
export function ofTwo(
  build: (a: Operand, b: Operand) => Value,
  f: (a: number, b: number) => number,
  [left, right]: readonly [Numbers, Numbers],
  accuracy: Accuracy,
  { n = 0.75, gradient = "finite differences" }: { n?: number; gradient?: OpCase["gradient"] } = {},
): OpCase {
  const both = ([a, b]: readonly [Shape, Shape]): Application => ({
    inputs: [
      { shape: a, ...left },
      { shape: b, ...right },
    ],
    build: ([x, y]) => build(x!, y!),
    define: pointwise(f as (...all: number[]) => number),
  });
  const numberRight = (shape: Shape): Application => ({
    inputs: [{ shape, ...left }],
    build: ([x]) => build(x!, n),
    define: pointwise(((a: number) => f(a, n)) as (...all: number[]) => number),
    attributes: { right: n },
  });
  const numberLeft = (shape: Shape): Application => ({
    inputs: [{ shape, ...right }],
    build: ([x]) => build(n, x!),
    define: pointwise(((b: number) => f(n, b)) as (...all: number[]) => number),
    attributes: { left: n },
  });
  const applications = fc.oneof(
    { weight: 4, arbitrary: paired.map(both) },
    { weight: 1, arbitrary: rowsAnywhere.map(numberRight) },
    { weight: 1, arbitrary: rowsAnywhere.map(numberLeft) },
  );
  return { applications, accuracy, gradient, large: both([LARGE, LARGE]) };
}

/** A function of three, of any shapes that broadcast. */
export function ofThree(
  build: (a: Value, b: Value, c: Value) => Value,
  f: (a: number, b: number, c: number) => number,
  numbers: readonly [Numbers, Numbers, Numbers],
  accuracy: Accuracy,
): OpCase {
  const apply = (shapes: readonly [Shape, Shape, Shape]): Application => ({
    inputs: shapes.map((shape, i) => ({ shape, ...numbers[i]! })),
    build: ([x, y, z]) => build(x!, y!, z!),
    define: pointwise(f as (...all: number[]) => number),
  });
  return {
    applications: repeatedThree.map(apply),
    accuracy,
    gradient: "finite differences",
    large: apply([LARGE, LARGE, LARGE]),
  };
}
