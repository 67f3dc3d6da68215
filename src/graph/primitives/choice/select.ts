import { choiceKinds } from "../../../compile/facts/choice.js";
import { defineOp, type OpFunction } from "../../op.js";
import type { Shape } from "../../shape.js";
import type { Value } from "../../value.js";
import { broadcastShapes } from "../broadcasting.js";
import { fill } from "../elementwise/fill.js";
import { count } from "../operands.js";
import { repeatTo, unbroadcast } from "../reduce/sum.js";

type Operands = [condition: Value, a: Value, b: Value];

const resultShape = ([condition, a, b]: Operands): Shape =>
  broadcastShapes("select", condition.shape, broadcastShapes("select", a.shape, b.shape));

const isScalar = (shape: Shape) => shape.every((axis) => axis === 1);

const stride = (x: Value) => (isScalar(x.shape) ? 0 : 1);

/**
 * y = condition ≠ 0 ? a : b, by NumPy's broadcasting; NaN ≠ 0. What is not chosen may be NaN: it is not in y, and its
 * gradient is 0. The condition has none.
 */
export const select: OpFunction<Operands, undefined> = defineOp<Operands>({
  name: "select",
  role: "passes",
  // The kernel takes whole operands, and scalars.
  align: (operands) => {
    const shape = resultShape(operands);
    return operands.map((x) => (isScalar(x.shape) ? x : repeatTo(x, shape))) as Operands;
  },
  shape: resultShape,
  vjp: ([condition, a, b], _, dy) => {
    const none = fill({ shape: [], value: 0 });
    return [null, unbroadcast(select(condition, dy, none), a), unbroadcast(select(condition, none, dy), b)];
  },
  lower: (emit, [condition, a, b], y) =>
    emit(choiceKinds.Select, {
      y,
      condition,
      a,
      b,
      count: count(y.shape),
      conditionStride: stride(condition),
      aStride: stride(a),
      bStride: stride(b),
    }),
  inPlace: [0, 1, 2],
});
