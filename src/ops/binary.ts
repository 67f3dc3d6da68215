import { BinaryRecord, Op } from "../../assembly/isa.js";
import { ShapeError } from "../errors.js";
import { defineOp, type OpFunction } from "../graph/op.js";
import { formatShape } from "../graph/shape.js";
import type { Value } from "../graph/value.js";
import { broadcastShapes, type Repetition, repetition, strides, unbroadcast } from "./broadcasting.js";
import { count } from "./operands.js";
import { affine, negate } from "./unary.js";

type Binary = OpFunction<[Value, Value], undefined>;
type Derivative = (a: Value, b: Value, y: Value, dy: Value) => readonly [Value, Value];

/** y = a ∘ b elementwise with broadcasting; `derivative` gives da and db before they are summed to their shapes. */
function binary(name: string, op: Op, derivative: Derivative | "none"): Binary {
  return defineOp<[Value, Value]>({
    name,
    shape: ([a, b]) => broadcastShapes(name, a.shape, b.shape),
    vjp:
      derivative === "none"
        ? "none"
        : ([a, b], y, dy) => {
            const [da, db] = derivative(a, b, y, dy);
            return [unbroadcast(da, a), unbroadcast(db, b)];
          },
    lower: (emit, [a, b], y) => {
      const repetitionA = repetition(name, a.shape, y.shape);
      const repetitionB = repetition(name, b.shape, y.shape);
      const split = commonSplit(name, { a, b, y }, repetitionA, repetitionB);
      const inner = y.shape.slice(split);
      const stridesA = strides(repetitionA, inner);
      const stridesB = strides(repetitionB, inner);
      emit(op, BinaryRecord, {
        y,
        a,
        b,
        outer: count(y.shape.slice(0, split)),
        inner: count(inner),
        aOuter: stridesA.outer,
        aInner: stridesA.inner,
        bOuter: stridesB.outer,
        bInner: stridesB.inner,
      });
    },
    inPlace: [0, 1],
  });
}

/** Where both operands let the result part into a matrix [outer, inner]: at one place, but for axes of size 1. */
function commonSplit(
  who: string,
  { a, b, y }: { a: Value; b: Value; y: Value },
  repetitionA: Repetition,
  repetitionB: Repetition,
): number {
  const splits = [repetitionA, repetitionB].flatMap(({ kind, split }) =>
    kind === "outer" || kind === "inner" ? [split] : [],
  );
  const [first = 0, second = first] = splits.sort((one, other) => one - other);
  if (y.shape.slice(first, second).some((axis) => axis !== 1)) {
    throw new ShapeError(
      `${who}: ${formatShape(a.shape)} and ${formatShape(b.shape)} repeat over different axes; ` +
        "broadcast one of them first.",
    );
  }
  return first;
}

/** y = a + b */
export const add = binary("add", Op.Add, (_a, _b, _y, dy) => [dy, dy]);
/** y = a − b */
export const subtract: Binary = binary("subtract", Op.Subtract, (_a, _b, _y, dy) => [dy, negate(dy)]);
/** y = a · b */
export const multiply: Binary = binary("multiply", Op.Multiply, (a, b, _, dy) => [
  multiply(dy, b),
  multiply(dy, a),
]);
/** y = a / b */
export const divide: Binary = binary("divide", Op.Divide, (_a, b, y, dy) => {
  const da = divide(dy, b);
  return [da, negate(multiply(da, y))];
});
/** y = 1 where a = b, else 0. It has no gradient: it is 0 almost everywhere. */
export const equal: Binary = binary("equal", Op.Equal, "none");
/** y = min(a, b); where they are equal each gets half of the gradient, as in PyTorch. */
export const minimum: Binary = binary("minimum", Op.Minimum, selected);
/** y = max(a, b); where they are equal each gets half of the gradient, as in PyTorch. */
export const maximum: Binary = binary("maximum", Op.Maximum, selected);

/** dy goes to the operand that was taken: share = a taken, ½ where both are equal. */
function selected(a: Value, b: Value, y: Value, dy: Value): readonly [Value, Value] {
  const takenA = equal(a, y);
  const takenB = equal(b, y);
  const share = affine(subtract(takenA, takenB), { scale: 0.5, offset: 0.5 });
  const da = multiply(dy, share);
  return [da, subtract(dy, da)];
}
