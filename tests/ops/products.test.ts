import { describe, expect, it } from "vitest";
import { ElementwiseOp } from "../../assembly/isa/elementwise.ts";
import { MatmulOp } from "../../assembly/isa/matmul.ts";
import { OptionError, ShapeError } from "../../src/check/errors.ts";
import { backward } from "../../src/graph/backward.ts";
import { ops } from "../../src/graph/primitives/index.ts";
import { ROWS, type Shape } from "../../src/graph/shape.ts";
import { matmul } from "../../src/ops/products.ts";
import { sum } from "../../src/ops/reductions.ts";
import { chainRule } from "../cases/gradients.ts";
import { Inputs } from "../cases/prepare.ts";
import { GraphProgram, sameBits } from "../cases/run.ts";

const value = (shape: Shape) => ops.fill({ shape, value: 1 });

const sines = (values: Float32Array) => values.set(Float32Array.from(values, (_, i) => Math.sin(i)));

const opcodes = (program: GraphProgram) => program.instructions.map(({ kind }) => kind.op);

describe("matmul", () => {
  it("gives each product of a batch the bits that it has alone", () => {
    const inputs = new Inputs({ rows: 1, seed: 1 });
    const a = inputs.add({ shape: [3, 37, 300] }, sines).value;
    const b = inputs.add({ shape: [3, 300, 21] }, sines).value;
    const one = (x: typeof a, i: number) =>
      ops.reshape(ops.take(x, value0(i), { axis: 0 }), { shape: x.shape.slice(1) });
    const value0 = (i: number) => ops.fill({ shape: [], value: i });
    const alone = [0, 1, 2].map((i) => matmul(one(a, i), one(b, i)));
    const [batched, ...single] = new GraphProgram([matmul(a, b), ...alone], { maxRows: 1 }).run(inputs.feed);
    single.forEach((product, i) => {
      expect(sameBits(product, batched!.subarray(i * 37 * 21, (i + 1) * 37 * 21))).toBe(true);
    });
  });

  it("by one matrix is one product of all leading axes, and so are its gradients", () => {
    const inputs = new Inputs({ rows: 4, seed: 1 });
    const a = inputs.add({ shape: [ROWS, 5, 6] }, sines).value;
    const b = inputs.add({ shape: [6, 3] }, sines).value;
    const [da, db] = backward(sum(matmul(a, b)), [a, b], chainRule);
    const program = new GraphProgram([da!, db!], { maxRows: 4 });
    expect(opcodes(program)).not.toContain(MatmulOp.BatchMatmul);
    expect(opcodes(program).filter((op) => op === MatmulOp.Matmul)).toHaveLength(2);
  });

  it("reads an operand that broadcasts whole where it lies, and repeats it where only some of its axes do", () => {
    const whole = new GraphProgram([matmul(value([2, 3, 4, 5]), value([1, 1, 5, 4]))], { maxRows: 1 });
    expect(opcodes(whole)).toEqual([ElementwiseOp.Fill, ElementwiseOp.Fill, MatmulOp.BatchMatmul]);
    const some = new GraphProgram([matmul(value([2, 3, 4, 5]), value([2, 1, 5, 4]))], { maxRows: 1 });
    expect(opcodes(some)).toHaveLength(4);
  });

  it.each<[Shape, Shape, object, Shape]>([
    [[3], [3], {}, []],
    [[3], [2, 3, 4], {}, [2, 4]],
    [[2, 4, 3], [3], {}, [2, 4]],
    [[3], [3, 4], { transposeA: true }, [4]],
    [[ROWS, 3], [3, 4], {}, [ROWS, 4]],
    [[ROWS, 3], [ROWS, 4], { transposeA: true }, [3, 4]],
    [[ROWS, 1, 2, 3], [5, 3, 4], {}, [ROWS, 5, 2, 4]],
    [[7, 2, 3], [5, 1, 4, 3], { transposeB: true }, [5, 7, 2, 4]],
    [[2, 3, 6], [4, 3], { transposeA: true, transposeB: true }, [2, 6, 4]],
  ])("of %j and %j, %j, has the shape %j, as in NumPy", (a, b, options, shape) => {
    expect(matmul(value(a), value(b), options).shape).toEqual(shape);
  });

  it("refuses what does not fit, naming both shapes and the axes", () => {
    const product =
      (a: Shape, b: Shape, options = {}) =>
      () =>
        matmul(value(a), value(b), options);
    expect(product([2, 3], [4, 5])).toThrow(ShapeError);
    expect(product([2, 3], [4, 5])).toThrow(
      "matmul: [2, 3] · [4, 5] does not fit: axis 1 of the left one is 3, axis 0 of the right one is 4; needs them equal.",
    );
    expect(product([7, 2, 3], [7, 2, 5], { transposeB: true })).toThrow(
      "matmul: [7, 2, 3] · [7, 2, 5]ᵀ does not fit: axis 2 of the left one is 3, axis 2 of the right one is 5",
    );
    expect(product([ROWS, 3], [4, 3], { transposeA: true })).toThrow(
      "matmul: [rows, 3]ᵀ · [4, 3] does not fit: axis 0 of the left one is rows, axis 0 of the right one is 4",
    );
    expect(product([2, 3], [4, 5], { transposeA: true, transposeB: true })).toThrow(
      "matmul with a transposed: [3, 2] · [4, 5]ᵀ does not fit",
    );
    expect(product([2, 4, 3], [5, 3, 4])).toThrow(
      "matmul: the leading axes of [2, 4, 3] · [5, 3, 4]: [2] and [5] do not broadcast: axis 0 is 2 and 5",
    );
    expect(product([ROWS, 3], [ROWS, 3], { transposeB: true })).toThrow(
      "matmul: [rows, 3] · [rows, 3]ᵀ gives [rows, rows]; needs a result with rows once.",
    );
    expect(product([], [2, 2])).toThrow(
      "matmul: [] · [2, 2] has a scalar; needs at least one axis on either side.",
    );
    expect(product([2], [2], { transposea: true })).toThrow(OptionError);
    expect(product([2, 2], [2, 2], { transposeA: 1 })).toThrow(
      "matmul: transposeA is 1; needs true or false.",
    );
    expect(() => ops.batchMatmul(value([2]), value([2, 2]), { form: 0 })).toThrow(
      "batchMatmul: [2] · [2, 2] does not fit; needs at least two axes on either side.",
    );
  });
});
