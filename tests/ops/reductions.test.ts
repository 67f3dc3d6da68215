import { describe, expect, it } from "vitest";
import { OptionError, ShapeError } from "../../src/check/errors.ts";
import { backward } from "../../src/graph/backward.ts";
import { ops } from "../../src/graph/primitives/index.ts";
import { ROWS, type Shape } from "../../src/graph/shape.ts";
import type { Value } from "../../src/graph/value.ts";
import {
  argMax,
  argMin,
  cumulativeSum,
  logSumExp,
  max,
  mean,
  min,
  sum,
  variance,
} from "../../src/ops/reductions.ts";
import { chainRule } from "../cases/gradients.ts";
import { Inputs } from "../cases/prepare.ts";
import { GraphProgram, sameBits } from "../cases/run.ts";

const value = (shape: Shape) => ops.fill({ shape, value: 1 });

/** What f makes of these numbers, in the engine. */
function run(
  shape: Shape,
  numbers: readonly number[],
  f: (x: Value) => Value,
  rows = 1,
  spare = 0,
): Float32Array {
  const inputs = new Inputs({ rows, seed: 1 });
  const { value: x } = inputs.add({ shape }, (values) => values.set(numbers));
  return new GraphProgram([f(x)], { maxRows: rows + spare }).run(inputs.feed)[0]!;
}

/** The gradient of Σ f(x) by x. */
const gradient = (f: (x: Value) => Value) => (x: Value) => {
  const [dx] = backward(sum(f(x)), [x], chainRule);
  return dx as Value;
};

const sines = (n: number) => Array.from({ length: n }, (_, i) => Math.fround(Math.sin(i)));

describe("a reduction over separate axes", () => {
  it("rounds each sum once, however much cancels between the axes", () => {
    // 2^24 + 1 + 1 − 2^24 along axes 0 and 2; neither inner sum alone is an f32 that keeps the ones.
    const numbers = [2 ** 24, 1, 5, 5, 1, -(2 ** 24), -5, -4];
    expect([...run([2, 2, 2], numbers, (x) => sum(x, { axis: [0, 2] }))]).toEqual([2, 1]);
  });

  it("takes its axes in any order, to the bit", () => {
    const numbers = sines(210);
    const one = run([5, 6, 7], numbers, (x) => sum(x, { axis: [0, 2] }));
    expect(
      sameBits(
        run([5, 6, 7], numbers, (x) => sum(x, { axis: [2, 0] })),
        one,
      ),
    ).toBe(true);
    expect(
      sameBits(
        run([5, 6, 7], numbers, (x) => sum(x, { axis: [-1, -3] })),
        one,
      ),
    ).toBe(true);
  });
});

describe("a sum", () => {
  it.each([[0], [1], [2], [[0, 2]], [undefined]])(
    "over %j has the same bits for any number of rows that there is room for",
    (axis) => {
      const f = (x: Value) => sum(x, axis === undefined ? {} : { axis });
      const numbers = sines(3 * 300 * 5);
      const exact = run([3, ROWS, 5], numbers, f, 300);
      expect(sameBits(run([3, ROWS, 5], numbers, f, 300, 217), exact)).toBe(true);
    },
  );
});

describe("maxima and minima", () => {
  it("share their gradient evenly among equals, as PyTorch's amax and amin do", () => {
    const numbers = [2, 0, 2, 2, 0, 1];
    expect([
      ...run(
        [2, 3],
        numbers,
        gradient((x) => max(x, { axis: 1 })),
      ),
    ]).toEqual([0.5, 0, 0.5, 1, 0, 0]);
    expect([
      ...run(
        [2, 3],
        numbers,
        gradient((x) => max(x)),
      ),
    ]).toEqual([1, 0, 1, 1, 0, 0].map((one) => Math.fround(one / 3)));
    expect([
      ...run(
        [2, 3],
        numbers,
        gradient((x) => min(x, { axis: 0 })),
      ),
    ]).toEqual([0.5, 0.5, 0, 0.5, 0.5, 1]);
  });
});

describe("logSumExp", () => {
  const emptyRow = [-Infinity, -Infinity, 0, Math.fround(Math.log(3))];

  it("of −Infinity only is −Infinity, and its gradient is 0, not NaN", () => {
    const [nothing, four] = run([2, 2], emptyRow, (x) => logSumExp(x, { axis: 1 }));
    expect(nothing).toBe(-Infinity);
    expect(four).toBeCloseTo(Math.log(4), 6);
    const dx = run(
      [2, 2],
      emptyRow,
      gradient((x) => logSumExp(x, { axis: 1 })),
    );
    expect([...dx.subarray(0, 2)]).toEqual([0, 0]);
    expect(dx[2]).toBeCloseTo(0.25, 6);
    expect(dx[3]).toBeCloseTo(0.75, 6);
  });

  it("does not overflow where the exponentials do", () => {
    expect(run([2], [1000, 1000], (x) => logSumExp(x))[0]).toBe(Math.fround(1000 + Math.log(2)));
  });
});

describe("variance", () => {
  it("keeps its digits where the mean is a thousand times the deviation", () => {
    // 1000, 1001, 1002: two thirds.
    expect(run([3], [1000, 1001, 1002], (x) => variance(x))[0]).toBeCloseTo(2 / 3, 6);
    expect(run([3], [1000, 1001, 1002], (x) => variance(x, { correction: 1 }))[0]).toBe(1);
  });

  it("corrects by the rows of the step, not by those that there is room for", () => {
    expect(run([ROWS], [1, 2, 3, 4], (x) => variance(x, { correction: 1 }), 4, 9)[0]).toBe(
      Math.fround(5 / 3),
    );
    expect(run([ROWS, 2], [1, 1, 2, 3], (x) => variance(x, { axis: 0, correction: 1 }), 2, 3)).toEqual(
      Float32Array.of(0.5, 2),
    );
  });

  it("of as many elements as the correction is a division by 0, as in PyTorch", () => {
    expect(run([1], [3], (x) => variance(x, { correction: 1 }))[0]).toBeNaN();
    expect(run([ROWS], [3], (x) => variance(x, { correction: 1 }), 1, 4)[0]).toBeNaN();
    expect(run([2], [1, 2], (x) => variance(x, { correction: 3 }))[0]).toBe(Infinity);
  });
});

describe("reductions of nothing", () => {
  it.each([
    ["sum", sum, 0],
    ["mean", mean, Number.NaN],
    ["max", max, -Infinity],
    ["min", min, Infinity],
    ["logSumExp", logSumExp, -Infinity],
    ["variance", variance, Number.NaN],
  ] as const)("%s", (_, f, expected) => {
    for (const axis of [0, 1, 2]) {
      const shape = [2, 2, 2].with(axis, 0);
      expect([...run(shape, [], (x) => f(x, { axis }))]).toEqual([expected, expected, expected, expected]);
    }
  });
});

describe("an index", () => {
  it.each([argMax, argMin])("has no gradient: backward says so and names the op", (f) => {
    const { value: x } = new Inputs({ rows: 1, seed: 1 }).add({ shape: [3] }, () => {});
    expect(() => backward(f(x), [x], chainRule)).toThrow(/argMax has no gradient/);
  });
});

describe("an argument that does not fit", () => {
  it("is refused with who, what there is and what is needed", () => {
    const x = value([2, 3]);
    expect(() => sum(x, { axis: 2 })).toThrow(ShapeError);
    expect(() => sum(x, { axis: 2 })).toThrow("sum: axis is 2; needs an integer from -2 to 1.");
    for (const [axis, text] of [
      [{ axis: 0 }, "an object (Object)"],
      [[Symbol("rows")], "Symbol(rows)"],
      [null, "null"],
      ["0", '"0"'],
    ] as const) {
      expect(() => sum(x, { axis: axis as never })).toThrow(`sum: axis is ${text}; needs an integer from`);
    }
    expect(() => mean(x, { axis: [0, -2] })).toThrow("mean: axis 0 is named twice; needs it once.");
    expect(() => max("x" as never)).toThrow('max: got "x"; needs a value');
    expect(() => min(x, { axes: 1 } as never)).toThrow(OptionError);
    expect(() => min(x, { axes: 1 } as never)).toThrow(
      'min: there is no option "axes". Did you mean "axis"?',
    );
    expect(() => logSumExp(x, { keepDims: 1 as never })).toThrow(
      "logSumExp: keepDims is 1; needs true or false.",
    );
    expect(() => variance(x, { correction: -1 })).toThrow(
      "variance: correction is -1; needs a number of at least 0.",
    );
    expect(() => variance(x, { axis: 5 })).toThrow("variance: axis is 5; needs an integer from -2 to 1.");
    expect(() => argMax(value([2, 0]))).toThrow(
      "argMax: axis 1 of [2, 0] is empty; needs at least one element.",
    );
    expect(() => argMin(x, { axis: -3 })).toThrow("argMin: axis is -3; needs an integer from -2 to 1.");
    expect(() => argMin(2)).toThrow("argMin: x is a scalar; needs at least one axis.");
    expect(() => cumulativeSum(x, { reverse: 1 as never })).toThrow(
      "cumulativeSum: reverse is 1; needs true or false.",
    );
    expect(() => cumulativeSum(x, { exclusive: 0 as never })).toThrow("cumulativeSum: exclusive is 0");
    expect(() => cumulativeSum(1)).toThrow("cumulativeSum: x is a scalar");
    expect(() => ops.sum(x, { axes: [1, 1] })).toThrow(
      "sum: axes [1, 1] of [2, 3]; needs axes that it has, each once.",
    );
    expect(() => ops.max(x, { axes: [-1] })).toThrow(ShapeError);
  });
});
