/** Comparisons, extremes, clipping: what chooses between elements. */
import { ChoiceOp, SelectRecord } from "../../isa/choice";
import { Status } from "../../isa/control";
import { BinaryRecord, UnaryRecord } from "../../isa/elementwise";
import { ReduceOuterRecord, ReduceRecord } from "../../isa/reduce";
import { count, real, word } from "../../record";
import * as comparison from "./comparison";
import * as extremes from "./extremes";
import * as piecewise from "./piecewise";
import { select } from "./select";

/** Decodes a record of the family and runs its kernel. */
export function execute(control: usize, r: usize, _thread: u32, _threads: u32): u32 {
  const op = load<i32>(r);
  switch (op) {
    case ChoiceOp.LeakyRelu:
    case ChoiceOp.Clip:
      return executeUnary(op, control, r);
    case ChoiceOp.Minimum:
    case ChoiceOp.NotEqual:
    case ChoiceOp.Greater:
    case ChoiceOp.GreaterEqual:
      return executeBinary(op, control, r);
    case ChoiceOp.Select:
      return executeSelect(control, r);
    case ChoiceOp.MaxInner:
    case ChoiceOp.MinInner:
      return executeInner(op, control, r);
    case ChoiceOp.MaxOuter:
    case ChoiceOp.MinOuter:
      return executeOuter(op, control, r);
    default:
      return Status.UnknownOp;
  }
}

function executeUnary(op: i32, control: usize, r: usize): u32 {
  const y: usize = word(r, UnaryRecord.y);
  const x: usize = word(r, UnaryRecord.x);
  const n = count(control, r, UnaryRecord.count);
  const alpha = real(r, UnaryRecord.alpha);
  if (op == ChoiceOp.LeakyRelu) piecewise.leakyRelu(y, x, n, alpha);
  else piecewise.clip(y, x, n, alpha, real(r, UnaryRecord.beta));
  return Status.Ok;
}

function executeBinary(op: i32, control: usize, r: usize): u32 {
  const y: usize = word(r, BinaryRecord.y);
  const a: usize = word(r, BinaryRecord.a);
  const b: usize = word(r, BinaryRecord.b);
  const outer = count(control, r, BinaryRecord.outer);
  const inner = count(control, r, BinaryRecord.inner);
  const aOuter = count(control, r, BinaryRecord.aOuter);
  const aInner = word(r, BinaryRecord.aInner);
  const bOuter = count(control, r, BinaryRecord.bOuter);
  const bInner = word(r, BinaryRecord.bInner);
  switch (op) {
    case ChoiceOp.Minimum:
      comparison.minimum(y, a, b, outer, inner, aOuter, aInner, bOuter, bInner);
      break;
    case ChoiceOp.NotEqual:
      comparison.notEqual(y, a, b, outer, inner, aOuter, aInner, bOuter, bInner);
      break;
    case ChoiceOp.Greater:
      comparison.greater(y, a, b, outer, inner, aOuter, aInner, bOuter, bInner);
      break;
    default:
      comparison.greaterEqual(y, a, b, outer, inner, aOuter, aInner, bOuter, bInner);
  }
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

function executeInner(op: i32, control: usize, r: usize): u32 {
  const y: usize = word(r, ReduceRecord.y);
  const x: usize = word(r, ReduceRecord.x);
  const outer = count(control, r, ReduceRecord.outer);
  const inner = count(control, r, ReduceRecord.inner);
  if (op == ChoiceOp.MaxInner) extremes.maxInner(y, x, outer, inner);
  else extremes.minInner(y, x, outer, inner);
  return Status.Ok;
}

function executeOuter(op: i32, control: usize, r: usize): u32 {
  let y: usize = word(r, ReduceOuterRecord.y);
  let x: usize = word(r, ReduceOuterRecord.x);
  const batch = count(control, r, ReduceOuterRecord.batch);
  const outer = count(control, r, ReduceOuterRecord.outer);
  const inner = count(control, r, ReduceOuterRecord.inner);
  for (let i: u32 = 0; i < batch; i++) {
    if (op == ChoiceOp.MaxOuter) extremes.maxOuter(y, x, outer, inner);
    else extremes.minOuter(y, x, outer, inner);
    y += <usize>inner << 2;
    x += (<usize>outer * inner) << 2;
  }
  return Status.Ok;
}
