/** What lies along some axes brought to mean 0 and variance 1, and the adjoint of that. */

import { normalizeKinds } from "../../../compile/facts/normalize.js";
import { defineOp, type OpFunction } from "../../op.js";
import type { Value } from "../../value.js";
import { permuted } from "../move/transpose.js";
import { count, real } from "../operands.js";
import { checkAxes, isOne, type Over, part } from "../reduce/reduce.js";

export interface Normalization extends Over {
  /** Added to the variance; above 0. */
  readonly epsilon: number;
  /** Whether the mean is taken off; without it the mean square takes the place of the variance. */
  readonly centered: boolean;
}

type Count = ReturnType<typeof count>;

/** Rows [outer, inner], or matrices [batch, outer, inner] of which the columns are normalized. */
type BlockCounts =
  | { readonly outer: Count; readonly inner: Count }
  | { readonly batch: Count; readonly outer: Count; readonly inner: Count };

/** What a kernel takes; null where it is none as it lies. */
function partsOf(x: Value, over: Normalization): BlockCounts | null {
  const parts = part(x.shape, over);
  if (parts === null) return null;
  const [batch, outer, inner] = [count(parts.batch), count(parts.outer), count(parts.inner)];
  if (isOne(parts.inner)) return { outer: batch, inner: outer };
  // There is no kernel for the mean square of columns.
  return over.centered ? { batch, outer, inner } : null;
}

/** dx from x and dy: mean and variance are found again from x. First order only. */
const gradientOp = defineOp<[Value, Value], Normalization>({
  name: "normalizeGrad",
  shape: ([x]) => x.shape,
  vjp: "none",
  lower: (emit, [x, dy], dx, over) => {
    const parts = partsOf(x, over) as BlockCounts;
    const epsilon = real(over.epsilon);
    if ("batch" in parts) {
      emit(normalizeKinds.NormalizeOuterGrad, { dx, x, dy, ...parts, epsilon });
    } else {
      const centered = Number(over.centered);
      emit(normalizeKinds.NormalizeInnerGrad, { dx, x, dy, ...parts, epsilon, centered });
    }
  },
  inPlace: [1, 0],
});

const valueOp = defineOp<[Value], Normalization>({
  name: "normalize",
  shape: ([x]) => x.shape,
  vjp: ([x], _, dy, over) => [gradientOp(x, dy, over)],
  lower: (emit, [x], y, over) => {
    const parts = partsOf(x, over) as BlockCounts;
    const epsilon = real(over.epsilon);
    if ("batch" in parts) {
      emit(normalizeKinds.NormalizeOuter, { y, x, ...parts, epsilon });
    } else {
      emit(normalizeKinds.NormalizeInner, {
        y,
        x,
        ...parts,
        epsilon,
        centered: Number(over.centered),
      });
    }
  },
  inPlace: [0],
});

/** An op over any axes: those that no kernel takes as they lie are brought to the end, and back. */
function overAny<I extends [Value] | [Value, Value]>(
  op: OpFunction<I, Normalization>,
): OpFunction<I, Normalization> {
  const apply = (...args: [...I, Normalization]): Value => {
    const over = args.at(-1) as Normalization;
    const inputs = args.slice(0, -1) as Value[];
    const [x] = inputs as [Value];
    checkAxes(op.name, x.shape, over);
    const call = op as unknown as (...args: unknown[]) => Value;
    if (partsOf(x, over) !== null) return call(...inputs, over);
    const reduced = [...over.axes].sort((a, b) => a - b);
    const kept = x.shape.flatMap((_, axis) => (over.axes.includes(axis) ? [] : [axis]));
    const permutation = [...kept, ...reduced];
    const axes = reduced.map((_, i) => kept.length + i);
    const y = call(...inputs.map((one) => permuted(one, permutation)), { ...over, axes });
    return permuted(
      y,
      permutation.map((_, axis) => permutation.indexOf(axis)),
    );
  };
  Object.defineProperty(apply, "name", { value: op.name });
  return Object.assign(apply, op) as unknown as OpFunction<I, Normalization>;
}

/** dx = (dy − mean(dy) − y · mean(dy · y)) / √(variance + epsilon), y being x normalized over the axes. */
export const normalizeGrad: OpFunction<[Value, Value], Normalization> = overAny(gradientOp);

/** y = (x − mean) / √(variance + epsilon) over the axes, or x / √(mean square + epsilon) where it is not centered. */
export const normalize: OpFunction<[Value], Normalization> = overAny(valueOp);
