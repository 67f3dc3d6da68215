import { describe, expect, it } from "vitest";
import { ShapeError } from "../src/errors.ts";
import type { Shape } from "../src/graph/shape.ts";
import { add } from "../src/ops/binary.ts";
import { fill } from "../src/ops/fill.ts";

const value = (shape: Shape) => fill({ shape, value: 1 });

describe("broadcasting", () => {
  it.each([
    [[3, 4], [4], [3, 4]],
    [[3, 1], [4], [3, 4]],
    [
      [3, 1, 1],
      [2, 5],
      [3, 2, 5],
    ],
    [[], [2, 2], [2, 2]],
    [[1, 1], [1], [1, 1]],
  ])("of %j and %j gives %j, as in NumPy", (a, b, shape) => {
    expect(add(value(a), value(b)).shape).toEqual(shape);
    expect(add(value(b), value(a)).shape).toEqual(shape);
  });

  it("is refused while the graph is built when sizes differ, with both shapes and the axis", () => {
    expect(() => add(value([3, 4]), value([3, 5]))).toThrow(ShapeError);
    expect(() => add(value([3, 4]), value([3, 5]))).toThrow(/\[3, 4\] and \[3, 5\].*axis 1/);
  });

  it.each([
    [
      [2, 1, 3],
      [1, 4, 1],
    ],
    [
      [2, 4, 1],
      [1, 4, 3],
    ],
    [
      [1, 4, 1],
      [2, 4, 3],
    ],
  ])("is refused while the graph is built when %j and %j repeat over axes that no matrix parts", (a, b) => {
    expect(() => add(value(a), value(b))).toThrow(ShapeError);
  });
});
