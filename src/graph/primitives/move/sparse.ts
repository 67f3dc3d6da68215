/** Sparse rows: their product with a matrix, which takes what is not 0 alone, and the rows themselves as dense ones. */

import { moveKinds } from "../../../compile/facts/move.js";
import { defineOp, type OpFunction } from "../../op.js";
import { ROWS } from "../../shape.js";
import type { Value } from "../../value.js";
import { count } from "../operands.js";

export interface SparseAttributes {
  /** Entry of the source table. */
  readonly slot: number;
  /** Numbers in each row, zeros included. */
  readonly features: number;
}

/**
 * y = S: the sparse rows of a source for this step, as dense ones. A layer that asks for their product with its kernel
 * gets it of the pairs that they have; then nobody needs the dense rows, and they are not made.
 */
export const sparseSource: OpFunction<[], SparseAttributes> = defineOp<[], SparseAttributes>({
  name: "sparseSource",
  shape: (_, { features }) => [ROWS, features],
  vjp: () => [],
  lower: (emit, _, y, { slot, features }) =>
    emit(moveKinds.SparseGather, { y, source: slot, inner: count([features]) }),
  product: ({ attributes }, w) => sparseProduct(w, attributes as SparseAttributes),
});

/** y = S · w, S being the sparse rows of a source: the sum of the rows of w that a row has values for, each times it. */
export const sparseProduct: OpFunction<[Value], SparseAttributes> = defineOp<[Value], SparseAttributes>({
  name: "sparseProduct",
  shape: ([w]) => [ROWS, ...w.shape.slice(1)],
  vjp: (_, __, dy, attributes) => [sparseProductGrad(dy, attributes)],
  lower: (emit, [w], y, { slot }) =>
    emit(moveKinds.SparseProduct, { y, w, source: slot, columns: count(w.shape.slice(1)) }),
});

/** dw = Sᵀ · dy: the gradient of the product. */
export const sparseProductGrad: OpFunction<[Value], SparseAttributes> = defineOp<[Value], SparseAttributes>({
  name: "sparseProductGrad",
  shape: ([dy], { features }) => [features, ...dy.shape.slice(1)],
  vjp: (_, __, ddw, attributes) => [sparseProduct(ddw, attributes)],
  lower: (emit, [dy], dw, { slot, features }) =>
    emit(moveKinds.SparseProductGrad, {
      dw,
      dy,
      source: slot,
      features: count([features]),
      columns: count(dy.shape.slice(1)),
    }),
});
