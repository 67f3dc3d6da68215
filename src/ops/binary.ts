import { BinaryRecord, Op } from "../../assembly/isa.js";
import { ShapeError } from "../errors.js";
import { defineOp, type OpFunction } from "../graph/op.js";
import { formatShape, type Shape } from "../graph/shape.js";
import type { Value } from "../graph/value.js";
import { affine, negate } from "./affine.js";
import { broadcastShapes, type Repetition, repetition, strides } from "./broadcasting.js";
import { count } from "./operands.js";
import { unbroadcast } from "./sum.js";

type Binary = OpFunction<[Value, Value], undefined>;
type Derivative = (a: Value, b: Value, y: Value, dy: Value) => readonly [Value, Value];

/** The result of a ∘ b, and the number of its leading axes at which a matrix [outer, inner] parts. */
interface Parts {
  readonly shape: Shape;
  readonly split: number;
  readonly a: Repetition;
  readonly b: Repetition;
}

/** @throws ShapeError when the operands do not broadcast, or repeat over axes that no one matrix parts */
function part(who: string, a: Shape, b: Shape): Parts {
  const shape = broadcastShapes(who, a, b);
  const repetitions = { a: repetition(who, a, shape), b: repetition(who, b, shape) };
  const splits = [repetitions.a, repetitions.b].flatMap(({ kind, split }) =>
    kind === "outer" || kind === "inner" ? [split] : [],
  );
  const [split = 0, other = split] = splits.sort((one, another) => one - another);
  if (shape.slice(split, other).every((axis) => axis === 1)) return { shape, split, ...repetitions };
  throw new ShapeError(
    `${who}: ${formatShape(a)} and ${formatShape(b)} repeat over different axes; broadcast one of them first.`,
  );
}

/** y = a ∘ b elementwise with broadcasting; `derivative` gives da and db before they are summed to their shapes. */
function binary(name: string, op: Op, derivative: Derivative | "none"): Binary {
  return defineOp<[Value, Value]>({
    name,
    shape: ([a, b]) => part(name, a.shape, b.shape).shape,
    vjp:
      derivative === "none"
        ? "none"
        : ([a, b], y, dy) => {
            const [da, db] = derivative(a, b, y, dy);
            return [unbroadcast(da, a), unbroadcast(db, b)];
          },
    lower: (emit, [a, b], y) => {
      const parts = part(name, a.shape, b.shape);
      const inner = y.shape.slice(parts.split);
      const stridesA = strides(parts.a, inner);
      const stridesB = strides(parts.b, inner);
      emit(op, BinaryRecord, {
        y,
        a,
        b,
        outer: count(y.shape.slice(0, parts.split)),
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
