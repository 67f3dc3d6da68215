import { describe, expect, it } from "vitest";
import { ShapeError } from "../../src/check/errors.ts";
import { add } from "../../src/graph/primitives/elementwise/binary.ts";
import { fill } from "../../src/graph/primitives/elementwise/fill.ts";
import { ROWS, type Shape } from "../../src/graph/shape.ts";

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
      [2, 4, 3],
    ],
    [
      [2, 4, 1],
      [1, 4, 3],
      [2, 4, 3],
    ],
    [
      [1, 4, 1],
      [2, 4, 3],
      [2, 4, 3],
    ],
    [
      [ROWS, 1, 5],
      [7, 1],
      [ROWS, 7, 5],
    ],
    [
      [3, 1, ROWS],
      [4, 1],
      [3, 4, ROWS],
    ],
  ])("of %j and %j, which repeat over separate axes, gives %j", (a, b, shape) => {
    expect(add(value(a), value(b)).shape).toEqual(shape);
    expect(add(value(b), value(a)).shape).toEqual(shape);
  });

  it.each<[Shape, Shape, Shape[]]>([
    // A bias of channels that come first: written once for all rows.
    [
      [ROWS, 8, 16],
      [8, 1],
      [
        [ROWS, 8, 16],
        [1, 8, 16],
      ],
    ],
    // The rows repeat over the trailing axes of one operand: the kernel takes them as they are.
    [
      [ROWS, 8],
      [ROWS, 1],
      [
        [ROWS, 8],
        [ROWS, 1],
      ],
    ],
    [
      [ROWS, 3, 1000],
      [ROWS, 1, 1000],
      [
        [ROWS, 3, 1000],
        [ROWS, 3, 1000],
      ],
    ],
    [
      [6, 1, 2],
      [1, 5, 1],
      [
        [6, 5, 2],
        [1, 5, 2],
      ],
    ],
  ])("of %j and %j repeats no more than the kernel needs", (a, b, taken) => {
    expect(add(value(a), value(b)).inputs.map(({ shape }) => shape)).toEqual(taken);
  });

  it("of more axes than a Move has is refused with their number", () => {
    const alternating = Array.from({ length: 19 }, (_, axis) => (axis % 2 === 0 ? 1 : 2));
    const build = () => add(value(alternating), value(new Array<number>(19).fill(2)));
    expect(build).toThrow(ShapeError);
    expect(build).toThrow(/takes \d+ axes that lie apart; needs at most 8/);
  });
});
