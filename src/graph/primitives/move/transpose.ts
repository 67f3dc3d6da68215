import { ShapeError } from "../../../check/errors.js";
import { defineOp, type OpFunction } from "../../op.js";
import { formatShape, type Shape, type Size } from "../../shape.js";
import type { Value } from "../../value.js";
import { checkMovement, emitMove, type Movement, rowMajor } from "./move.js";
import { reshape } from "./reshape.js";

export interface Permutation {
  /** Axis a of y is axis permutation[a] of x. */
  readonly permutation: readonly number[];
}

const permute = <T>(items: readonly T[], permutation: readonly number[]): T[] =>
  permutation.map((axis) => items[axis] as T);

function movement(x: Shape, permutation: readonly number[]): Movement {
  const shape = permute(x, permutation);
  return { shape, yStrides: rowMajor(shape), xStrides: permute<Size>(rowMajor(x), permutation) };
}

/** The permutation that undoes one. */
const inverse = (permutation: readonly number[]): number[] =>
  permutation.map((_, axis) => permutation.indexOf(axis));

/** y[i at permutation] = x[i]: the axes of x in another order. */
export const transpose: OpFunction<[Value], Permutation> = defineOp<[Value], Permutation>({
  name: "transpose",
  role: "passes",
  shape: ([x], { permutation }) => {
    if (permutation.length !== x.shape.length || inverse(permutation).includes(-1)) {
      throw new ShapeError(
        `transpose: the permutation is [${permutation.join(", ")}]; ` +
          `${formatShape(x.shape)} needs each of its ${x.shape.length} axes once.`,
      );
    }
    const moved = movement(x.shape, permutation);
    checkMovement("transpose", moved);
    return moved.shape;
  },
  vjp: (_, __, dy, { permutation }) => [permuted(dy, inverse(permutation))],
  lower: (emit, [x], y, { permutation }) => emitMove(emit, y, x, movement(x.shape, permutation)),
});

/** transpose, as a view where only axes of size 1 change their places. */
export function permuted(x: Value, permutation: readonly number[]): Value {
  const long = permutation.filter((axis) => x.shape[axis] !== 1);
  const isView = long.every((axis, i) => i === 0 || (long[i - 1] as number) < axis);
  return isView ? reshape(x, { shape: permute(x.shape, permutation) }) : transpose(x, { permutation });
}
