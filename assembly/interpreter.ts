/** Fetch, switch by family, next: runs the program that the host put into linear memory. */
import { Control, EpochRecord, Method, Status, StepRecord } from "./isa/control";
import { END, Family, TABLE_SLOTS } from "./isa/op";
import { StepOp } from "./isa/step";
import { execute as executeElementwise } from "./kernels/elementwise/execute";
import { execute as executeLoss } from "./kernels/loss/execute";
import { execute as executeMatmul } from "./kernels/matmul/execute";
import { execute as executeRandom } from "./kernels/random/execute";
import { execute as executeReduce } from "./kernels/reduce/execute";
import { execute as executeOfStep } from "./kernels/step/execute";
import { execute as executeUpdate } from "./kernels/update/execute";

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
    for (let record = program; load<u32>(record) != END; record += <usize>load<u32>(record, 4) << 2) {
      const status = execute(control, record, 0, 1);
      if (status != Status.Ok) {
        store<u32>(control, record, Control.stoppedAt);
        return status;
      }
      if (before < rows && load<u32>(record) == StepOp.Accumulate && nextOp(record) != StepOp.Accumulate)
        break;
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

/**
 * Executes one record: the body of `run`, and the door by which the host traces a program. Families beyond the core's
 * are modules of their own, which the host put into the slots of their numbers.
 *
 * @param thread  which of `threads` takes its slice of the instruction, counted from 0
 */
export function execute(control: usize, r: usize, thread: u32, threads: u32): u32 {
  const family = load<u32>(r) >>> 8;
  switch (family) {
    case Family.Step:
      return executeOfStep(control, r, thread, threads);
    case Family.Elementwise:
      return executeElementwise(control, r, thread, threads);
    case Family.Reduce:
      return executeReduce(control, r, thread, threads);
    case Family.Matmul:
      return executeMatmul(control, r, thread, threads);
    case Family.Loss:
      return executeLoss(control, r, thread, threads);
    case Family.Random:
      return executeRandom(control, r, thread, threads);
    case Family.Update:
      return executeUpdate(control, r, thread, threads);
    default:
      if (family >= <u32>TABLE_SLOTS) return Status.UnknownOp;
      return call_indirect<u32>(family, control, r, thread, threads);
  }
}
