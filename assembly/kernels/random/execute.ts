/** The commonest random numbers. */
import { Control, Status } from "../../isa/control";
import { DropoutRecord, RandomOp, UniformRecord } from "../../isa/random";
import { blocksBefore, count, real, word } from "../../record";
import { dropout } from "./dropout";
import { uniform } from "./uniform";

/** Decodes a record of the family and runs its kernel. */
export function execute(control: usize, r: usize, _thread: u32, _threads: u32): u32 {
  const op = load<i32>(r);
  switch (op) {
    case RandomOp.Uniform:
      return executeUniform(control, r);
    case RandomOp.Dropout:
      return executeDropout(control, r);
    default:
      return Status.UnknownOp;
  }
}

function executeUniform(control: usize, r: usize): u32 {
  uniform(
    word(r, UniformRecord.y),
    count(control, r, UniformRecord.count),
    real(r, UniformRecord.low),
    real(r, UniformRecord.high),
    load<u32>(control, Control.seedLow),
    load<u32>(control, Control.seedHigh),
    word(r, UniformRecord.node),
  );
  return Status.Ok;
}

function executeDropout(control: usize, r: usize): u32 {
  const encoded = word(r, DropoutRecord.count);
  dropout(
    word(r, DropoutRecord.y),
    word(r, DropoutRecord.x),
    count(control, r, DropoutRecord.count),
    real(r, DropoutRecord.rate),
    blocksBefore(control, encoded),
    load<u32>(control, Control.seedLow),
    load<u32>(control, Control.seedHigh),
    load<u32>(control, Control.step),
    word(r, DropoutRecord.node),
  );
  return Status.Ok;
}
