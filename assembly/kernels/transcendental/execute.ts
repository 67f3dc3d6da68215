/** Functions of single elements that are series of their own, and what is made of softmax beside itself. */
import { Status } from "../../isa/control";
import { BinaryRecord, UnaryGradRecord, UnaryRecord } from "../../isa/elementwise";
import { ReduceRecord } from "../../isa/reduce";
import { RowGradRecord, TranscendentalOp } from "../../isa/transcendental";
import { count, real, word } from "../../record";
import * as activation from "./activation";
import * as exponential from "./exponential";
import { power } from "./power";
import * as softmax from "./softmax";
import * as transcendental from "./transcendental";

/** Decodes a record of the family and runs its kernel. */
export function execute(control: usize, r: usize, _thread: u32, _threads: u32): u32 {
  const op = load<i32>(r);
  if (op <= TranscendentalOp.Mish) return executeUnary(op, control, r);
  if (op <= TranscendentalOp.MishGrad) return executeUnaryGrad(op, control, r);
  switch (op) {
    case TranscendentalOp.Power:
      return executePower(control, r);
    case TranscendentalOp.Exp:
    case TranscendentalOp.Log:
      return executeUnary(op, control, r);
    case TranscendentalOp.LogSumExpInner:
    case TranscendentalOp.LogSoftmax:
      return executeRows(op, control, r);
    case TranscendentalOp.SoftmaxGrad:
    case TranscendentalOp.LogSoftmaxGrad:
      return executeRowGrad(op, control, r);
    default:
      return Status.UnknownOp;
  }
}

function executeUnary(op: i32, control: usize, r: usize): u32 {
  const y: usize = word(r, UnaryRecord.y);
  const x: usize = word(r, UnaryRecord.x);
  const n = count(control, r, UnaryRecord.count);
  switch (op) {
    case TranscendentalOp.Log1p:
      transcendental.log1p(y, x, n);
      break;
    case TranscendentalOp.Expm1:
      transcendental.expm1(y, x, n);
      break;
    case TranscendentalOp.Sin:
      transcendental.sin(y, x, n);
      break;
    case TranscendentalOp.Cos:
      transcendental.cos(y, x, n);
      break;
    case TranscendentalOp.Softplus:
      transcendental.softplus(y, x, n);
      break;
    case TranscendentalOp.Erf:
      transcendental.erf(y, x, n);
      break;
    case TranscendentalOp.Elu:
      transcendental.elu(y, x, n, real(r, UnaryRecord.alpha));
      break;
    case TranscendentalOp.Gelu:
      activation.gelu(y, x, n);
      break;
    case TranscendentalOp.GeluTanh:
      activation.geluTanh(y, x, n);
      break;
    case TranscendentalOp.Silu:
      activation.silu(y, x, n);
      break;
    case TranscendentalOp.Mish:
      activation.mish(y, x, n);
      break;
    case TranscendentalOp.Exp:
      exponential.exp(y, x, n);
      break;
    case TranscendentalOp.Log:
      exponential.log(y, x, n);
      break;
    default:
      return Status.UnknownOp;
  }
  return Status.Ok;
}

function executeUnaryGrad(op: i32, control: usize, r: usize): u32 {
  const dx: usize = word(r, UnaryGradRecord.dx);
  const x: usize = word(r, UnaryGradRecord.y);
  const dy: usize = word(r, UnaryGradRecord.dy);
  const n = count(control, r, UnaryGradRecord.count);
  switch (op) {
    case TranscendentalOp.GeluGrad:
      activation.geluGrad(dx, x, dy, n);
      break;
    case TranscendentalOp.GeluTanhGrad:
      activation.geluTanhGrad(dx, x, dy, n);
      break;
    case TranscendentalOp.SiluGrad:
      activation.siluGrad(dx, x, dy, n);
      break;
    case TranscendentalOp.MishGrad:
      activation.mishGrad(dx, x, dy, n);
      break;
    default:
      return Status.UnknownOp;
  }
  return Status.Ok;
}

function executePower(control: usize, r: usize): u32 {
  power(
    word(r, BinaryRecord.y),
    word(r, BinaryRecord.a),
    word(r, BinaryRecord.b),
    count(control, r, BinaryRecord.outer),
    count(control, r, BinaryRecord.inner),
    count(control, r, BinaryRecord.aOuter),
    word(r, BinaryRecord.aInner),
    count(control, r, BinaryRecord.bOuter),
    word(r, BinaryRecord.bInner),
  );
  return Status.Ok;
}

function executeRows(op: i32, control: usize, r: usize): u32 {
  const y: usize = word(r, ReduceRecord.y);
  const x: usize = word(r, ReduceRecord.x);
  const outer = count(control, r, ReduceRecord.outer);
  const inner = count(control, r, ReduceRecord.inner);
  if (op == TranscendentalOp.LogSoftmax) softmax.logSoftmax(y, x, outer, inner);
  else softmax.logSumExp(y, x, outer, inner);
  return Status.Ok;
}

function executeRowGrad(op: i32, control: usize, r: usize): u32 {
  const dx: usize = word(r, RowGradRecord.dx);
  const y: usize = word(r, RowGradRecord.y);
  const dy: usize = word(r, RowGradRecord.dy);
  const outer = count(control, r, RowGradRecord.outer);
  const inner = count(control, r, RowGradRecord.inner);
  if (op == TranscendentalOp.SoftmaxGrad) softmax.softmaxGrad(dx, y, dy, outer, inner);
  else softmax.logSoftmaxGrad(dx, y, dy, outer, inner);
  return Status.Ok;
}
