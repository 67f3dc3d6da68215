/** The common losses and their gradients. */
import { Status } from "../../isa/control";
import { LossGradRecord, LossOp, LossRecord } from "../../isa/loss";
import { count, word } from "../../record";
import * as loss from "./loss";

/** Decodes a record of the family and runs its kernel. */
export function execute(control: usize, r: usize, _thread: u32, _threads: u32): u32 {
  const op = load<i32>(r);
  return op <= LossOp.BinaryCrossEntropy ? executeLoss(op, control, r) : executeLossGrad(op, control, r);
}

function executeLoss(op: i32, control: usize, r: usize): u32 {
  const y: usize = word(r, LossRecord.loss);
  const prediction: usize = word(r, LossRecord.prediction);
  const target: usize = word(r, LossRecord.target);
  const outer = count(control, r, LossRecord.outer);
  const inner = count(control, r, LossRecord.inner);
  switch (op) {
    case LossOp.SquaredError:
      loss.squaredError(y, prediction, target, outer, inner);
      break;
    case LossOp.CrossEntropy:
      loss.crossEntropy(y, prediction, target, outer, inner);
      break;
    case LossOp.CrossEntropyOneHot:
      loss.crossEntropyOneHot(y, prediction, target, outer, inner);
      break;
    case LossOp.BinaryCrossEntropy:
      loss.binaryCrossEntropy(y, prediction, target, outer, inner);
      break;
    default:
      return Status.UnknownOp;
  }
  return Status.Ok;
}

function executeLossGrad(op: i32, control: usize, r: usize): u32 {
  const dx: usize = word(r, LossGradRecord.dprediction);
  const prediction: usize = word(r, LossGradRecord.prediction);
  const target: usize = word(r, LossGradRecord.target);
  const dloss: usize = word(r, LossGradRecord.dloss);
  const outer = count(control, r, LossGradRecord.outer);
  const inner = count(control, r, LossGradRecord.inner);
  switch (op) {
    case LossOp.SquaredErrorGrad:
      loss.squaredErrorGrad(dx, prediction, target, dloss, outer, inner);
      break;
    case LossOp.CrossEntropyGrad:
      loss.crossEntropyGrad(dx, prediction, target, dloss, outer, inner);
      break;
    case LossOp.CrossEntropyOneHotGrad:
      loss.crossEntropyOneHotGrad(dx, prediction, target, dloss, outer, inner);
      break;
    case LossOp.BinaryCrossEntropyGrad:
      loss.binaryCrossEntropyGrad(dx, prediction, target, dloss, outer, inner);
      break;
    default:
      return Status.UnknownOp;
  }
  return Status.Ok;
}
