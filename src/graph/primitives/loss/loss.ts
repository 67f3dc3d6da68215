import { LossGradRecord, LossRecord, Op } from "../../../../assembly/isa.js";
import { ShapeError } from "../../../check/errors.js";
import { defineOp, type OpFunction } from "../../op.js";
import { formatShape, type Shape, sameShape } from "../../shape.js";
import type { Value } from "../../value.js";
import { negate } from "../elementwise/affine.js";
import { matrix } from "../operands.js";

type Loss = OpFunction<[Value, Value], undefined>;
type LossGrad = OpFunction<[Value, Value, Value], undefined>;
type TargetShape = (prediction: Shape) => Shape;

/** Targets as large as the prediction, or one label for each of its rows. */
const sameAsPrediction: TargetShape = (prediction) => prediction;
const onePerRow: TargetShape = (prediction) => prediction.slice(0, -1);

function lossGrad(name: string, op: Op): LossGrad {
  return defineOp<[Value, Value, Value]>({
    name,
    shape: ([prediction]) => prediction.shape,
    vjp: "none",
    lower: (emit, [prediction, target, dloss], dprediction) =>
      emit(op, LossGradRecord, { dprediction, prediction, target, dloss, ...matrix(prediction.shape) }),
    inPlace: [0],
  });
}

/** loss[outer], summed over the last axis of the prediction. */
function loss(
  name: string,
  op: Op,
  targetShape: TargetShape,
  grad: LossGrad,
  targetGradient: (dprediction: Value) => Value | null = () => null,
): Loss {
  return defineOp<[Value, Value]>({
    name,
    shape: ([prediction, target]) => {
      const needed = targetShape(prediction.shape);
      if (!sameShape(target.shape, needed)) {
        throw new ShapeError(
          `${name}: target is ${formatShape(target.shape)} for a prediction of ` +
            `${formatShape(prediction.shape)}; needs ${formatShape(needed)}.`,
        );
      }
      return prediction.shape.slice(0, -1);
    },
    vjp: ([prediction, target], _, dloss) => {
      const dprediction = grad(prediction, target, dloss);
      return [dprediction, targetGradient(dprediction)];
    },
    lower: (emit, [prediction, target], y) =>
      emit(op, LossRecord, { loss: y, prediction, target, ...matrix(prediction.shape) }),
  });
}

/** dprediction = 2 (prediction − target) · dloss */
export const squaredErrorGrad = lossGrad("squaredErrorGrad", Op.SquaredErrorGrad);
/** loss = Σ (prediction − target)² */
export const squaredError = loss("squaredError", Op.SquaredError, sameAsPrediction, squaredErrorGrad, (d) =>
  negate(d),
);

/** dlogits = (softmax(logits) − onehot(label)) · dloss */
export const crossEntropyGrad = lossGrad("crossEntropyGrad", Op.CrossEntropyGrad);
/** loss = ln Σ e^logits − logits[label]; a label is an integer class. */
export const crossEntropy = loss("crossEntropy", Op.CrossEntropy, onePerRow, crossEntropyGrad);

/** dlogits = (softmax(logits) · Σ target − target) · dloss */
export const crossEntropyOneHotGrad = lossGrad("crossEntropyOneHotGrad", Op.CrossEntropyOneHotGrad);
/** loss = Σ target · (ln Σ e^logits − logits); the target is a distribution over the classes. */
export const crossEntropyOneHot = loss(
  "crossEntropyOneHot",
  Op.CrossEntropyOneHot,
  sameAsPrediction,
  crossEntropyOneHotGrad,
);

/** dlogits = (sigmoid(logits) − target) · dloss */
export const binaryCrossEntropyGrad = lossGrad("binaryCrossEntropyGrad", Op.BinaryCrossEntropyGrad);
/** loss = Σ max(x, 0) − x · target + ln(1 + e^−|x|), x the logits. */
export const binaryCrossEntropy = loss(
  "binaryCrossEntropy",
  Op.BinaryCrossEntropy,
  sameAsPrediction,
  binaryCrossEntropyGrad,
);
