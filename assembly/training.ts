/** Decodes the records around an update: checks, clipping, averages, constraints, measurements, first values. */
import {
  CheckFiniteRecord,
  ClipGradientRecord,
  ConstrainRecord,
  Constraint,
  Control,
  LookaheadRecord,
  MeasureRecord,
  MovingAverageRecord,
  NormalRecord,
  Op,
  RunningAverageRecord,
  StatisticsRecord,
  Status,
} from "./isa";
import { clipElements, clipNorm } from "./kernels/optimizer/clipGradient";
import { constrainNorm, constrainRange } from "./kernels/optimizer/constrain";
import { gradientNorm } from "./kernels/step/gradientNorm";
import { lookahead, lookaheadStart } from "./kernels/optimizer/lookahead";
import { measure } from "./kernels/step/measure";
import { movingAverage } from "./kernels/optimizer/movingAverage";
import { normal } from "./kernels/random/normal";
import { runningAverage } from "./kernels/normalize/runningAverage";
import { count, real, word } from "./record";

export function executeTraining(op: i32, control: usize, r: usize): u32 {
  switch (op) {
    case Op.Normal:
      return executeNormal(control, r);
    case Op.ClipGradient:
      return executeClipGradient(control, r);
    case Op.CheckFinite: {
      const n = count(control, r, CheckFiniteRecord.count);
      const norm = gradientNorm(word(r, CheckFiniteRecord.x), n, load<u32>(control, Control.scratch));
      return isFinite(norm) ? Status.Ok : Status.Diverged;
    }
    case Op.RunningAverage:
      return executeRunningAverage(control, r);
    case Op.MovingAverage:
      return executeMovingAverage(control, r);
    case Op.Lookahead:
      return executeLookahead(control, r);
    case Op.Constrain:
      return executeConstrain(control, r);
    case Op.Measure:
      return executeMeasure(control, r);
    default:
      return Status.UnknownOp;
  }
}

function executeNormal(control: usize, r: usize): u32 {
  normal(
    word(r, NormalRecord.y),
    count(control, r, NormalRecord.count),
    real(r, NormalRecord.mean),
    real(r, NormalRecord.deviation),
    real(r, NormalRecord.limit),
    load<u32>(control, Control.seedLow),
    load<u32>(control, Control.seedHigh),
    word(r, NormalRecord.node),
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

function executeRunningAverage(control: usize, r: usize): u32 {
  runningAverage(
    word(r, RunningAverageRecord.average),
    word(r, RunningAverageRecord.value),
    count(control, r, RunningAverageRecord.count),
    real(r, RunningAverageRecord.share),
  );
  return Status.Ok;
}

function executeMovingAverage(control: usize, r: usize): u32 {
  movingAverage(
    word(r, MovingAverageRecord.average),
    word(r, MovingAverageRecord.parameter),
    count(control, r, MovingAverageRecord.count),
    real(r, MovingAverageRecord.share),
    load<u32>(control, Control.step) - word(r, MovingAverageRecord.since),
  );
  return Status.Ok;
}

/**
 * Where a period begins, the slow weights are the fast ones, which follow them at its end: unless a constraint, or the
 * user, moved the weights in between, they already are.
 */
function executeLookahead(control: usize, r: usize): u32 {
  const slow: usize = word(r, LookaheadRecord.slow);
  const parameter: usize = word(r, LookaheadRecord.parameter);
  const n = count(control, r, LookaheadRecord.count);
  const step = load<u32>(control, Control.step) - word(r, LookaheadRecord.since);
  if (!word(r, LookaheadRecord.isAfter)) {
    if (step % word(r, LookaheadRecord.period) == 0) lookaheadStart(slow, parameter, n);
  } else if ((step + 1) % word(r, LookaheadRecord.period) == 0) {
    lookahead(slow, parameter, n, real(r, LookaheadRecord.share));
  }
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

function executeMeasure(control: usize, r: usize): u32 {
  measure(
    <usize>load<u32>(control, Control.statistics) + word(r, MeasureRecord.slot) * StatisticsRecord.bytes,
    word(r, MeasureRecord.x),
    count(control, r, MeasureRecord.outer),
    count(control, r, MeasureRecord.inner),
    real(r, MeasureRecord.low),
    real(r, MeasureRecord.high),
    load<u32>(control, Control.scratch),
  );
  return Status.Ok;
}
