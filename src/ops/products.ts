/** Products of matrices. */
import { Form } from "../../assembly/isa/matmul.js";
import { ShapeError } from "../check/errors.js";
import { flag } from "../check/kinds.js";
import { take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import { batchDimensions, batchMatmul } from "../graph/primitives/matmul/batchMatmul.js";
import { matmul as matmulOp } from "../graph/primitives/matmul/matmul.js";
import { reshape } from "../graph/primitives/move/reshape.js";
import { permuted } from "../graph/primitives/move/transpose.js";
import { formatShape } from "../graph/shape.js";
import type { Value } from "../graph/value.js";
import { type Operand, toValue } from "./operand.js";

/** How the matrices of a product are stored. */
export interface MatmulOptions {
  /** Takes each matrix of a transposed; default false. */
  readonly transposeA?: boolean;
  /** Takes each matrix of b transposed; default false. */
  readonly transposeB?: boolean;
}

/**
 * y[…, i, j] = Σ_t a[…, i, t] · b[…, t, j]: NumPy's `matmul`.
 *
 * The last two axes are matrices; those before them are a batch and broadcast. A value of one axis is a row on the left
 * and a column on the right, transposed or not, and the result has no axis for it. Where b is one matrix and a is not
 * transposed, all leading axes of a are rows of one product, and so they are in the gradient of b.
 *
 * An element is the same to the bit whether its product stands alone or in a batch. Rows may be an axis of the batch,
 * the rows of a, or the axis that is summed over.
 *
 * @throws ShapeError where the matrices or the batches do not fit, naming both shapes and the axes
 */
export function matmul(a: Operand, b: Operand, options: MatmulOptions = {}): Value {
  checkSurplus("matmul", arguments, 3);
  const schema = { transposeA: flag(false), transposeB: flag(false) };
  const { transposeA, transposeB } = take("matmul", options, schema);
  const [left, right] = [toValue("matmul", a), toValue("matmul", b)];
  if (left.shape.length === 0 || right.shape.length === 0) {
    throw new ShapeError(
      `matmul: ${formatShape(left.shape)} · ${formatShape(right.shape)} has a scalar; needs at least one axis on ` +
        "either side. Use multiply().",
    );
  }
  const [isRow, isColumn] = [left.shape.length === 1, right.shape.length === 1];
  const y = product(
    "matmul",
    isRow ? reshape(left, { shape: [1, ...left.shape] }) : left,
    isColumn ? reshape(right, { shape: [...right.shape, 1] }) : right,
    transposeA && !isRow,
    transposeB && !isColumn,
  );
  if (!isRow && !isColumn) return y;
  const [m, n] = y.shape.slice(-2) as [number, number];
  return reshape(y, { shape: [...y.shape.slice(0, -2), ...(isRow ? [] : [m]), ...(isColumn ? [] : [n])] });
}

/** Of matrices, with or without leading axes. */
function product(who: string, a: Value, b: Value, transposeA: boolean, transposeB: boolean): Value {
  if (transposeA && transposeB) return product(`${who} with a transposed`, transposed(a), b, false, true);
  const form = transposeA ? Form.AtB : transposeB ? Form.ABt : Form.AB;
  batchDimensions(who, form, a.shape, b.shape);
  const isOneMatrix = b.shape.length === 2 && (a.shape.length === 2 || !transposeA);
  return isOneMatrix ? matmulOp(a, b, { form }) : batchMatmul(a, b, { form });
}

/** The last two axes the other way round. */
function transposed(x: Value): Value {
  const axes = x.shape.map((_, axis) => axis);
  return permuted(x, [...axes.slice(0, -2), ...axes.slice(-2).reverse()]);
}
