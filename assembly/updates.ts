/** Decodes the records of the optimizers: the instructions that change weights. */
import {
  AdadeltaRecord,
  AdagradRecord,
  AdamRecord,
  AdamaxRecord,
  Control,
  LbfgsRecord,
  LionRecord,
  NadamRecord,
  Op,
  RadamRecord,
  RmspropRecord,
  SgdRecord,
  Status,
} from "./isa";
import { adadelta } from "./kernels/optimizer/adadelta";
import { adagrad } from "./kernels/optimizer/adagrad";
import { adam } from "./kernels/update/adam";
import { adamax } from "./kernels/optimizer/adamax";
import { lbfgs } from "./kernels/optimizer/lbfgs";
import { lion } from "./kernels/optimizer/lion";
import { nadam } from "./kernels/optimizer/nadam";
import { radam } from "./kernels/optimizer/radam";
import { rmsprop } from "./kernels/optimizer/rmsprop";
import { sgd } from "./kernels/update/sgd";
import { count, real, word } from "./record";

/** The learning rate of the step, times the factor of the group that the record updates. */
function updateRate(control: usize, r: usize, field: i32): f32 {
  return <f32>(<f64>load<f32>(control, Control.learningRate) * <f64>real(r, field));
}

/** Steps that the group was trained for before this one. */
function stepsSince(control: usize, r: usize, field: i32): u32 {
  return load<u32>(control, Control.step) - word(r, field);
}

export function executeUpdate(op: i32, control: usize, r: usize): u32 {
  switch (op) {
    case Op.Sgd:
      return executeSgd(control, r);
    case Op.Adam:
      return executeAdam(control, r);
    case Op.Adagrad:
      return executeAdagrad(control, r);
    case Op.Rmsprop:
      return executeRmsprop(control, r);
    case Op.Adadelta:
      return executeAdadelta(control, r);
    case Op.Adamax:
      return executeAdamax(control, r);
    case Op.Nadam:
      return executeNadam(control, r);
    case Op.Radam:
      return executeRadam(control, r);
    case Op.Lion:
      return executeLion(control, r);
    case Op.Lbfgs:
      return executeLbfgs(control, r);
    default:
      return Status.UnknownOp;
  }
}

function executeSgd(control: usize, r: usize): u32 {
  sgd(
    word(r, SgdRecord.parameter),
    word(r, SgdRecord.velocity),
    word(r, SgdRecord.gradient),
    count(control, r, SgdRecord.count),
    updateRate(control, r, SgdRecord.rate),
    load<f32>(control, Control.gradientScale),
    real(r, SgdRecord.momentum),
    word(r, SgdRecord.nesterov),
    real(r, SgdRecord.decay),
  );
  return Status.Ok;
}

function executeAdam(control: usize, r: usize): u32 {
  adam(
    word(r, AdamRecord.parameter),
    word(r, AdamRecord.mean),
    word(r, AdamRecord.variance),
    word(r, AdamRecord.largest),
    word(r, AdamRecord.gradient),
    count(control, r, AdamRecord.count),
    updateRate(control, r, AdamRecord.rate),
    load<f32>(control, Control.gradientScale),
    real(r, AdamRecord.beta1),
    real(r, AdamRecord.beta2),
    real(r, AdamRecord.epsilon),
    real(r, AdamRecord.decay),
    word(r, AdamRecord.decoupled),
    stepsSince(control, r, AdamRecord.since),
  );
  return Status.Ok;
}

function executeAdagrad(control: usize, r: usize): u32 {
  adagrad(
    word(r, AdagradRecord.parameter),
    word(r, AdagradRecord.sum),
    word(r, AdagradRecord.gradient),
    count(control, r, AdagradRecord.count),
    updateRate(control, r, AdagradRecord.rate),
    load<f32>(control, Control.gradientScale),
    real(r, AdagradRecord.epsilon),
    real(r, AdagradRecord.rateDecay),
    real(r, AdagradRecord.initial),
    real(r, AdagradRecord.decay),
    stepsSince(control, r, AdagradRecord.since),
  );
  return Status.Ok;
}

function executeRmsprop(control: usize, r: usize): u32 {
  rmsprop(
    word(r, RmspropRecord.parameter),
    word(r, RmspropRecord.square),
    word(r, RmspropRecord.mean),
    word(r, RmspropRecord.velocity),
    word(r, RmspropRecord.gradient),
    count(control, r, RmspropRecord.count),
    updateRate(control, r, RmspropRecord.rate),
    load<f32>(control, Control.gradientScale),
    real(r, RmspropRecord.share),
    real(r, RmspropRecord.epsilon),
    real(r, RmspropRecord.momentum),
    real(r, RmspropRecord.decay),
  );
  return Status.Ok;
}

function executeAdadelta(control: usize, r: usize): u32 {
  adadelta(
    word(r, AdadeltaRecord.parameter),
    word(r, AdadeltaRecord.square),
    word(r, AdadeltaRecord.change),
    word(r, AdadeltaRecord.gradient),
    count(control, r, AdadeltaRecord.count),
    updateRate(control, r, AdadeltaRecord.rate),
    load<f32>(control, Control.gradientScale),
    real(r, AdadeltaRecord.share),
    real(r, AdadeltaRecord.epsilon),
    real(r, AdadeltaRecord.decay),
  );
  return Status.Ok;
}

function executeAdamax(control: usize, r: usize): u32 {
  adamax(
    word(r, AdamaxRecord.parameter),
    word(r, AdamaxRecord.mean),
    word(r, AdamaxRecord.largest),
    word(r, AdamaxRecord.gradient),
    count(control, r, AdamaxRecord.count),
    updateRate(control, r, AdamaxRecord.rate),
    load<f32>(control, Control.gradientScale),
    real(r, AdamaxRecord.beta1),
    real(r, AdamaxRecord.beta2),
    real(r, AdamaxRecord.epsilon),
    real(r, AdamaxRecord.decay),
    stepsSince(control, r, AdamaxRecord.since),
  );
  return Status.Ok;
}

function executeNadam(control: usize, r: usize): u32 {
  nadam(
    word(r, NadamRecord.parameter),
    word(r, NadamRecord.mean),
    word(r, NadamRecord.variance),
    word(r, NadamRecord.gradient),
    count(control, r, NadamRecord.count),
    updateRate(control, r, NadamRecord.rate),
    load<f32>(control, Control.gradientScale),
    real(r, NadamRecord.beta1),
    real(r, NadamRecord.beta2),
    real(r, NadamRecord.epsilon),
    <f64>real(r, NadamRecord.momentumBase) + <f64>real(r, NadamRecord.momentumRest),
    real(r, NadamRecord.decay),
    word(r, NadamRecord.decoupled),
    stepsSince(control, r, NadamRecord.since),
  );
  return Status.Ok;
}

function executeRadam(control: usize, r: usize): u32 {
  radam(
    word(r, RadamRecord.parameter),
    word(r, RadamRecord.mean),
    word(r, RadamRecord.variance),
    word(r, RadamRecord.gradient),
    count(control, r, RadamRecord.count),
    updateRate(control, r, RadamRecord.rate),
    load<f32>(control, Control.gradientScale),
    real(r, RadamRecord.beta1),
    <f64>real(r, RadamRecord.beta2) + <f64>real(r, RadamRecord.beta2Rest),
    real(r, RadamRecord.epsilon),
    real(r, RadamRecord.decay),
    word(r, RadamRecord.decoupled),
    stepsSince(control, r, RadamRecord.since),
  );
  return Status.Ok;
}

function executeLion(control: usize, r: usize): u32 {
  lion(
    word(r, LionRecord.parameter),
    word(r, LionRecord.mean),
    word(r, LionRecord.gradient),
    count(control, r, LionRecord.count),
    updateRate(control, r, LionRecord.rate),
    load<f32>(control, Control.gradientScale),
    real(r, LionRecord.beta1),
    real(r, LionRecord.beta2),
    real(r, LionRecord.decay),
  );
  return Status.Ok;
}

function executeLbfgs(control: usize, r: usize): u32 {
  const isWithin = lbfgs(
    word(r, LbfgsRecord.parameter),
    word(r, LbfgsRecord.direction),
    word(r, LbfgsRecord.previous),
    word(r, LbfgsRecord.steps),
    word(r, LbfgsRecord.changes),
    word(r, LbfgsRecord.gradient),
    count(control, r, LbfgsRecord.count),
    updateRate(control, r, LbfgsRecord.rate),
    load<f32>(control, Control.gradientScale),
    word(r, LbfgsRecord.history),
    real(r, LbfgsRecord.decay),
    stepsSince(control, r, LbfgsRecord.since),
    load<u32>(control, Control.scratch),
  );
  return isWithin ? Status.Ok : Status.Diverged;
}
