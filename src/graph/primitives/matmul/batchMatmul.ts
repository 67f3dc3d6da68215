import { Form } from "../../../../assembly/isa/matmul.js";
import { ShapeError } from "../../../check/errors.js";
import { matmulKinds } from "../../../compile/facts/matmul.js";
import { defineOp, type OpFunction } from "../../op.js";
import { formatShape, ROWS, type Shape, sameShape } from "../../shape.js";
import type { Value } from "../../value.js";
import { aligned, broadcastShapes } from "../broadcasting.js";
import { count } from "../operands.js";
import { repeatTo, unbroadcast } from "../reduce/sum.js";
import type { MatmulAttributes } from "./matmul.js";

const matrixOf = (shape: Shape): Shape => shape.slice(-2);
const batchOf = (shape: Shape): Shape => shape.slice(0, -2);

interface Dimensions {
  readonly batch: Shape;
  readonly m: number;
  readonly n: number;
  readonly k: number;
}

/**
 * The axes of op(a) · op(b), where a and b are matrices with any number of axes before them, which broadcast.
 *
 * @throws ShapeError naming both shapes and the axes that do not fit
 */
export function batchDimensions(who: string, form: Form, a: Shape, b: Shape): Dimensions {
  const product = `${formatShape(a)}${form === Form.AtB ? "ᵀ" : ""} · ${formatShape(b)}${form === Form.ABt ? "ᵀ" : ""}`;
  if (a.length < 2 || b.length < 2) {
    throw new ShapeError(`${who}: ${product} does not fit; needs at least two axes on either side.`);
  }
  const [aRows, aColumns] = matrixOf(a) as [number, number];
  const [bRows, bColumns] = matrixOf(b) as [number, number];
  const [m, k] = form === Form.AtB ? [aColumns, aRows] : [aRows, aColumns];
  const [kOfB, n] = form === Form.ABt ? [bColumns, bRows] : [bRows, bColumns];
  if (k !== kOfB) {
    const [axisA, axisB] = [a.length - (form === Form.AtB ? 2 : 1), b.length - (form === Form.ABt ? 1 : 2)];
    const [sizeA, sizeB] = [k, kOfB].map((size) => (size === ROWS ? "rows" : size));
    throw new ShapeError(
      `${who}: ${product} does not fit: axis ${axisA} of the left one is ${sizeA}, ` +
        `axis ${axisB} of the right one is ${sizeB}; needs them equal.`,
    );
  }
  const batch = broadcastShapes(`${who}: the leading axes of ${product}`, batchOf(a), batchOf(b));
  const shape = [...batch, m, n];
  if (shape.indexOf(ROWS) !== shape.lastIndexOf(ROWS)) {
    throw new ShapeError(`${who}: ${product} gives ${formatShape(shape)}; needs a result with rows once.`);
  }
  return { batch, m, n, k };
}

/** An operand of one matrix, which every product of the batch takes. */
const isShared = (x: Value): boolean => batchOf(x.shape).every((axis) => axis === 1);

/** x with its matrices repeated over the batch, unless they lie as the kernel takes them: one for all, or all. */
function spread(x: Value, batch: Shape): Value {
  const isWhole = sameShape(aligned(batchOf(x.shape), batch), batch);
  if (isShared(x) || isWhole) return x;
  return repeatTo(x, [...batch, ...matrixOf(x.shape)]);
}

/** Floats from one matrix of an operand to the next. */
const stride = (x: Value) => count(isShared(x) ? [0] : matrixOf(x.shape));

/** y = op(a) · op(b), matrix by matrix: the leading axes broadcast by NumPy's rule. */
export const batchMatmul: OpFunction<[Value, Value], MatmulAttributes> = defineOp<
  [Value, Value],
  MatmulAttributes
>({
  name: "batchMatmul",
  role: "multiplies",
  align: ([a, b], { form }) => {
    const { batch } = batchDimensions("batchMatmul", form, a.shape, b.shape);
    return [spread(a, batch), spread(b, batch)];
  },
  shape: ([a, b], { form }) => {
    const { batch, m, n } = batchDimensions("batchMatmul", form, a.shape, b.shape);
    return [...batch, m, n];
  },
  vjp: ([a, b], _, dy, { form }) => {
    const [da, db] = productGradients(a, b, dy, form);
    return [unbroadcast(da, a), unbroadcast(db, b)];
  },
  lower: (emit, [a, b], y, { form }) => {
    const { batch, m, n, k } = batchDimensions("batchMatmul", form, a.shape, b.shape);
    emit(matmulKinds.BatchMatmul, {
      y,
      a,
      b,
      batch: count(batch),
      aStride: stride(a),
      bStride: stride(b),
      m: count([m]),
      n: count([n]),
      k: count([k]),
      form,
    });
  },
});

function productGradients(a: Value, b: Value, dy: Value, form: Form): [Value, Value] {
  if (form === Form.AB) {
    return [batchMatmul(dy, b, { form: Form.ABt }), batchMatmul(a, dy, { form: Form.AtB })];
  }
  if (form === Form.ABt) {
    return [batchMatmul(dy, b, { form: Form.AB }), batchMatmul(dy, a, { form: Form.AtB })];
  }
  return [batchMatmul(b, dy, { form: Form.ABt }), batchMatmul(a, dy, { form: Form.AB })];
}
