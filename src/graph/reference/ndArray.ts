/** Arrays of f64 in row-major order, and NumPy's index arithmetic in its most general form. */
import { ROWS, type Shape } from "../shape.js";

export interface NdArray {
  /** Concrete: no axis is ROWS. */
  readonly shape: Shape;
  readonly data: Float64Array;
}

/** A shape at so many rows. */
export const concrete = (shape: Shape, rows: number): Shape =>
  shape.map((axis) => (axis === ROWS ? rows : axis));

export const length = (shape: Shape): number => shape.reduce((product, axis) => product * axis, 1);

/** The array whose element at each index is f of that index; the index is reused from call to call. */
export function ndArray(shape: Shape, f: (index: readonly number[], flat: number) => number): NdArray {
  const data = new Float64Array(length(shape));
  const index = new Array<number>(shape.length).fill(0);
  for (let flat = 0; flat < data.length; flat++) {
    data[flat] = f(index, flat);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis]! += 1;
      if (index[axis]! < shape[axis]!) break;
      index[axis] = 0;
    }
  }
  return { shape, data };
}

/** Where the element at an index lies: axes are aligned at the end, and an axis of size 1 is repeated. */
function offsetOf(shape: Shape, index: readonly number[]): number {
  let offset = 0;
  for (let axis = 0; axis < shape.length; axis++) {
    const size = shape[axis]!;
    const position = index[index.length - shape.length + axis]!;
    offset = offset * size + (size === 1 ? 0 : position);
  }
  return offset;
}

export const at = ({ shape, data }: NdArray, index: readonly number[]): number =>
  data[offsetOf(shape, index)]!;

/** The element whose index along each axis is `indexOf` it. */
export const element = ({ shape, data }: NdArray, indexOf: (axis: number) => number): number =>
  data[shape.reduce((offset, size, axis) => offset * size + indexOf(axis), 0)]!;

/** The rows of an array along its last axis; a scalar is one row of one element. */
export function lines({ shape, data }: NdArray): Float64Array[] {
  const columns = shape.at(-1) ?? 1;
  const count = length(shape.slice(0, -1));
  return Array.from({ length: count }, (_, row) => data.subarray(row * columns, (row + 1) * columns));
}

/** The array whose rows along its last axis are those given. */
export function fromLines(shape: Shape, rows: readonly ArrayLike<number>[]): NdArray {
  return { shape, data: Float64Array.from(rows.flatMap((row) => Array.from(row))) };
}
