/** Losses of sequences. */
import { Status } from "../../isa/control";
import { CtcGradRecord, CtcLossRecord, CtcRecord, SequenceOp } from "../../isa/sequence";
import { count, word } from "../../record";
import { ctcAlpha, ctcGrad, ctcLoss } from "./ctc";

/** Decodes a record of the family and runs its kernel. */
export function execute(control: usize, r: usize, _thread: u32, _threads: u32): u32 {
  const op = load<i32>(r);
  switch (op) {
    case SequenceOp.CtcAlpha:
      return executeAlpha(control, r);
    case SequenceOp.CtcLoss:
      return executeLoss(control, r);
    case SequenceOp.CtcGrad:
      return executeGrad(control, r);
    default:
      return Status.UnknownOp;
  }
}

function executeAlpha(control: usize, r: usize): u32 {
  ctcAlpha(
    word(r, CtcRecord.alpha),
    word(r, CtcRecord.x),
    word(r, CtcRecord.target),
    count(control, r, CtcRecord.rows),
    word(r, CtcRecord.time),
    word(r, CtcRecord.classes),
    word(r, CtcRecord.labels),
    word(r, CtcRecord.blank),
  );
  return Status.Ok;
}

function executeLoss(control: usize, r: usize): u32 {
  ctcLoss(
    word(r, CtcLossRecord.loss),
    word(r, CtcLossRecord.alpha),
    word(r, CtcLossRecord.target),
    count(control, r, CtcLossRecord.rows),
    word(r, CtcLossRecord.time),
    word(r, CtcLossRecord.labels),
  );
  return Status.Ok;
}

function executeGrad(control: usize, r: usize): u32 {
  ctcGrad(
    word(r, CtcGradRecord.dx),
    word(r, CtcGradRecord.x),
    word(r, CtcGradRecord.alpha),
    word(r, CtcGradRecord.target),
    word(r, CtcGradRecord.dloss),
    count(control, r, CtcGradRecord.rows),
    word(r, CtcGradRecord.time),
    word(r, CtcGradRecord.classes),
    word(r, CtcGradRecord.labels),
    word(r, CtcGradRecord.blank),
  );
  return Status.Ok;
}
