import { Activation, Form } from "../../../../assembly/isa/matmul.js";
import { ShapeError } from "../../../check/errors.js";
import { matmulKinds } from "../../../compile/facts/matmul.js";
import { defineOp, type OpFunction } from "../../op.js";
import { formatShape, type Shape, sameShape } from "../../shape.js";
import type { Emit, Operand, Value } from "../../value.js";
import { reluGrad, sigmoidGrad, tanhGrad } from "../elementwise/unary.js";
import { count } from "../operands.js";
import { sum } from "../reduce/sum.js";

export interface MatmulAttributes {
  readonly form: Form;
}

export interface LinearAttributes {
  readonly activation: Activation;
}

/** Result, rows, columns and the contracted axes of a product. b is a matrix but in aᵀ · b, which sums over all rows. */
function dimensions(who: string, form: Form, a: Shape, b: Shape): { y: Shape; m: Shape; n: Shape; k: Shape } {
  const rows = (shape: Shape) => shape.slice(0, -1);
  const columns = (shape: Shape) => shape.slice(-1);
  const fits = {
    [Form.AB]: () => b.length === 2 && sameShape(columns(a), rows(b)),
    [Form.ABt]: () => b.length === 2 && sameShape(columns(a), columns(b)),
    [Form.AtB]: () => sameShape(rows(a), rows(b)),
  };
  if (a.length < 2 || !fits[form]()) {
    const [left, right] = [form === Form.AtB ? "ᵀ" : "", form === Form.ABt ? "ᵀ" : ""];
    throw new ShapeError(
      `${who}: ${formatShape(a)}${left} · ${formatShape(b)}${right} does not fit; ` +
        "needs the columns of the left operand to be the rows of the right one.",
    );
  }
  if (form === Form.AtB) {
    return { y: [...columns(a), ...columns(b)], m: columns(a), n: columns(b), k: rows(a) };
  }
  const n = form === Form.AB ? columns(b) : rows(b);
  return { y: [...rows(a), ...n], m: rows(a), n, k: columns(a) };
}

function lowerMatmul(
  emit: Emit,
  { y, a, b, bias }: { y: Value; a: Value; b: Value; bias: Operand },
  form: Form,
  activation: Activation,
): void {
  const { m, n, k } = dimensions("matmul", form, a.shape, b.shape);
  emit(matmulKinds.Matmul, { y, a, b, bias, m: count(m), n: count(n), k: count(k), form, activation });
}

/** y = op(a) · op(b). Leading axes of `a` beyond two count as rows. */
export const matmul: OpFunction<[Value, Value], MatmulAttributes> = defineOp<
  [Value, Value],
  MatmulAttributes
>({
  name: "matmul",
  role: "multiplies",
  shape: ([a, b], { form }) => dimensions("matmul", form, a.shape, b.shape).y,
  vjp: ([a, b], _, dy, { form }) => productGradients(a, b, dy, form),
  lower: (emit, [a, b], y, { form }) => lowerMatmul(emit, { y, a, b, bias: null }, form, Activation.None),
  withBias: ({ inputs, attributes }, bias) => {
    const [a, b] = inputs as [Value, Value];
    if ((attributes as MatmulAttributes).form !== Form.AB) return;
    return linear(a, b, bias, { activation: Activation.None });
  },
});

function productGradients(a: Value, b: Value, dy: Value, form: Form): [Value, Value] {
  if (form === Form.AB) return [matmul(dy, b, { form: Form.ABt }), matmul(a, dy, { form: Form.AtB })];
  if (form === Form.ABt) return [matmul(dy, b, { form: Form.AB }), matmul(dy, a, { form: Form.AtB })];
  return [matmul(b, dy, { form: Form.ABt }), matmul(a, dy, { form: Form.AB })];
}

const activationGrad = {
  [Activation.None]: (_: Value, dy: Value) => dy,
  [Activation.Relu]: (y: Value, dy: Value) => reluGrad(y, dy),
  [Activation.Sigmoid]: (y: Value, dy: Value) => sigmoidGrad(y, dy),
  [Activation.Tanh]: (y: Value, dy: Value) => tanhGrad(y, dy),
};

/** y = activation(a · b + bias): what a dense layer becomes when its ops are fused. */
export const linear: OpFunction<[Value, Value, Value], LinearAttributes> = defineOp<
  [Value, Value, Value],
  LinearAttributes
>({
  name: "linear",
  role: "multiplies",
  shape: ([a, b, bias]) => {
    const { y } = dimensions("linear", Form.AB, a.shape, b.shape);
    if (!sameShape(bias.shape, y.slice(-1))) {
      throw new ShapeError(`linear: bias is ${formatShape(bias.shape)}; needs ${formatShape(y.slice(-1))}.`);
    }
    return y;
  },
  vjp: ([a, b], y, dy, { activation }) => {
    const dz = activationGrad[activation](y, dy);
    const axes = y.shape.slice(0, -1).map((_, axis) => axis);
    return [...productGradients(a, b, dz, Form.AB), sum(dz, { axes })];
  },
  lower: (emit, [a, b, bias], y, { activation }) => lowerMatmul(emit, { y, a, b, bias }, Form.AB, activation),
  withActivation: ({ inputs, attributes }, activation) => {
    if ((attributes as LinearAttributes).activation !== Activation.None) return;
    return linear(...(inputs as [Value, Value, Value]), { activation });
  },
});
