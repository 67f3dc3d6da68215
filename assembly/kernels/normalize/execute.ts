/** Normalization by mean and variance, and the running averages of these. */
import { Control, Status } from "../../isa/control";
import {
  NormalizeInnerGradRecord,
  NormalizeInnerRecord,
  NormalizeOp,
  NormalizeOuterGradRecord,
  NormalizeOuterRecord,
  RunningAverageRecord,
} from "../../isa/normalize";
import { count, real, word } from "../../record";
import { normalizeInner, normalizeInnerGrad } from "./normalizeInner";
import { normalizeOuter } from "./normalizeOuter";
import { normalizeOuterGrad } from "./normalizeOuterGrad";
import { runningAverage } from "./runningAverage";

/** Decodes a record of the family and runs its kernel. */
export function execute(control: usize, r: usize, _thread: u32, _threads: u32): u32 {
  const op = load<i32>(r);
  switch (op) {
    case NormalizeOp.NormalizeInner:
      return executeNormalizeInner(control, r);
    case NormalizeOp.NormalizeInnerGrad:
      return executeNormalizeInnerGrad(control, r);
    case NormalizeOp.NormalizeOuter:
      return executeNormalizeOuter(control, r);
    case NormalizeOp.NormalizeOuterGrad:
      return executeNormalizeOuterGrad(control, r);
    case NormalizeOp.RunningAverage:
      return executeRunningAverage(control, r);
    default:
      return Status.UnknownOp;
  }
}

function executeNormalizeInner(control: usize, r: usize): u32 {
  normalizeInner(
    word(r, NormalizeInnerRecord.y),
    word(r, NormalizeInnerRecord.x),
    count(control, r, NormalizeInnerRecord.outer),
    count(control, r, NormalizeInnerRecord.inner),
    real(r, NormalizeInnerRecord.epsilon),
    word(r, NormalizeInnerRecord.centered),
    load<u32>(control, Control.scratch),
  );
  return Status.Ok;
}

function executeNormalizeInnerGrad(control: usize, r: usize): u32 {
  normalizeInnerGrad(
    word(r, NormalizeInnerGradRecord.dx),
    word(r, NormalizeInnerGradRecord.x),
    word(r, NormalizeInnerGradRecord.dy),
    count(control, r, NormalizeInnerGradRecord.outer),
    count(control, r, NormalizeInnerGradRecord.inner),
    real(r, NormalizeInnerGradRecord.epsilon),
    word(r, NormalizeInnerGradRecord.centered),
    load<u32>(control, Control.scratch),
  );
  return Status.Ok;
}

function executeNormalizeOuter(control: usize, r: usize): u32 {
  normalizeOuter(
    word(r, NormalizeOuterRecord.y),
    word(r, NormalizeOuterRecord.x),
    count(control, r, NormalizeOuterRecord.batch),
    count(control, r, NormalizeOuterRecord.outer),
    count(control, r, NormalizeOuterRecord.inner),
    real(r, NormalizeOuterRecord.epsilon),
    load<u32>(control, Control.scratch),
  );
  return Status.Ok;
}

function executeNormalizeOuterGrad(control: usize, r: usize): u32 {
  normalizeOuterGrad(
    word(r, NormalizeOuterGradRecord.dx),
    word(r, NormalizeOuterGradRecord.x),
    word(r, NormalizeOuterGradRecord.dy),
    count(control, r, NormalizeOuterGradRecord.batch),
    count(control, r, NormalizeOuterGradRecord.outer),
    count(control, r, NormalizeOuterGradRecord.inner),
    real(r, NormalizeOuterGradRecord.epsilon),
    load<u32>(control, Control.scratch),
  );
  return Status.Ok;
}

function executeRunningAverage(control: usize, r: usize): u32 {
  runningAverage(
    word(r, RunningAverageRecord.average),
    word(r, RunningAverageRecord.value),
    count(control, r, RunningAverageRecord.count),
    real(r, RunningAverageRecord.share),
  );
  return Status.Ok;
}
