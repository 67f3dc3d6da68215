/** Decodes the records that move, choose, index and multiply tensors of any rank. */
import {
  AccumulateRecord,
  BatchMatmulRecord,
  Control,
  CumulativeSumRecord,
  MoveRecord,
  NoiseRecord,
  OneHotRecord,
  Op,
  ScatterAddRecord,
  SelectRecord,
  Status,
  TakeRecord,
} from "./isa";
import { accumulate } from "./kernels/step/accumulate";
import { batchMatmul } from "./kernels/matmul/batchMatmul";
import { cumulativeSum } from "./kernels/move/cumulativeSum";
import { oneHot, scatterAdd, take } from "./kernels/move/indexing";
import { move } from "./kernels/move/move";
import { normalNoise, uniformNoise } from "./kernels/random/noise";
import { select } from "./kernels/elementwise/select";
import { blocksBefore, count, real, word } from "./record";

export function executeTensor(op: i32, control: usize, r: usize): u32 {
  switch (op) {
    case Op.Move:
      return executeMove(control, r);
    case Op.Select:
      return executeSelect(control, r);
    case Op.CumulativeSum:
      return executeCumulativeSum(control, r);
    case Op.Take:
      return executeTake(control, r);
    case Op.ScatterAdd:
      return executeScatterAdd(control, r);
    case Op.OneHot:
      return executeOneHot(control, r);
    case Op.BatchMatmul:
      return executeBatchMatmul(control, r);
    case Op.UniformNoise:
    case Op.NormalNoise:
      return executeNoise(op, control, r);
    case Op.Accumulate:
      return executeAccumulate(control, r);
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

function executeSelect(control: usize, r: usize): u32 {
  select(
    word(r, SelectRecord.y),
    word(r, SelectRecord.condition),
    word(r, SelectRecord.a),
    word(r, SelectRecord.b),
    count(control, r, SelectRecord.count),
    word(r, SelectRecord.conditionStride),
    word(r, SelectRecord.aStride),
    word(r, SelectRecord.bStride),
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

function executeBatchMatmul(control: usize, r: usize): u32 {
  batchMatmul(
    word(r, BatchMatmulRecord.form),
    word(r, BatchMatmulRecord.y),
    word(r, BatchMatmulRecord.a),
    word(r, BatchMatmulRecord.b),
    count(control, r, BatchMatmulRecord.batch),
    count(control, r, BatchMatmulRecord.aStride),
    count(control, r, BatchMatmulRecord.bStride),
    count(control, r, BatchMatmulRecord.m),
    count(control, r, BatchMatmulRecord.n),
    count(control, r, BatchMatmulRecord.k),
    load<u32>(control, Control.scratch),
  );
  return Status.Ok;
}

function executeNoise(op: i32, control: usize, r: usize): u32 {
  const y: usize = word(r, NoiseRecord.y);
  const n = count(control, r, NoiseRecord.count);
  const low = real(r, NoiseRecord.low);
  const high = real(r, NoiseRecord.high);
  const seedLow = load<u32>(control, Control.seedLow);
  const seedHigh = load<u32>(control, Control.seedHigh);
  const step = load<u32>(control, Control.step);
  const node = word(r, NoiseRecord.node);
  const block = blocksBefore(control, word(r, NoiseRecord.count));
  if (op == Op.UniformNoise) uniformNoise(y, n, low, high, block, seedLow, seedHigh, step, node);
  else normalNoise(y, n, low, high, block, seedLow, seedHigh, step, node);
  return Status.Ok;
}

/** The rows of this micro-batch as a share of those of the step; sums are added as they are. */
function executeAccumulate(control: usize, r: usize): u32 {
  const rows = load<u32>(control, Control.rows);
  const stepRows = load<u32>(control, Control.stepRows);
  const share: f32 = word(r, AccumulateRecord.weighted) ? <f32>(<f64>rows / <f64>stepRows) : 1;
  accumulate(
    word(r, AccumulateRecord.sum),
    word(r, AccumulateRecord.gradient),
    count(control, r, AccumulateRecord.count),
    share,
    load<u32>(control, Control.rowsBefore) == 0 ? 1 : 0,
  );
  return Status.Ok;
}
