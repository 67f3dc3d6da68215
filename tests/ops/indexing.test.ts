import { describe, expect, it } from "vitest";
import { OptionError, ShapeError } from "../../src/check/errors.ts";
import { backward } from "../../src/graph/backward.ts";
import { ops } from "../../src/graph/primitives/index.ts";
import { ROWS, type Shape } from "../../src/graph/shape.ts";
import type { Value } from "../../src/graph/value.ts";
import { gather, oneHot } from "../../src/ops/indexing.ts";
import { argMax, sum } from "../../src/ops/reductions.ts";
import { chainRule } from "../cases/gradients.ts";
import { Inputs } from "../cases/prepare.ts";
import { GraphProgram } from "../cases/run.ts";

const value = (shape: Shape) => ops.fill({ shape, value: 1 });

/** f of a table [3, 2] = 0 … 5 and of indices, in the engine. */
function run(indices: readonly number[], f: (table: Value, index: Value) => Value): Float32Array {
  const inputs = new Inputs({ rows: indices.length, seed: 1 });
  const table = inputs.add({ shape: [3, 2] }, (values) => values.set([0, 1, 2, 3, 4, 5]));
  const index = inputs.add({ shape: [ROWS] }, (values) => values.set(indices));
  return new GraphProgram([f(table.value, index.value)], { maxRows: indices.length }).run(inputs.feed)[0]!;
}

const tableGradient = (table: Value, index: Value) =>
  backward(sum(gather(table, index)), [table], chainRule)[0] as Value;

describe("gather", () => {
  it("takes rows by number, as NumPy's take does", () => {
    expect([...run([2, 0, 2], (table, index) => gather(table, index))]).toEqual([4, 5, 0, 1, 4, 5]);
    expect([...run([1, 1], (table, index) => gather(table, index, { axis: -1 }))]).toEqual([
      1, 1, 3, 3, 5, 5,
    ]);
    expect([...run([0], (table) => gather(table, 1))]).toEqual([2, 3]);
  });

  it("gives each row as much gradient as it was taken", () => {
    expect([...run([2, 0, 2], tableGradient)]).toEqual([1, 1, 0, 0, 2, 2]);
  });

  it.each([3, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])("ends the run at an index of %d", (index) => {
    // Status.IndexOutOfRange
    expect(() => run([0, index], gather)).toThrow("status 3");
    expect(() => run([0, index], tableGradient)).toThrow("status 3");
    expect(() => run([0, index], (_, indices) => oneHot(indices, 3))).toThrow("status 3");
  });

  it("has no gradient by the indices", () => {
    const inputs = new Inputs({ rows: 1, seed: 1 });
    const [x, index] = [
      inputs.add({ shape: [3] }, () => {}).value,
      inputs.add({ shape: [2] }, () => {}).value,
    ];
    expect(backward(sum(gather(x, index)), [x, index], chainRule)[1]).toBeNull();
  });

  it("refuses what does not fit, with who, what there is and what is needed", () => {
    expect(() => gather(value([2, 3]), 0, { axis: 2 })).toThrow(ShapeError);
    expect(() => gather(value([2, 3]), 0, { axis: 2 })).toThrow(
      "gather: axis is 2; needs an integer from -2 to 1.",
    );
    expect(() => gather(1, 0)).toThrow("gather: x is a scalar; needs at least one axis.");
    expect(() => gather(value([ROWS, 3]), value([ROWS]), { axis: 1 })).toThrow(
      "gather: [rows, 3] at indices [rows] along axis 1 gives [rows, rows]; needs rows once.",
    );
    expect(() => gather(value([2]), [0] as never)).toThrow("gather: got an array of 1; needs a value");
    expect(() => gather(value([2]), 0, { axes: 0 } as never)).toThrow(OptionError);
  });
});

describe("oneHot", () => {
  it("is of depth a last axis", () => {
    expect([...run([2, 0], (_, index) => oneHot(index, 3))]).toEqual([0, 0, 1, 1, 0, 0]);
    expect(oneHot(2, 3).shape).toEqual([3]);
  });

  it("has no gradient: backward says so and names the op", () => {
    const { value: x } = new Inputs({ rows: 1, seed: 1 }).add({ shape: [3] }, () => {});
    expect(() => backward(sum(oneHot(x, 4)), [x], chainRule)).toThrow(/oneHot has no gradient/);
    expect(() => backward(sum(oneHot(argMax(x), 4)), [x], chainRule)).toThrow(/oneHot has no gradient/);
  });

  it("refuses a depth that is no count", () => {
    expect(() => oneHot(value([2]), 0)).toThrow(OptionError);
    expect(() => oneHot(value([2]), 1.5)).toThrow("oneHot: depth is 1.5; needs an integer of at least 1.");
  });
});
