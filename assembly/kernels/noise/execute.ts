/** Random numbers of rarer kinds. */
import { Control, Status } from "../../isa/control";
import { NoiseOp, NoiseRecord, NormalRecord } from "../../isa/noise";
import { blocksBefore, count, real, word } from "../../record";
import { normalNoise, uniformNoise } from "./noise";
import { normal } from "./normal";

/** Decodes a record of the family and runs its kernel. */
export function execute(control: usize, r: usize, _thread: u32, _threads: u32): u32 {
  const op = load<i32>(r);
  switch (op) {
    case NoiseOp.Normal:
      return executeNormal(control, r);
    case NoiseOp.UniformNoise:
    case NoiseOp.NormalNoise:
      return executeNoise(op, control, r);
    default:
      return Status.UnknownOp;
  }
}

function executeNormal(control: usize, r: usize): u32 {
  normal(
    word(r, NormalRecord.y),
    count(control, r, NormalRecord.count),
    real(r, NormalRecord.mean),
    real(r, NormalRecord.deviation),
    real(r, NormalRecord.limit),
    load<u32>(control, Control.seedLow),
    load<u32>(control, Control.seedHigh),
    word(r, NormalRecord.node),
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
  if (op == NoiseOp.UniformNoise) uniformNoise(y, n, low, high, block, seedLow, seedHigh, step, node);
  else normalNoise(y, n, low, high, block, seedLow, seedHigh, step, node);
  return Status.Ok;
}
