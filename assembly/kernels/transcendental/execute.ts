/** Functions of single elements that are series of their own. */
import { Status } from "../../isa/control";
import { BinaryRecord, UnaryGradRecord, UnaryRecord } from "../../isa/elementwise";
import { TranscendentalOp } from "../../isa/transcendental";
import { count, real, word } from "../../record";
import * as activation from "./activation";
import { power } from "./power";
import * as transcendental from "./transcendental";

/** Decodes a record of the family and runs its kernel. */
export function execute(control: usize, r: usize, _thread: u32, _threads: u32): u32 {
  const op = load<i32>(r);
  if (op <= TranscendentalOp.Mish) return executeUnary(op, control, r);
  if (op <= TranscendentalOp.MishGrad) return executeUnaryGrad(op, control, r);
  return op == TranscendentalOp.Power ? executePower(control, r) : Status.UnknownOp;
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
