/** Elements that go elsewhere: along strides, by index, summed up on the way. */
import { Control, SourceRecord, Status } from "../../isa/control";
import {
  CumulativeSumRecord,
  MoveOp,
  MoveRecord,
  OneHotRecord,
  ScatterAddRecord,
  SparseGatherRecord,
  SparseProductGradRecord,
  SparseProductRecord,
  TakeRecord,
} from "../../isa/move";
import { count, word } from "../../record";
import { cumulativeSum } from "./cumulativeSum";
import { oneHot, scatterAdd, take } from "./indexing";
import { move } from "./move";
import { sparseGather, sparseProduct, sparseProductGrad } from "./sparse";

/** Decodes a record of the family and runs its kernel. */
export function execute(control: usize, r: usize, _thread: u32, _threads: u32): u32 {
  const op = load<i32>(r);
  switch (op) {
    case MoveOp.Move:
      return executeMove(control, r);
    case MoveOp.CumulativeSum:
      return executeCumulativeSum(control, r);
    case MoveOp.Take:
      return executeTake(control, r);
    case MoveOp.ScatterAdd:
      return executeScatterAdd(control, r);
    case MoveOp.OneHot:
      return executeOneHot(control, r);
    case MoveOp.SparseGather:
      return executeSparseGather(control, r);
    case MoveOp.SparseProduct:
      return executeSparseProduct(control, r);
    case MoveOp.SparseProductGrad:
      return executeSparseProductGrad(control, r);
    default:
      return Status.UnknownOp;
  }
}

/** Where move finds sizes and strides: three runs of MOVE_AXES words, decoded in place of their counts. */
const AXES = memory.data<u32>([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 16);

function executeMove(control: usize, r: usize): u32 {
  const words: i32 = MoveRecord.words - MoveRecord.size0;
  for (let i: i32 = 0; i < words; i++) {
    store<u32>(AXES + (<usize>i << 2), count(control, r, MoveRecord.size0 + i));
  }
  move(
    word(r, MoveRecord.y) + (count(control, r, MoveRecord.yOffset) << 2),
    word(r, MoveRecord.x) + (count(control, r, MoveRecord.xOffset) << 2),
    AXES,
  );
  return Status.Ok;
}

function executeCumulativeSum(control: usize, r: usize): u32 {
  cumulativeSum(
    word(r, CumulativeSumRecord.y),
    word(r, CumulativeSumRecord.x),
    count(control, r, CumulativeSumRecord.outer),
    count(control, r, CumulativeSumRecord.length),
    count(control, r, CumulativeSumRecord.inner),
    word(r, CumulativeSumRecord.reverse),
    word(r, CumulativeSumRecord.exclusive),
  );
  return Status.Ok;
}

function executeTake(control: usize, r: usize): u32 {
  const ok = take(
    word(r, TakeRecord.y),
    word(r, TakeRecord.x),
    word(r, TakeRecord.index),
    count(control, r, TakeRecord.outer),
    count(control, r, TakeRecord.count),
    count(control, r, TakeRecord.length),
    count(control, r, TakeRecord.inner),
  );
  return ok ? Status.Ok : Status.IndexOutOfRange;
}

function executeScatterAdd(control: usize, r: usize): u32 {
  const ok = scatterAdd(
    word(r, ScatterAddRecord.dx),
    word(r, ScatterAddRecord.dy),
    word(r, ScatterAddRecord.index),
    count(control, r, ScatterAddRecord.outer),
    count(control, r, ScatterAddRecord.count),
    count(control, r, ScatterAddRecord.length),
    count(control, r, ScatterAddRecord.inner),
  );
  return ok ? Status.Ok : Status.IndexOutOfRange;
}

function executeOneHot(control: usize, r: usize): u32 {
  const ok = oneHot(
    word(r, OneHotRecord.y),
    word(r, OneHotRecord.index),
    count(control, r, OneHotRecord.count),
    count(control, r, OneHotRecord.depth),
  );
  return ok ? Status.Ok : Status.IndexOutOfRange;
}

/** Where the rows of a source lie. */
function addressOf(control: usize, source: u32): usize {
  return load<u32>(
    <usize>load<u32>(control, Control.sources) + source * SourceRecord.bytes,
    SourceRecord.address,
  );
}

function executeSparseGather(control: usize, r: usize): u32 {
  sparseGather(
    word(r, SparseGatherRecord.y),
    addressOf(control, word(r, SparseGatherRecord.source)),
    load<u32>(control, Control.order),
    load<u32>(control, Control.cursor),
    load<u32>(control, Control.rows),
    count(control, r, SparseGatherRecord.inner),
  );
  return Status.Ok;
}

function executeSparseProduct(control: usize, r: usize): u32 {
  sparseProduct(
    word(r, SparseProductRecord.y),
    word(r, SparseProductRecord.w),
    addressOf(control, word(r, SparseProductRecord.source)),
    load<u32>(control, Control.order),
    load<u32>(control, Control.cursor),
    load<u32>(control, Control.rows),
    count(control, r, SparseProductRecord.columns),
  );
  return Status.Ok;
}

function executeSparseProductGrad(control: usize, r: usize): u32 {
  sparseProductGrad(
    word(r, SparseProductGradRecord.dw),
    word(r, SparseProductGradRecord.dy),
    addressOf(control, word(r, SparseProductGradRecord.source)),
    load<u32>(control, Control.order),
    load<u32>(control, Control.cursor),
    load<u32>(control, Control.rows),
    count(control, r, SparseProductGradRecord.features),
    count(control, r, SparseProductGradRecord.columns),
  );
  return Status.Ok;
}
