/** Functions of single elements, and what fills. */
import { Status } from "../../isa/control";
import { BinaryRecord, ElementwiseOp, FillRecord, UnaryGradRecord, UnaryRecord } from "../../isa/elementwise";
import { count, real, word } from "../../record";
import * as binary from "./binary";
import { fill } from "./fill";
import * as sign from "./sign";
import * as unary from "./unary";
import * as unaryGrad from "./unaryGrad";

/** Decodes a record of the family and runs its kernel. */
export function execute(control: usize, r: usize, _thread: u32, _threads: u32): u32 {
  const op = load<i32>(r);
  if (op >= ElementwiseOp.Copy && op <= ElementwiseOp.GreaterThan) return executeUnary(op, control, r);
  if (op >= ElementwiseOp.Add && op <= ElementwiseOp.Equal) return executeBinary(op, control, r);
  if (op >= ElementwiseOp.ReluGrad && op <= ElementwiseOp.TanhGrad) return executeUnaryGrad(op, control, r);
  if (op != ElementwiseOp.Fill) return Status.UnknownOp;
  fill(word(r, FillRecord.y), count(control, r, FillRecord.count), real(r, FillRecord.value));
  return Status.Ok;
}

function executeUnary(op: i32, control: usize, r: usize): u32 {
  const y: usize = word(r, UnaryRecord.y);
  const x: usize = word(r, UnaryRecord.x);
  const n = count(control, r, UnaryRecord.count);
  const alpha = real(r, UnaryRecord.alpha);
  switch (op) {
    case ElementwiseOp.Copy:
      unary.copy(y, x, n);
      break;
    case ElementwiseOp.Negate:
      unary.negate(y, x, n);
      break;
    case ElementwiseOp.Abs:
      unary.abs(y, x, n);
      break;
    case ElementwiseOp.Square:
      unary.square(y, x, n);
      break;
    case ElementwiseOp.SquareRoot:
      unary.squareRoot(y, x, n);
      break;
    case ElementwiseOp.Reciprocal:
      unary.reciprocal(y, x, n);
      break;
    case ElementwiseOp.Tanh:
      unary.tanh(y, x, n);
      break;
    case ElementwiseOp.Sigmoid:
      unary.sigmoid(y, x, n);
      break;
    case ElementwiseOp.Relu:
      unary.relu(y, x, n);
      break;
    case ElementwiseOp.Affine:
      unary.affine(y, x, n, alpha, real(r, UnaryRecord.beta));
      break;
    case ElementwiseOp.GreaterThan:
      unary.greaterThan(y, x, n, alpha);
      break;
    case ElementwiseOp.Sign:
      sign.sign(y, x, n);
      break;
    case ElementwiseOp.ReciprocalSquareRoot:
      sign.reciprocalSquareRoot(y, x, n);
      break;
    default:
      return Status.UnknownOp;
  }
  return Status.Ok;
}

function executeUnaryGrad(op: i32, control: usize, r: usize): u32 {
  const dx: usize = word(r, UnaryGradRecord.dx);
  const y: usize = word(r, UnaryGradRecord.y);
  const dy: usize = word(r, UnaryGradRecord.dy);
  const n = count(control, r, UnaryGradRecord.count);
  switch (op) {
    case ElementwiseOp.ReluGrad:
      unaryGrad.reluGrad(dx, y, dy, n);
      break;
    case ElementwiseOp.SigmoidGrad:
      unaryGrad.sigmoidGrad(dx, y, dy, n);
      break;
    case ElementwiseOp.TanhGrad:
      unaryGrad.tanhGrad(dx, y, dy, n);
      break;
    default:
      return Status.UnknownOp;
  }
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
    case ElementwiseOp.Add:
      binary.add(y, a, b, outer, inner, aOuter, aInner, bOuter, bInner);
      break;
    case ElementwiseOp.Subtract:
      binary.subtract(y, a, b, outer, inner, aOuter, aInner, bOuter, bInner);
      break;
    case ElementwiseOp.Multiply:
      binary.multiply(y, a, b, outer, inner, aOuter, aInner, bOuter, bInner);
      break;
    case ElementwiseOp.Divide:
      binary.divide(y, a, b, outer, inner, aOuter, aInner, bOuter, bInner);
      break;
    case ElementwiseOp.Maximum:
      binary.maximum(y, a, b, outer, inner, aOuter, aInner, bOuter, bInner);
      break;
    case ElementwiseOp.Equal:
      binary.equal(y, a, b, outer, inner, aOuter, aInner, bOuter, bInner);
      break;
    default:
      return Status.UnknownOp;
  }
  return Status.Ok;
}
