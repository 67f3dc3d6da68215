/** Decodes the records of ops that are built of others elsewhere: activations, normalization, sequences. */
import {
  Control,
  CtcGradRecord,
  CtcLossRecord,
  CtcRecord,
  NormalizeInnerGradRecord,
  NormalizeInnerRecord,
  NormalizeOuterGradRecord,
  NormalizeOuterRecord,
  Op,
  Status,
  UnaryGradRecord,
  UnaryRecord,
} from "./isa";
import * as activation from "./kernels/transcendental/activation";
import { ctcAlpha, ctcGrad, ctcLoss } from "./kernels/sequence/ctc";
import { normalizeInner, normalizeInnerGrad } from "./kernels/normalize/normalizeInner";
import { normalizeOuter } from "./kernels/normalize/normalizeOuter";
import { normalizeOuterGrad } from "./kernels/normalize/normalizeOuterGrad";
import { count, real, word } from "./record";

export function executeBlock(op: i32, control: usize, r: usize): u32 {
  if (op <= Op.Mish) return executeActivation(op, control, r);
  if (op <= Op.MishGrad) return executeActivationGrad(op, control, r);
  switch (op) {
    case Op.NormalizeInner:
      normalizeInner(
        word(r, NormalizeInnerRecord.y),
        word(r, NormalizeInnerRecord.x),
        count(control, r, NormalizeInnerRecord.outer),
        count(control, r, NormalizeInnerRecord.inner),
        real(r, NormalizeInnerRecord.epsilon),
        word(r, NormalizeInnerRecord.centered),
        load<u32>(control, Control.scratch),
      );
      return Status.Ok;
    case Op.NormalizeInnerGrad:
      normalizeInnerGrad(
        word(r, NormalizeInnerGradRecord.dx),
        word(r, NormalizeInnerGradRecord.x),
        word(r, NormalizeInnerGradRecord.dy),
        count(control, r, NormalizeInnerGradRecord.outer),
        count(control, r, NormalizeInnerGradRecord.inner),
        real(r, NormalizeInnerGradRecord.epsilon),
        word(r, NormalizeInnerGradRecord.centered),
        load<u32>(control, Control.scratch),
      );
      return Status.Ok;
    case Op.NormalizeOuter:
      normalizeOuter(
        word(r, NormalizeOuterRecord.y),
        word(r, NormalizeOuterRecord.x),
        count(control, r, NormalizeOuterRecord.batch),
        count(control, r, NormalizeOuterRecord.outer),
        count(control, r, NormalizeOuterRecord.inner),
        real(r, NormalizeOuterRecord.epsilon),
        load<u32>(control, Control.scratch),
      );
      return Status.Ok;
    case Op.NormalizeOuterGrad:
      normalizeOuterGrad(
        word(r, NormalizeOuterGradRecord.dx),
        word(r, NormalizeOuterGradRecord.x),
        word(r, NormalizeOuterGradRecord.dy),
        count(control, r, NormalizeOuterGradRecord.batch),
        count(control, r, NormalizeOuterGradRecord.outer),
        count(control, r, NormalizeOuterGradRecord.inner),
        real(r, NormalizeOuterGradRecord.epsilon),
        load<u32>(control, Control.scratch),
      );
      return Status.Ok;
    default:
      return executeCtc(op, control, r);
  }
}

function executeActivation(op: i32, control: usize, r: usize): u32 {
  const y: usize = word(r, UnaryRecord.y);
  const x: usize = word(r, UnaryRecord.x);
  const n = count(control, r, UnaryRecord.count);
  if (op == Op.Gelu) activation.gelu(y, x, n);
  else if (op == Op.GeluTanh) activation.geluTanh(y, x, n);
  else if (op == Op.Silu) activation.silu(y, x, n);
  else activation.mish(y, x, n);
  return Status.Ok;
}

function executeActivationGrad(op: i32, control: usize, r: usize): u32 {
  const dx: usize = word(r, UnaryGradRecord.dx);
  const x: usize = word(r, UnaryGradRecord.y);
  const dy: usize = word(r, UnaryGradRecord.dy);
  const n = count(control, r, UnaryGradRecord.count);
  if (op == Op.GeluGrad) activation.geluGrad(dx, x, dy, n);
  else if (op == Op.GeluTanhGrad) activation.geluTanhGrad(dx, x, dy, n);
  else if (op == Op.SiluGrad) activation.siluGrad(dx, x, dy, n);
  else activation.mishGrad(dx, x, dy, n);
  return Status.Ok;
}

function executeCtc(op: i32, control: usize, r: usize): u32 {
  if (op == Op.CtcAlpha) {
    ctcAlpha(
      word(r, CtcRecord.alpha),
      word(r, CtcRecord.x),
      word(r, CtcRecord.target),
      count(control, r, CtcRecord.rows),
      word(r, CtcRecord.time),
      word(r, CtcRecord.classes),
      word(r, CtcRecord.labels),
      word(r, CtcRecord.blank),
    );
  } else if (op == Op.CtcLoss) {
    ctcLoss(
      word(r, CtcLossRecord.loss),
      word(r, CtcLossRecord.alpha),
      word(r, CtcLossRecord.target),
      count(control, r, CtcLossRecord.rows),
      word(r, CtcLossRecord.time),
      word(r, CtcLossRecord.labels),
    );
  } else if (op == Op.CtcGrad) {
    ctcGrad(
      word(r, CtcGradRecord.dx),
      word(r, CtcGradRecord.x),
      word(r, CtcGradRecord.alpha),
      word(r, CtcGradRecord.target),
      word(r, CtcGradRecord.dloss),
      count(control, r, CtcGradRecord.rows),
      word(r, CtcGradRecord.time),
      word(r, CtcGradRecord.classes),
      word(r, CtcGradRecord.labels),
      word(r, CtcGradRecord.blank),
    );
  } else return Status.UnknownOp;
  return Status.Ok;
}
