import type { BinaryRecord } from "../../../../assembly/isa/elementwise.js";
import { elementwiseKinds } from "../../../compile/facts/elementwise.js";
import type { Kind } from "../../../compile/facts/fact.js";
import { defineOp, type OpFunction } from "../../op.js";
import type { Shape } from "../../shape.js";
import type { Value } from "../../value.js";
import {
  broadcastShapes,
  halfway,
  type Repetition,
  repetition,
  strides,
  usualElements,
} from "../broadcasting.js";
import { count } from "../operands.js";
import { repeatTo, unbroadcast } from "../reduce/sum.js";
import { affine, negate } from "./affine.js";

export type Binary = OpFunction<[Value, Value], undefined>;
type Derivative = (a: Value, b: Value, y: Value, dy: Value) => readonly [Value, Value];

/** The result of a ∘ b, and the number of its leading axes at which a matrix [outer, inner] parts. */
interface BroadcastSplit {
  readonly shape: Shape;
  readonly split: number;
  readonly a: Repetition;
  readonly b: Repetition;
}

/** Undefined when the operands repeat over axes that no one matrix parts. */
function part(a: Shape, b: Shape, shape: Shape): BroadcastSplit | undefined {
  const [left, right] = [repetition(a, shape), repetition(b, shape)];
  if (left === undefined || right === undefined) return undefined;
  const splits = [left, right].flatMap(({ kind, split }) =>
    kind === "outer" || kind === "inner" ? [split] : [],
  );
  const [split = 0, other = split] = splits.sort((one, another) => one - another);
  if (!shape.slice(split, other).every((axis) => axis === 1)) return undefined;
  return { shape, split, a: left, b: right };
}

/**
 * The operands, repeated as far as it takes for one matrix to part the axes over which they still repeat: what writes
 * the fewest elements.
 *
 * @throws ShapeError when they do not broadcast
 */
export function alignPair(who: string, a: Value, b: Value): [Value, Value] {
  const shape = broadcastShapes(who, a.shape, b.shape);
  if (part(a.shape, b.shape, shape)) return [a, b];
  const choices = (x: Shape) => [
    { shape: x, cost: 0 },
    ...halfway(x, shape).map((to) => ({ shape: to, cost: usualElements(to) })),
  ];
  const pairs = choices(a.shape).flatMap((left) =>
    choices(b.shape).map((right) => ({ left, right, cost: left.cost + right.cost })),
  );
  const fitting = pairs
    .filter(({ left, right }) => part(left.shape, right.shape, shape))
    .sort((one, another) => one.cost - another.cost);
  const { left, right } = fitting[0] as (typeof pairs)[number];
  return [repeatTo(a, left.shape), repeatTo(b, right.shape)];
}

/** y = a ∘ b elementwise with broadcasting; `derivative` gives da and db before they are summed to their shapes. */
export function binary(
  name: string,
  kind: () => Kind<typeof BinaryRecord>,
  derivative: Derivative | "none",
): Binary {
  return defineOp<[Value, Value]>({
    name,
    align: ([a, b]) => alignPair(name, a, b),
    shape: ([a, b]) => broadcastShapes(name, a.shape, b.shape),
    vjp:
      derivative === "none"
        ? "none"
        : ([a, b], y, dy) => {
            const [da, db] = derivative(a, b, y, dy);
            return [unbroadcast(da, a), unbroadcast(db, b)];
          },
    lower: (emit, [a, b], y) => {
      const parts = part(a.shape, b.shape, y.shape) as BroadcastSplit;
      const inner = y.shape.slice(parts.split);
      const stridesA = strides(parts.a, inner);
      const stridesB = strides(parts.b, inner);
      emit(kind(), {
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
export const add = binary(
  "add",
  () => elementwiseKinds.Add,
  (_a, _b, _y, dy) => [dy, dy],
);
/** y = a − b */
export const subtract: Binary = binary(
  "subtract",
  () => elementwiseKinds.Subtract,
  (_a, _b, _y, dy) => [dy, negate(dy)],
);
/** y = a · b */
export const multiply: Binary = binary(
  "multiply",
  () => elementwiseKinds.Multiply,
  (a, b, _, dy) => [multiply(dy, b), multiply(dy, a)],
);
/** y = a / b */
export const divide: Binary = binary(
  "divide",
  () => elementwiseKinds.Divide,
  (_a, b, y, dy) => {
    const da = divide(dy, b);
    return [da, negate(multiply(da, y))];
  },
);
/** y = 1 where a = b, else 0. It has no gradient: it is 0 almost everywhere. */
export const equal: Binary = binary("equal", () => elementwiseKinds.Equal, "none");
/** y = max(a, b); where they are equal each gets half of the gradient, as in PyTorch. */
export const maximum: Binary = binary("maximum", () => elementwiseKinds.Maximum, selected);

/** dy goes to the operand that was taken: share = a taken, ½ where both are equal. */
export function selected(a: Value, b: Value, y: Value, dy: Value): readonly [Value, Value] {
  const takenA = equal(a, y);
  const takenB = equal(b, y);
  const share = affine(subtract(takenA, takenB), { scale: 0.5, offset: 0.5 });
  const da = multiply(dy, share);
  return [da, subtract(dy, da)];
}
