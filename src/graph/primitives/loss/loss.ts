import type { LossGradRecord, LossRecord } from "../../../../assembly/isa/loss.js";
import { ShapeError } from "../../../check/errors.js";
import type { Kind } from "../../../compile/facts/fact.js";
import { lossKinds } from "../../../compile/facts/loss.js";
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

function lossGrad(name: string, kind: () => Kind<typeof LossGradRecord>): LossGrad {
  return defineOp<[Value, Value, Value]>({
    name,
    shape: ([prediction]) => prediction.shape,
    vjp: "none",
    lower: (emit, [prediction, target, dloss], dprediction) =>
      emit(kind(), { dprediction, prediction, target, dloss, ...matrix(prediction.shape) }),
    inPlace: [0],
  });
}

/** loss[outer], summed over the last axis of the prediction. */
function loss(
  name: string,
  kind: () => Kind<typeof LossRecord>,
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
      emit(kind(), { loss: y, prediction, target, ...matrix(prediction.shape) }),
  });
}

/** dprediction = 2 (prediction − target) · dloss */
export const squaredErrorGrad = lossGrad("squaredErrorGrad", () => lossKinds.SquaredErrorGrad);
/** loss = Σ (prediction − target)² */
export const squaredError = loss(
  "squaredError",
  () => lossKinds.SquaredError,
  sameAsPrediction,
  squaredErrorGrad,
  (d) => negate(d),
);

/** dlogits = (softmax(logits) − onehot(label)) · dloss */
export const crossEntropyGrad = lossGrad("crossEntropyGrad", () => lossKinds.CrossEntropyGrad);
/** loss = ln Σ e^logits − logits[label]; a label is an integer class. */
export const crossEntropy = loss("crossEntropy", () => lossKinds.CrossEntropy, onePerRow, crossEntropyGrad);

/** dlogits = (softmax(logits) · Σ target − target) · dloss */
export const crossEntropyOneHotGrad = lossGrad(
  "crossEntropyOneHotGrad",
  () => lossKinds.CrossEntropyOneHotGrad,
);
/** loss = Σ target · (ln Σ e^logits − logits); the target is a distribution over the classes. */
export const crossEntropyOneHot = loss(
  "crossEntropyOneHot",
  () => lossKinds.CrossEntropyOneHot,
  sameAsPrediction,
  crossEntropyOneHotGrad,
);

/** dlogits = (sigmoid(logits) − target) · dloss */
export const binaryCrossEntropyGrad = lossGrad(
  "binaryCrossEntropyGrad",
  () => lossKinds.BinaryCrossEntropyGrad,
);
/** loss = Σ max(x, 0) − x · target + ln(1 + e^−|x|), x the logits. */
export const binaryCrossEntropy = loss(
  "binaryCrossEntropy",
  () => lossKinds.BinaryCrossEntropy,
  sameAsPrediction,
  binaryCrossEntropyGrad,
);
