/** Sums, means and softmax along axes, and their adjoint, repetition. */
import { Control, Status } from "../../isa/control";
import { BroadcastRecord, ReduceOp, ReduceOuterRecord, ReduceRecord } from "../../isa/reduce";
import { count, word } from "../../record";
import { argMaxInner } from "./argMax";
import { broadcast } from "./broadcast";
import * as sum from "./sum";
import { softmax } from "./softmax";

/** Decodes a record of the family and runs its kernel. */
export function execute(control: usize, r: usize, _thread: u32, _threads: u32): u32 {
  const op = load<i32>(r);
  if (op >= ReduceOp.SumInner && op <= ReduceOp.Softmax) return executeInner(op, control, r);
  if (op >= ReduceOp.SumOuter && op <= ReduceOp.MeanOuter) return executeOuter(op, control, r);
  return op == ReduceOp.Broadcast ? executeBroadcast(control, r) : Status.UnknownOp;
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
    case ReduceOp.ArgMaxInner:
      argMaxInner(y, x, outer, inner);
      break;
    case ReduceOp.Softmax:
      softmax(y, x, outer, inner);
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
    if (op == ReduceOp.SumOuter) sum.sumOuter(y, x, outer, inner, scratch);
    else sum.meanOuter(y, x, outer, inner, scratch);
    y += <usize>inner << 2;
    x += (<usize>outer * inner) << 2;
  }
  return Status.Ok;
}
