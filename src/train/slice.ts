import { Method, Status } from "../../assembly/isa/control.js";
import type { DataError, DivergedError } from "../check/errors.js";
import type { Machine, Pass, Run, Staged } from "../runtime/machine.js";
import { type Awaitable, isPromise, type RunReply } from "../runtime/port.js";
import { divergedError } from "./diverged.js";
import type { StepClock } from "./feed/slices.js";
import type { LearningRates } from "./rates.js";

export interface SliceInput {
  readonly staged: Staged;
  readonly pass: Pass;
  readonly batchRows: number;
  readonly clock: StepClock;
  readonly rates: LearningRates;
  /** Whether its step, which is one then, is observed. */
  readonly isObserved: boolean;
  /** Steps that it may take. */
  readonly most: number;
  /** Sums that are reported. */
  readonly scores: number;
  /** What is read when it is done. */
  readonly reads: Run["reads"];
}

/** What a slice of steps came to. */
export interface Slice {
  readonly reply: RunReply;
  /** Its first step, of those over the life of the model. */
  readonly step: number;
  readonly isObserved: boolean;
  /** Rows that were trained on. */
  readonly rows: number;
  /** What failed after the steps that were done. */
  readonly failure: DivergedError | DataError | undefined;
}

/** Runs the steps of a slice, as many as there are rates and rows for. */
export function runSlice(machine: Machine, input: SliceInput): Awaitable<Slice> {
  const { staged, pass, batchRows, clock, rates, isObserved, most, scores, reads } = input;
  const left = Math.ceil((staged.rows - pass.cursor) / batchRows);
  const { step } = machine;
  const next = rates.next(step, Math.min(left, isObserved ? 1 : most));
  const { cursor } = pass;
  const start = performance.now();
  const finish = (reply: RunReply): Slice => {
    const rows = pass.cursor - cursor;
    clock.add(next.length, rows, performance.now() - start);
    return { reply, step, isObserved, rows, failure: failureOf(machine, reply, rates) };
  };
  const run = { staged, pass, batchRows, steps: next.length, rates: next, scores, reads };
  const reply = machine.run(isObserved ? Method.Observe : Method.Train, run);
  return isPromise(reply) ? reply.then(finish) : finish(reply);
}

function failureOf(machine: Machine, reply: RunReply, rates: LearningRates): Slice["failure"] {
  if (reply.status === Status.Diverged) return divergedError(machine, reply, rates.at(reply.done));
  return reply.status === Status.IndexOutOfRange ? machine.indexError(Method.Train, reply) : undefined;
}
