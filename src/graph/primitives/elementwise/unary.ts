import type { UnaryGradRecord, UnaryRecord } from "../../../../assembly/isa/elementwise.js";
import { elementwiseKinds } from "../../../compile/facts/elementwise.js";
import type { Kind } from "../../../compile/facts/fact.js";
import { defineOp, type OpFunction } from "../../op.js";
import type { Value } from "../../value.js";
import { count, real } from "../operands.js";
import { negate, scale } from "./affine.js";
import { divide, multiply } from "./binary.js";
import { fill } from "./fill.js";

type Unary = OpFunction<[Value], undefined>;
type UnaryGrad = OpFunction<[Value, Value], undefined>;

/** y = f(x) elementwise; `derivative` gives dx. */
export function unary(
  name: string,
  kind: () => Kind<typeof UnaryRecord>,
  derivative: (x: Value, y: Value, dy: Value) => Value,
): Unary {
  return defineOp<[Value]>({
    name,
    shape: ([x]) => x.shape,
    vjp: ([x], y, dy) => [derivative(x, y, dy)],
    lower: (emit, [x], y) => emit(kind(), { y, x, count: count(x.shape), alpha: real(0), beta: real(0) }),
    inPlace: [0],
  });
}

/** dx = dy · f′(x), written in terms of the saved output y. First order only. */
function unaryGrad(name: string, kind: () => Kind<typeof UnaryGradRecord>): UnaryGrad {
  return defineOp<[Value, Value]>({
    name,
    shape: ([y]) => y.shape,
    vjp: "none",
    lower: (emit, [y, dy], dx) => emit(kind(), { dx, y, dy, count: count(y.shape) }),
    inPlace: [1, 0],
  });
}

/** dx = y > 0 ? dy : 0 */
export const reluGrad = unaryGrad("reluGrad", () => elementwiseKinds.ReluGrad);
/** dx = dy · y · (1 − y) */
export const sigmoidGrad = unaryGrad("sigmoidGrad", () => elementwiseKinds.SigmoidGrad);
/** dx = dy · (1 − y²) */
export const tanhGrad = unaryGrad("tanhGrad", () => elementwiseKinds.TanhGrad);

/** y = x, in a buffer of its own. */
export const copy = unary(
  "copy",
  () => elementwiseKinds.Copy,
  (_x, _y, dy) => dy,
);
/** y = −1, 0 or 1: the sign of x. It is flat almost everywhere, and its gradient is 0, as in PyTorch. */
export const sign = unary(
  "sign",
  () => elementwiseKinds.Sign,
  (x) => fill({ shape: x.shape, value: 0 }),
);
/** y = |x|; its gradient at 0 is 0, as in PyTorch. */
export const abs = unary(
  "abs",
  () => elementwiseKinds.Abs,
  (x, _, dy) => multiply(dy, sign(x)),
);
/** y = x² */
export const square = unary(
  "square",
  () => elementwiseKinds.Square,
  (x, _, dy) => scale(multiply(dy, x), 2),
);
/** y = √x */
export const squareRoot = unary(
  "squareRoot",
  () => elementwiseKinds.SquareRoot,
  (_, y, dy) => scale(divide(dy, y), 0.5),
);
/** y = 1 / √x */
export const reciprocalSquareRoot = unary(
  "reciprocalSquareRoot",
  () => elementwiseKinds.ReciprocalSquareRoot,
  (_, y, dy) => scale(multiply(dy, multiply(y, square(y))), -0.5),
);
/** y = 1 / x */
export const reciprocal = unary(
  "reciprocal",
  () => elementwiseKinds.Reciprocal,
  (_, y, dy) => negate(multiply(dy, multiply(y, y))),
);
/** y = tanh x */
export const tanh = unary(
  "tanh",
  () => elementwiseKinds.Tanh,
  (_, y, dy) => tanhGrad(y, dy),
);
/** y = 1 / (1 + e⁻ˣ) */
export const sigmoid = unary(
  "sigmoid",
  () => elementwiseKinds.Sigmoid,
  (_, y, dy) => sigmoidGrad(y, dy),
);
/** y = max(x, 0); its gradient at 0 is 0. */
export const relu = unary(
  "relu",
  () => elementwiseKinds.Relu,
  (_, y, dy) => reluGrad(y, dy),
);

/** y = x > threshold ? 1 : 0. A step has no gradient: it is 0 almost everywhere and the step itself is lost. */
export const greaterThan = defineOp<[Value], { readonly threshold: number }>({
  name: "greaterThan",
  shape: ([x]) => x.shape,
  vjp: "none",
  lower: (emit, [x], y, { threshold }) =>
    emit(elementwiseKinds.GreaterThan, {
      y,
      x,
      count: count(x.shape),
      alpha: real(threshold),
      beta: real(0),
    }),
  inPlace: [0],
});
