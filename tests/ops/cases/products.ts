/** Cases of the public matrix product. */
import fc from "fast-check";
import { element, type NdArray, ndArray } from "../../../src/graph/reference/ndArray.ts";
import type { Shape } from "../../../src/graph/shape.ts";
import { matmul } from "../../../src/ops/products.ts";
import type { Application, OpCase } from "../../cases/case.ts";
import { uniform } from "../../cases/domains.ts";
import { type BatchProduct, batchProduct, PRODUCT } from "../../cases/matmul/products.ts";

interface Transposes {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

/** NumPy's rule, index by index: a value of one axis is a row on the left and a column on the right. */
function define([a, b]: readonly NdArray[], { transposeA, transposeB }: Transposes): NdArray {
  const [isRow, isColumn] = [a!.shape.length === 1, b!.shape.length === 1];
  const left = isRow ? { ...a!, shape: [1, ...a!.shape] } : a!;
  const right = isColumn ? { ...b!, shape: [...b!.shape, 1] } : b!;
  const [turnA, turnB] = [transposeA && !isRow, transposeB && !isColumn];
  const [m, terms] = turnA ? left.shape.slice(-2).reverse() : left.shape.slice(-2);
  const n = right.shape.at(turnB ? -2 : -1)!;
  const batchRank = Math.max(left.shape.length, right.shape.length) - 2;
  const sizeAt = ({ shape }: NdArray, axis: number) => shape[axis - batchRank + shape.length - 2] ?? 1;
  const batch = Array.from({ length: batchRank }, (_, axis) => {
    const [one, other] = [sizeAt(left, axis), sizeAt(right, axis)];
    return one === 1 ? other : one;
  });
  /** The element of row i and column j of the matrix at `index`, whose own axes of size 1 repeat. */
  const matrixElement = (x: NdArray, index: readonly number[], i: number, j: number) => {
    const own = x.shape.length - 2;
    return element(x, (axis) => {
      if (axis >= own) return axis === own ? i : j;
      return x.shape[axis] === 1 ? 0 : index[axis + batchRank - own]!;
    });
  };
  const { data } = ndArray([...batch, m!, n], (index) => {
    const [i, j] = index.slice(-2) as [number, number];
    let sum = 0;
    for (let t = 0; t < terms!; t++) {
      const one = turnA ? matrixElement(left, index, t, i) : matrixElement(left, index, i, t);
      sum += one * (turnB ? matrixElement(right, index, j, t) : matrixElement(right, index, t, j));
    }
    return sum;
  });
  return { shape: [...batch, ...(isRow ? [] : [m!]), ...(isColumn ? [] : [n])], data };
}

interface Product extends BatchProduct, Transposes {
  /** An operand of one axis. */
  readonly rowA?: boolean;
  readonly columnB?: boolean;
}

function matmulOf({ batchA, batchB, m, n, k, rowA, columnB, ...transposes }: Product): Application {
  const a: Shape = rowA ? [k] : [...batchA, ...(transposes.transposeA ? [k, m] : [m, k])];
  const b: Shape = columnB ? [k] : [...batchB, ...(transposes.transposeB ? [n, k] : [k, n])];
  return {
    inputs: [a, b].map((shape) => ({ shape, domain: uniform(-1, 1) })),
    build: ([left, right]) => matmul(left!, right!, transposes),
    define: (inputs) => define(inputs, transposes),
    attributes: transposes,
  };
}

const vectors = fc.constantFrom(
  {},
  {},
  {},
  {},
  { rowA: true },
  { columnB: true },
  { rowA: true, columnB: true },
);
const transposes = fc.constantFrom<Transposes>(
  {},
  { transposeA: true },
  { transposeB: true, transposeA: false },
  { transposeA: true, transposeB: true },
);
/** One matrix on the right as often as not: a product of its own. */
const oneMatrix = fc.boolean();

export const products = {
  matmul: {
    applications: fc
      .tuple(batchProduct, vectors, transposes, oneMatrix)
      .map(([product, vector, turns, isOne]) =>
        matmulOf({ ...product, ...vector, ...turns, ...(isOne ? { batchB: [] } : {}) }),
      ),
    accuracy: PRODUCT,
    gradient: "finite differences",
    large: matmulOf({ batchA: [64], batchB: [], m: 16, n: 64, k: 64 }),
  },
} as const satisfies Record<string, OpCase>;
