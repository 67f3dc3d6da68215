/** Products of matrices. */
import { Control, Status } from "../../isa/control";
import { BatchMatmulRecord, MatmulOp, MatmulRecord } from "../../isa/matmul";
import { count, word } from "../../record";
import { batchMatmul } from "./batchMatmul";
import { matmul } from "./matmul";

/** Decodes a record of the family and runs its kernel. */
export function execute(control: usize, r: usize, _thread: u32, _threads: u32): u32 {
  const op = load<i32>(r);
  switch (op) {
    case MatmulOp.Matmul:
      return executeMatmul(control, r);
    case MatmulOp.BatchMatmul:
      return executeBatchMatmul(control, r);
    default:
      return Status.UnknownOp;
  }
}

function executeMatmul(control: usize, r: usize): u32 {
  matmul(
    word(r, MatmulRecord.form),
    word(r, MatmulRecord.y),
    word(r, MatmulRecord.a),
    word(r, MatmulRecord.b),
    word(r, MatmulRecord.bias),
    count(control, r, MatmulRecord.m),
    count(control, r, MatmulRecord.n),
    count(control, r, MatmulRecord.k),
    word(r, MatmulRecord.activation),
    load<u32>(control, Control.scratch),
  );
  return Status.Ok;
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
