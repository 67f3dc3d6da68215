/** Decodes the record families that several opcodes share, so that the interpreter's switch stays a table. */
import {
  BinaryRecord,
  Control,
  LossGradRecord,
  LossRecord,
  Op,
  ReduceOuterRecord,
  ReduceRecord,
  RowGradRecord,
  Status,
  UnaryGradRecord,
  UnaryRecord,
} from "./isa";
import * as binary from "./kernels/elementwise/binary";
import * as loss from "./kernels/loss/loss";
import * as piecewise from "./kernels/elementwise/piecewise";
import { power } from "./kernels/transcendental/power";
import * as extremes from "./kernels/reduce/extremes";
import * as softmax from "./kernels/reduce/softmax";
import * as sum from "./kernels/reduce/sum";
import * as transcendental from "./kernels/transcendental/transcendental";
import * as unary from "./kernels/elementwise/unary";
import * as unaryGrad from "./kernels/elementwise/unaryGrad";
import { count, real, word } from "./record";

export function executeUnary(op: i32, control: usize, r: usize): u32 {
  const y: usize = word(r, UnaryRecord.y);
  const x: usize = word(r, UnaryRecord.x);
  const n = count(control, r, UnaryRecord.count);
  const alpha = real(r, UnaryRecord.alpha);
  switch (op) {
    case Op.Copy:
      unary.copy(y, x, n);
      break;
    case Op.Negate:
      unary.negate(y, x, n);
      break;
    case Op.Abs:
      unary.abs(y, x, n);
      break;
    case Op.Square:
      unary.square(y, x, n);
      break;
    case Op.SquareRoot:
      unary.squareRoot(y, x, n);
      break;
    case Op.Reciprocal:
      unary.reciprocal(y, x, n);
      break;
    case Op.Exp:
      unary.exp(y, x, n);
      break;
    case Op.Log:
      unary.log(y, x, n);
      break;
    case Op.Tanh:
      unary.tanh(y, x, n);
      break;
    case Op.Sigmoid:
      unary.sigmoid(y, x, n);
      break;
    case Op.Relu:
      unary.relu(y, x, n);
      break;
    case Op.Affine:
      unary.affine(y, x, n, alpha, real(r, UnaryRecord.beta));
      break;
    case Op.GreaterThan:
      unary.greaterThan(y, x, n, alpha);
      break;
    case Op.Sign:
      piecewise.sign(y, x, n);
      break;
    case Op.ReciprocalSquareRoot:
      piecewise.reciprocalSquareRoot(y, x, n);
      break;
    case Op.Log1p:
      transcendental.log1p(y, x, n);
      break;
    case Op.Expm1:
      transcendental.expm1(y, x, n);
      break;
    case Op.Sin:
      transcendental.sin(y, x, n);
      break;
    case Op.Cos:
      transcendental.cos(y, x, n);
      break;
    case Op.Softplus:
      transcendental.softplus(y, x, n);
      break;
    case Op.Erf:
      transcendental.erf(y, x, n);
      break;
    case Op.LeakyRelu:
      piecewise.leakyRelu(y, x, n, alpha);
      break;
    case Op.Elu:
      transcendental.elu(y, x, n, alpha);
      break;
    case Op.Clip:
      piecewise.clip(y, x, n, alpha, real(r, UnaryRecord.beta));
      break;
    default:
      return Status.UnknownOp;
  }
  return Status.Ok;
}

export function executeUnaryGrad(op: i32, control: usize, r: usize): u32 {
  const dx: usize = word(r, UnaryGradRecord.dx);
  const y: usize = word(r, UnaryGradRecord.y);
  const dy: usize = word(r, UnaryGradRecord.dy);
  const n = count(control, r, UnaryGradRecord.count);
  switch (op) {
    case Op.ReluGrad:
      unaryGrad.reluGrad(dx, y, dy, n);
      break;
    case Op.SigmoidGrad:
      unaryGrad.sigmoidGrad(dx, y, dy, n);
      break;
    case Op.TanhGrad:
      unaryGrad.tanhGrad(dx, y, dy, n);
      break;
    default:
      return Status.UnknownOp;
  }
  return Status.Ok;
}

export function executeBinary(op: i32, control: usize, r: usize): u32 {
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
    case Op.Add:
      binary.add(y, a, b, outer, inner, aOuter, aInner, bOuter, bInner);
      break;
    case Op.Subtract:
      binary.subtract(y, a, b, outer, inner, aOuter, aInner, bOuter, bInner);
      break;
    case Op.Multiply:
      binary.multiply(y, a, b, outer, inner, aOuter, aInner, bOuter, bInner);
      break;
    case Op.Divide:
      binary.divide(y, a, b, outer, inner, aOuter, aInner, bOuter, bInner);
      break;
    case Op.Minimum:
      binary.minimum(y, a, b, outer, inner, aOuter, aInner, bOuter, bInner);
      break;
    case Op.Maximum:
      binary.maximum(y, a, b, outer, inner, aOuter, aInner, bOuter, bInner);
      break;
    case Op.Equal:
      binary.equal(y, a, b, outer, inner, aOuter, aInner, bOuter, bInner);
      break;
    case Op.NotEqual:
      binary.notEqual(y, a, b, outer, inner, aOuter, aInner, bOuter, bInner);
      break;
    case Op.Greater:
      binary.greater(y, a, b, outer, inner, aOuter, aInner, bOuter, bInner);
      break;
    case Op.GreaterEqual:
      binary.greaterEqual(y, a, b, outer, inner, aOuter, aInner, bOuter, bInner);
      break;
    case Op.Power:
      power(y, a, b, outer, inner, aOuter, aInner, bOuter, bInner);
      break;
    default:
      return Status.UnknownOp;
  }
  return Status.Ok;
}

export function executeReduce(op: i32, control: usize, r: usize): u32 {
  const y: usize = word(r, ReduceRecord.y);
  const x: usize = word(r, ReduceRecord.x);
  const outer = count(control, r, ReduceRecord.outer);
  const inner = count(control, r, ReduceRecord.inner);
  switch (op) {
    case Op.SumInner:
      sum.sumInner(y, x, outer, inner, load<u32>(control, Control.scratch));
      break;
    case Op.MeanInner:
      sum.meanInner(y, x, outer, inner, load<u32>(control, Control.scratch));
      break;
    case Op.MaxInner:
      extremes.maxInner(y, x, outer, inner);
      break;
    case Op.MinInner:
      extremes.minInner(y, x, outer, inner);
      break;
    case Op.LogSumExpInner:
      softmax.logSumExp(y, x, outer, inner);
      break;
    case Op.ArgMaxInner:
      extremes.argMaxInner(y, x, outer, inner);
      break;
    case Op.Softmax:
      softmax.softmax(y, x, outer, inner);
      break;
    case Op.LogSoftmax:
      softmax.logSoftmax(y, x, outer, inner);
      break;
    default:
      return Status.UnknownOp;
  }
  return Status.Ok;
}

export function executeReduceOuter(op: i32, control: usize, r: usize): u32 {
  let y: usize = word(r, ReduceOuterRecord.y);
  let x: usize = word(r, ReduceOuterRecord.x);
  const batch = count(control, r, ReduceOuterRecord.batch);
  const outer = count(control, r, ReduceOuterRecord.outer);
  const inner = count(control, r, ReduceOuterRecord.inner);
  for (let i: u32 = 0; i < batch; i++) {
    switch (op) {
      case Op.SumOuter:
        sum.sumOuter(y, x, outer, inner, load<u32>(control, Control.scratch));
        break;
      case Op.MeanOuter:
        sum.meanOuter(y, x, outer, inner, load<u32>(control, Control.scratch));
        break;
      case Op.MaxOuter:
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

export function executeRowGrad(op: i32, control: usize, r: usize): u32 {
  const dx: usize = word(r, RowGradRecord.dx);
  const y: usize = word(r, RowGradRecord.y);
  const dy: usize = word(r, RowGradRecord.dy);
  const outer = count(control, r, RowGradRecord.outer);
  const inner = count(control, r, RowGradRecord.inner);
  if (op == Op.SoftmaxGrad) softmax.softmaxGrad(dx, y, dy, outer, inner);
  else softmax.logSoftmaxGrad(dx, y, dy, outer, inner);
  return Status.Ok;
}

export function executeLoss(op: i32, control: usize, r: usize): u32 {
  const y: usize = word(r, LossRecord.loss);
  const prediction: usize = word(r, LossRecord.prediction);
  const target: usize = word(r, LossRecord.target);
  const outer = count(control, r, LossRecord.outer);
  const inner = count(control, r, LossRecord.inner);
  switch (op) {
    case Op.SquaredError:
      loss.squaredError(y, prediction, target, outer, inner);
      break;
    case Op.CrossEntropy:
      loss.crossEntropy(y, prediction, target, outer, inner);
      break;
    case Op.CrossEntropyOneHot:
      loss.crossEntropyOneHot(y, prediction, target, outer, inner);
      break;
    case Op.BinaryCrossEntropy:
      loss.binaryCrossEntropy(y, prediction, target, outer, inner);
      break;
    default:
      return Status.UnknownOp;
  }
  return Status.Ok;
}

export function executeLossGrad(op: i32, control: usize, r: usize): u32 {
  const dx: usize = word(r, LossGradRecord.dprediction);
  const prediction: usize = word(r, LossGradRecord.prediction);
  const target: usize = word(r, LossGradRecord.target);
  const dloss: usize = word(r, LossGradRecord.dloss);
  const outer = count(control, r, LossGradRecord.outer);
  const inner = count(control, r, LossGradRecord.inner);
  switch (op) {
    case Op.SquaredErrorGrad:
      loss.squaredErrorGrad(dx, prediction, target, dloss, outer, inner);
      break;
    case Op.CrossEntropyGrad:
      loss.crossEntropyGrad(dx, prediction, target, dloss, outer, inner);
      break;
    case Op.CrossEntropyOneHotGrad:
      loss.crossEntropyOneHotGrad(dx, prediction, target, dloss, outer, inner);
      break;
    case Op.BinaryCrossEntropyGrad:
      loss.binaryCrossEntropyGrad(dx, prediction, target, dloss, outer, inner);
      break;
    default:
      return Status.UnknownOp;
  }
  return Status.Ok;
}
