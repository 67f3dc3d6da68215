/** Sums, means, extremes and softmax along axes, and their adjoint, repetition. */
import { Control, Status } from "../../isa/control";
import { BroadcastRecord, ReduceOp, ReduceOuterRecord, ReduceRecord, RowGradRecord } from "../../isa/reduce";
import { count, word } from "../../record";
import { broadcast } from "./broadcast";
import * as extremes from "./extremes";
import * as sum from "./sum";
import * as softmax from "./softmax";

/** Decodes a record of the family and runs its kernel. */
export function execute(control: usize, r: usize, _thread: u32, _threads: u32): u32 {
  const op = load<i32>(r);
  if (op >= ReduceOp.SumInner && op <= ReduceOp.LogSoftmax) return executeInner(op, control, r);
  if (op >= ReduceOp.SumOuter && op <= ReduceOp.MinOuter) return executeOuter(op, control, r);
  switch (op) {
    case ReduceOp.Broadcast:
      return executeBroadcast(control, r);
    case ReduceOp.SoftmaxGrad:
    case ReduceOp.LogSoftmaxGrad:
      return executeRowGrad(op, control, r);
    default:
      return Status.UnknownOp;
  }
}

function executeBroadcast(control: usize, r: usize): u32 {
  broadcast(
    word(r, BroadcastRecord.y),
    word(r, BroadcastRecord.x),
    count(control, r, BroadcastRecord.outer),
    count(control, r, BroadcastRecord.inner),
    count(control, r, BroadcastRecord.xOuter),
    word(r, BroadcastRecord.xInner),
    count(control, r, BroadcastRecord.divisor),
  );
  return Status.Ok;
}

function executeInner(op: i32, control: usize, r: usize): u32 {
  const y: usize = word(r, ReduceRecord.y);
  const x: usize = word(r, ReduceRecord.x);
  const outer = count(control, r, ReduceRecord.outer);
  const inner = count(control, r, ReduceRecord.inner);
  const scratch: usize = load<u32>(control, Control.scratch);
  switch (op) {
    case ReduceOp.SumInner:
      sum.sumInner(y, x, outer, inner, scratch);
      break;
    case ReduceOp.MeanInner:
      sum.meanInner(y, x, outer, inner, scratch);
      break;
    case ReduceOp.MaxInner:
      extremes.maxInner(y, x, outer, inner);
      break;
    case ReduceOp.MinInner:
      extremes.minInner(y, x, outer, inner);
      break;
    case ReduceOp.LogSumExpInner:
      softmax.logSumExp(y, x, outer, inner);
      break;
    case ReduceOp.ArgMaxInner:
      extremes.argMaxInner(y, x, outer, inner);
      break;
    case ReduceOp.Softmax:
      softmax.softmax(y, x, outer, inner);
      break;
    case ReduceOp.LogSoftmax:
      softmax.logSoftmax(y, x, outer, inner);
      break;
    default:
      return Status.UnknownOp;
  }
  return Status.Ok;
}

function executeOuter(op: i32, control: usize, r: usize): u32 {
  let y: usize = word(r, ReduceOuterRecord.y);
  let x: usize = word(r, ReduceOuterRecord.x);
  const batch = count(control, r, ReduceOuterRecord.batch);
  const outer = count(control, r, ReduceOuterRecord.outer);
  const inner = count(control, r, ReduceOuterRecord.inner);
  const scratch: usize = load<u32>(control, Control.scratch);
  for (let i: u32 = 0; i < batch; i++) {
    switch (op) {
      case ReduceOp.SumOuter:
        sum.sumOuter(y, x, outer, inner, scratch);
        break;
      case ReduceOp.MeanOuter:
        sum.meanOuter(y, x, outer, inner, scratch);
        break;
      case ReduceOp.MaxOuter:
        extremes.maxOuter(y, x, outer, inner);
        break;
      default:
        extremes.minOuter(y, x, outer, inner);
    }
    y += <usize>inner << 2;
    x += (<usize>outer * inner) << 2;
  }
  return Status.Ok;
}

function executeRowGrad(op: i32, control: usize, r: usize): u32 {
  const dx: usize = word(r, RowGradRecord.dx);
  const y: usize = word(r, RowGradRecord.y);
  const dy: usize = word(r, RowGradRecord.dy);
  const outer = count(control, r, RowGradRecord.outer);
  const inner = count(control, r, RowGradRecord.inner);
  if (op == ReduceOp.SoftmaxGrad) softmax.softmaxGrad(dx, y, dy, outer, inner);
  else softmax.logSoftmaxGrad(dx, y, dy, outer, inner);
  return Status.Ok;
}
