/** The commonest updates of weights. */
import { Control, Status } from "../../isa/control";
import { AdamRecord, SgdRecord, UpdateOp } from "../../isa/update";
import { count, real, word } from "../../record";
import { adam } from "./adam";
import { sgd } from "./sgd";
import { stepsSince, updateRate } from "./stepOfGroup";

/** Decodes a record of the family and runs its kernel. */
export function execute(control: usize, r: usize, _thread: u32, _threads: u32): u32 {
  const op = load<i32>(r);
  switch (op) {
    case UpdateOp.Sgd:
      return executeSgd(control, r);
    case UpdateOp.Adam:
      return executeAdam(control, r);
    default:
      return Status.UnknownOp;
  }
}

function executeSgd(control: usize, r: usize): u32 {
  sgd(
    word(r, SgdRecord.parameter),
    word(r, SgdRecord.velocity),
    word(r, SgdRecord.gradient),
    count(control, r, SgdRecord.count),
    updateRate(control, r, SgdRecord.rate),
    load<f32>(control, Control.gradientScale),
    real(r, SgdRecord.momentum),
    word(r, SgdRecord.nesterov),
    real(r, SgdRecord.decay),
  );
  return Status.Ok;
}

function executeAdam(control: usize, r: usize): u32 {
  adam(
    word(r, AdamRecord.parameter),
    word(r, AdamRecord.mean),
    word(r, AdamRecord.variance),
    word(r, AdamRecord.largest),
    word(r, AdamRecord.gradient),
    count(control, r, AdamRecord.count),
    updateRate(control, r, AdamRecord.rate),
    load<f32>(control, Control.gradientScale),
    real(r, AdamRecord.beta1),
    real(r, AdamRecord.beta2),
    real(r, AdamRecord.epsilon),
    real(r, AdamRecord.decay),
    word(r, AdamRecord.decoupled),
    stepsSince(control, r, AdamRecord.since),
  );
  return Status.Ok;
}
