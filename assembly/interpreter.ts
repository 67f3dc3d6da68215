/** Fetch, switch, next: runs the program that the host put into linear memory. */
import { executeBlock } from "./blocks";
import {
  executeBinary,
  executeLoss,
  executeLossGrad,
  executeReduce,
  executeReduceOuter,
  executeRowGrad,
  executeUnary,
  executeUnaryGrad,
} from "./families";
import {
  BroadcastRecord,
  Control,
  DropoutRecord,
  EpochRecord,
  FillRecord,
  GatherRecord,
  GradientNormRecord,
  MatmulRecord,
  Method,
  Op,
  ReportRecord,
  SourceRecord,
  Status,
  StepRecord,
  UniformRecord,
} from "./isa";
import { broadcast } from "./kernels/reduce/broadcast";
import { dropout } from "./kernels/random/dropout";
import { fill } from "./kernels/elementwise/fill";
import { gather } from "./kernels/step/gather";
import { gradientNorm } from "./kernels/step/gradientNorm";
import { matmul } from "./kernels/matmul/matmul";
import { uniform } from "./kernels/random/uniform";
import { blocksBefore, count, real, word } from "./record";
import { executeTensor } from "./tensors";
import { executeTraining } from "./training";
import { executeUpdate } from "./updates";

/**
 * Runs up to `steps` steps of a method over the staged rows, and fewer when the rows end.
 *
 * @returns Status; Control.done is the number of steps that were finished
 */
export function run(control: usize, method: u32, steps: u32): u32 {
  const program: usize = load<u32>(control + (<usize>method << 2), Control.methods);
  const staged = load<u32>(control, Control.stagedRows);
  const batch = load<u32>(control, Control.batchRows);
  let log: usize = load<u32>(control, Control.log);
  const epochRows = load<u32>(control, Control.epochRows);
  store<u32>(control, 0, Control.done);
  store<u32>(control, 0, Control.epochsDone);
  for (let done: u32 = 0; done < steps; log += StepRecord.bytes) {
    const cursor = load<u32>(control, Control.cursor);
    if (cursor >= staged) break;
    const epochLeft = epochRows ? epochRows - (cursor % epochRows) : staged - cursor;
    const rows = min(batch, epochLeft);
    store<f32>(control, load<f32>(log, StepRecord.learningRate), Control.learningRate);
    const status = runStep(control, program, cursor, rows);
    if (status != Status.Ok) return status;
    store<u32>(log, rows, StepRecord.rows);
    store<f64>(log, load<f64>(control, Control.loss), StepRecord.loss);
    store<f64>(log, load<f64>(control, Control.gradientNorm), StepRecord.gradientNorm);
    store<f64>(control, load<f64>(control, Control.rowsSeen) + <f64>rows, Control.rowsSeen);
    store<u32>(control, cursor + rows, Control.cursor);
    if (method == Method.Train || method == Method.Observe) {
      store<u32>(control, load<u32>(control, Control.step) + 1, Control.step);
    }
    store<u32>(control, ++done, Control.done);
    if (epochRows && rows == epochLeft) finishEpoch(control);
  }
  return Status.Ok;
}

/**
 * One step over `rows` rows, in micro-batches of Control.microRows when that is not 0: each adds its gradient to
 * those before it, and only the last goes on to the update.
 */
function runStep(control: usize, program: usize, cursor: u32, rows: u32): u32 {
  const micro = load<u32>(control, Control.microRows);
  const base = load<u32>(control, Control.rowsBase);
  store<u32>(control, rows, Control.stepRows);
  for (let before: u32 = 0; before < rows;) {
    const part = micro ? min(micro, rows - before) : rows;
    store<u32>(control, part, Control.rows);
    store<u32>(control, base + before, Control.rowsBefore);
    store<u32>(control, cursor + before, Control.cursor);
    before += part;
    for (let record = program; load<u32>(record) != Op.End; record += <usize>load<u32>(record, 4) << 2) {
      const status = execute(control, record);
      if (status != Status.Ok) {
        store<u32>(control, record, Control.stoppedAt);
        return status;
      }
      if (before < rows && load<u32>(record) == Op.Accumulate && nextOp(record) != Op.Accumulate) break;
    }
  }
  store<u32>(control, cursor, Control.cursor);
  return Status.Ok;
}

/** The opcode of the record behind this one. */
@inline
function nextOp(record: usize): i32 {
  return load<i32>(record + (<usize>load<u32>(record, 4) << 2));
}

/** Moves the sums of an epoch to the epoch log and clears them for the next. */
function finishEpoch(control: usize): void {
  const done = load<u32>(control, Control.epochsDone);
  const entry: usize = load<u32>(control, Control.epochLog) + done * EpochRecord.bytes;
  memory.copy(entry, control + Control.rowsSeen, EpochRecord.bytes);
  memory.fill(control + Control.rowsSeen, 0, EpochRecord.bytes);
  store<u32>(control, done + 1, Control.epochsDone);
}

/** Executes one record: the body of `run`, and the door by which the host traces a program. */
export function execute(control: usize, r: usize): u32 {
  const op = load<i32>(r);
  switch (op) {
    case Op.Gather:
      return executeGather(control, r);
    case Op.Matmul:
      return executeMatmul(control, r);
    case Op.Fill:
      fill(word(r, FillRecord.y), count(control, r, FillRecord.count), real(r, FillRecord.value));
      return Status.Ok;
    case Op.Broadcast:
      return executeBroadcast(control, r);
    case Op.Dropout:
      return executeDropout(control, r);
    case Op.Report:
      return executeReport(control, r);
    case Op.GradientNorm:
      return executeGradientNorm(control, r);
    case Op.Uniform:
      return executeUniform(control, r);
  }
  // The families lie in one run of opcodes each; isa.ts keeps them in this order.
  if (op <= Op.Clip) return executeUnary(op, control, r);
  if (op <= Op.TanhGrad) return executeUnaryGrad(op, control, r);
  if (op <= Op.Power) return executeBinary(op, control, r);
  if (op <= Op.LogSoftmax) return executeReduce(op, control, r);
  if (op <= Op.MinOuter) return executeReduceOuter(op, control, r);
  if (op <= Op.LogSoftmaxGrad) return executeRowGrad(op, control, r);
  if (op <= Op.BinaryCrossEntropy) return executeLoss(op, control, r);
  if (op <= Op.BinaryCrossEntropyGrad) return executeLossGrad(op, control, r);
  if (op == Op.Sgd || op == Op.Adam || (op >= Op.Adagrad && op <= Op.Lbfgs))
    return executeUpdate(op, control, r);
  if (op >= Op.Gelu && op <= Op.CtcGrad) return executeBlock(op, control, r);
  if (op >= Op.Normal) return executeTraining(op, control, r);
  return executeTensor(op, control, r);
}

function executeGather(control: usize, r: usize): u32 {
  const entry: usize =
    load<u32>(control, Control.sources) + word(r, GatherRecord.source) * SourceRecord.bytes;
  gather(
    word(r, GatherRecord.y),
    load<u32>(entry, SourceRecord.address),
    load<u32>(entry, SourceRecord.kind),
    load<u32>(control, Control.order),
    load<u32>(control, Control.cursor),
    load<u32>(control, Control.rows),
    count(control, r, GatherRecord.inner),
    real(r, GatherRecord.scale),
    real(r, GatherRecord.offset),
  );
  return Status.Ok;
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

function executeBroadcast(control: usize, r: usize): u32 {
  broadcast(
    word(r, BroadcastRecord.y),
    word(r, BroadcastRecord.x),
    count(control, r, BroadcastRecord.outer),
    count(control, r, BroadcastRecord.inner),
    count(control, r, BroadcastRecord.xOuter),
    word(r, BroadcastRecord.xInner),
    count(control, r, BroadcastRecord.divisor),
  );
  return Status.Ok;
}

function executeDropout(control: usize, r: usize): u32 {
  const encoded = word(r, DropoutRecord.count);
  dropout(
    word(r, DropoutRecord.y),
    word(r, DropoutRecord.x),
    count(control, r, DropoutRecord.count),
    real(r, DropoutRecord.rate),
    blocksBefore(control, encoded),
    load<u32>(control, Control.seedLow),
    load<u32>(control, Control.seedHigh),
    load<u32>(control, Control.step),
    word(r, DropoutRecord.node),
  );
  return Status.Ok;
}

function executeUniform(control: usize, r: usize): u32 {
  uniform(
    word(r, UniformRecord.y),
    count(control, r, UniformRecord.count),
    real(r, UniformRecord.low),
    real(r, UniformRecord.high),
    load<u32>(control, Control.seedLow),
    load<u32>(control, Control.seedHigh),
    word(r, UniformRecord.node),
  );
  return Status.Ok;
}

function executeReport(control: usize, r: usize): u32 {
  const value = <f64>load<f32>(word(r, ReportRecord.value));
  const slot = word(r, ReportRecord.slot);
  const weighted = word(r, ReportRecord.weighted);
  if (slot == 0) {
    // A step of one part has a share of 1, so the loss is the value to the bit.
    const share = weighted
      ? <f64>load<u32>(control, Control.rows) / <f64>load<u32>(control, Control.stepRows)
      : 1;
    const before = load<u32>(control, Control.rowsBefore) ? load<f64>(control, Control.loss) : 0;
    store<f64>(control, before + value * share, Control.loss);
  }
  const sum = control + (<usize>slot << 3);
  const weight: f64 = weighted ? load<u32>(control, Control.rows) : 1;
  store<f64>(
    sum,
    load<f64>(sum, Control.sums) + (value * weight) / <f64>word(r, ReportRecord.divisor),
    Control.sums,
  );
  return Status.Ok;
}

/** A gradient whose square, or an update that, after a few steps more, would leave the range of f32. */
const LARGEST_GRADIENT: f64 = 1e19;
const LARGEST_UPDATE: f64 = 1e30;

/**
 * Stops the step before its update unless the loss is finite, the clipped gradient within bounds, and so the update:
 * ‖update‖ ≤ learningRate · (amplification · ‖gradient‖ + constant + decay · ‖parameter‖).
 */
function executeGradientNorm(control: usize, r: usize): u32 {
  const n = count(control, r, GradientNormRecord.count);
  const scratch: usize = load<u32>(control, Control.scratch);
  const norm = gradientNorm(word(r, GradientNormRecord.gradient), n, scratch);
  const maximum = <f64>real(r, GradientNormRecord.maximum);
  const scale = maximum > 0 && norm > maximum ? <f32>(maximum / norm) : <f32>1;
  store<f64>(control, norm, Control.gradientNorm);
  store<f32>(control, scale, Control.gradientScale);
  const bound = <f64>real(r, GradientNormRecord.bound);
  const kept = norm * <f64>scale;
  const clipped = bound > 0 && kept > bound ? bound : kept;
  const decay = <f64>real(r, GradientNormRecord.decay);
  const decayed = decay > 0 ? decay * gradientNorm(word(r, GradientNormRecord.parameter), n, scratch) : 0;
  const amplified = <f64>real(r, GradientNormRecord.amplification) * clipped;
  const update =
    <f64>load<f32>(control, Control.learningRate) *
    (amplified + <f64>real(r, GradientNormRecord.constant) + decayed);
  // What is infinite has no direction that clipping could keep.
  const isWithin = isFinite(norm) && clipped <= LARGEST_GRADIENT && update <= LARGEST_UPDATE;
  return isWithin && isFinite(load<f64>(control, Control.loss)) ? Status.Ok : Status.Diverged;
}
