import { LossGradRecord, LossOp, LossRecord } from "../../../assembly/isa/loss.js";
import { Family } from "../../../assembly/isa/op.js";
import { fact, family } from "./fact.js";

const value = fact(LossRecord, { result: "loss", reads: ["prediction", "target"] });
const gradient = fact(LossGradRecord, {
  result: "dprediction",
  reads: ["prediction", "target", "dloss"],
  inPlace: ["prediction"],
});

export const lossKinds = family("loss", Family.Loss, LossOp, {
  SquaredError: value,
  CrossEntropy: value,
  CrossEntropyOneHot: value,
  BinaryCrossEntropy: value,
  SquaredErrorGrad: gradient,
  CrossEntropyGrad: gradient,
  CrossEntropyOneHotGrad: gradient,
  BinaryCrossEntropyGrad: gradient,
});
