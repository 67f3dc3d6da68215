/** The rarer updates of weights, and what is done to gradients before and to weights after. */
import { Control, Status } from "../../isa/control";
import {
  AdadeltaRecord,
  AdagradRecord,
  AdamaxRecord,
  ClipGradientRecord,
  ConstrainRecord,
  Constraint,
  LbfgsRecord,
  LionRecord,
  LookaheadRecord,
  MovingAverageRecord,
  NadamRecord,
  OptimizerOp,
  RadamRecord,
  RmspropRecord,
} from "../../isa/optimizer";
import { count, real, word } from "../../record";
import { adagrad } from "./adagrad";
import { rmsprop } from "./rmsprop";
import { adadelta } from "./adadelta";
import { adamax } from "./adamax";
import { nadam } from "./nadam";
import { radam } from "./radam";
import { lion } from "./lion";
import { lbfgs } from "./lbfgs";
import { clipElements, clipNorm } from "./clipGradient";
import { constrainNorm, constrainRange } from "./constrain";
import { lookahead } from "./lookahead";
import { movingAverage } from "./movingAverage";
import { stepsSince, updateRate } from "../update/stepOfGroup";

/** Decodes a record of the family and runs its kernel. */
export function execute(control: usize, r: usize, _thread: u32, _threads: u32): u32 {
  const op = load<i32>(r);
  switch (op) {
    case OptimizerOp.Adagrad:
      return executeAdagrad(control, r);
    case OptimizerOp.Rmsprop:
      return executeRmsprop(control, r);
    case OptimizerOp.Adadelta:
      return executeAdadelta(control, r);
    case OptimizerOp.Adamax:
      return executeAdamax(control, r);
    case OptimizerOp.Nadam:
      return executeNadam(control, r);
    case OptimizerOp.Radam:
      return executeRadam(control, r);
    case OptimizerOp.Lion:
      return executeLion(control, r);
    case OptimizerOp.Lbfgs:
      return executeLbfgs(control, r);
    case OptimizerOp.MovingAverage:
      return executeMovingAverage(control, r);
    case OptimizerOp.Lookahead:
      return executeLookahead(control, r);
    case OptimizerOp.ClipGradient:
      return executeClipGradient(control, r);
    case OptimizerOp.Constrain:
      return executeConstrain(control, r);
    default:
      return Status.UnknownOp;
  }
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

function executeMovingAverage(control: usize, r: usize): u32 {
  movingAverage(
    word(r, MovingAverageRecord.average),
    word(r, MovingAverageRecord.parameter),
    count(control, r, MovingAverageRecord.count),
    real(r, MovingAverageRecord.share),
    stepsSince(control, r, MovingAverageRecord.since),
  );
  return Status.Ok;
}

function executeLookahead(control: usize, r: usize): u32 {
  lookahead(
    word(r, LookaheadRecord.slow),
    word(r, LookaheadRecord.parameter),
    count(control, r, LookaheadRecord.count),
    real(r, LookaheadRecord.share),
    word(r, LookaheadRecord.period),
    stepsSince(control, r, LookaheadRecord.since),
    word(r, LookaheadRecord.isAfter),
  );
  return Status.Ok;
}

function executeClipGradient(control: usize, r: usize): u32 {
  const gradient: usize = word(r, ClipGradientRecord.gradient);
  const n = count(control, r, ClipGradientRecord.count);
  const limit = real(r, ClipGradientRecord.limit);
  if (word(r, ClipGradientRecord.byNorm)) clipNorm(gradient, n, limit, load<u32>(control, Control.scratch));
  else clipElements(gradient, n, limit);
  return Status.Ok;
}

function executeConstrain(control: usize, r: usize): u32 {
  const parameter: usize = word(r, ConstrainRecord.parameter);
  const outer = count(control, r, ConstrainRecord.outer);
  const inner = count(control, r, ConstrainRecord.inner);
  const low = real(r, ConstrainRecord.low);
  const high = real(r, ConstrainRecord.high);
  const scratch: usize = load<u32>(control, Control.scratch);
  if (word(r, ConstrainRecord.kind) == Constraint.Norm)
    constrainNorm(parameter, outer, inner, low, high, scratch);
  else constrainRange(parameter, outer * inner, low, high);
  return Status.Ok;
}
