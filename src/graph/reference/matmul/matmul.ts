/** Matrix products: the three forms, and the fused dense layer. */
import { Activation, Form } from "../../../../assembly/isa/matmul.js";
import type { Definition } from "../definition.js";
import { relu, sigmoid, tanh } from "../elementwise/unary.js";
import { length, type NdArray } from "../ndArray.js";

interface Matrix {
  readonly rows: number;
  readonly columns: number;
  at(row: number, column: number): number;
}

/** All axes but the last as rows. */
function matrix({ shape, data }: NdArray): Matrix {
  const columns = shape.at(-1)!;
  const rows = length(shape.slice(0, -1));
  return { rows, columns, at: (row, column) => data[row * columns + column]! };
}

const transposed = ({ rows, columns, at }: Matrix): Matrix => ({
  rows: columns,
  columns: rows,
  at: (row, column) => at(column, row),
});

function product(a: Matrix, b: Matrix, shape: readonly number[]): NdArray {
  const data = new Float64Array(a.rows * b.columns);
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < b.columns; j++) {
      let sum = 0;
      for (let t = 0; t < a.columns; t++) sum += a.at(i, t) * b.at(t, j);
      data[i * b.columns + j] = sum;
    }
  }
  return { shape, data };
}

export const matmul: Definition<{ form: Form }> = ([a, b], shape, { form }) => {
  const left = form === Form.AtB ? transposed(matrix(a!)) : matrix(a!);
  const right = form === Form.ABt ? transposed(matrix(b!)) : matrix(b!);
  return product(left, right, shape);
};

const activations: Record<Activation, Definition<unknown>> = {
  [Activation.None]: ([x]) => x!,
  [Activation.Relu]: relu,
  [Activation.Sigmoid]: sigmoid,
  [Activation.Tanh]: tanh,
};

export const linear: Definition<{ activation: Activation }> = ([a, b, bias], shape, { activation }, feed) => {
  const { data } = product(matrix(a!), matrix(b!), shape);
  const sums = data.map((value, i) => value + bias!.data[i % bias!.data.length]!);
  return activations[activation]([{ shape, data: sums }], shape, undefined, feed);
};
