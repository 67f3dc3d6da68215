/** A graph without training steps, loaded and run: what compiled functions and gradient checks work with. */
import { Method, Status } from "../../assembly/isa/control.js";
import { DataError, OutOfMemoryError } from "../check/errors.js";
import { siteOf } from "../check/site.js";
import { NO_SCORES } from "../compile/graphs.js";
import { type Instruction, isPlace, type Place } from "../compile/instruction.js";
import { makeProgram } from "../compile/program.js";
import { rewrites } from "../graph/primitives/fuse.js";
import type { Parameter } from "../graph/primitives/step/source.js";
import { rewrite } from "../graph/rewrite.js";
import { schedule } from "../graph/schedule.js";
import { elements } from "../graph/shape.js";
import type { Value } from "../graph/value.js";
import { splitSeed } from "../numeric/random.js";
import { sgd } from "../optimizers/sgd.js";
import type { Modules } from "../runtime/engine.js";
import { LocalPort } from "../runtime/local.js";
import { Machine, type Staged, startPass } from "../runtime/machine.js";
import type { RunReply } from "../runtime/port.js";
import { initialize } from "./initialize.js";

export interface Calculation {
  /** What errors call it. */
  readonly who: string;
  /** Numbers that are written before a run. */
  readonly parameters: readonly Parameter[];
  /** Those of them that begin as layers say; all others as zeros. */
  readonly initialized?: readonly Parameter[];
  readonly results: readonly Value[];
  /** Rows of its sources. */
  readonly rows: number;
  /** Numbers in one row of each source. */
  readonly sourceColumns: readonly number[];
  readonly seed: number;
  readonly memoryLimit: number;
  /** What makes it smaller, in an error; default smaller shapes. */
  readonly mend?: string;
}

const NO_CLIPPING = { norm: 0, value: 0, parameterNorm: 0 };
const NO_SOURCES: Staged = { rows: 1, epochRows: 0, sources: [], order: 0 };

/** A calculation in a memory of its own. */
export interface Calculator {
  readonly machine: Machine;
  readonly instructions: readonly Instruction[];
  /** The numbers of a parameter, to write to: a view, valid until the memory grows. */
  parameter(one: Parameter): Float32Array;
  /** Computes the results, with the random numbers of that step. @throws DataError for an index out of range */
  run(step: number, staged?: Staged): void;
  /** A copy of the numbers of a result. @param rows of the run, where they are fewer than there is room for */
  result(which: number, rows?: number): Float32Array;
}

/**
 * With all of the engine that the calculation needs.
 *
 * @throws OutOfMemoryError when the plan exceeds the limit, UnsupportedError where the engine cannot be loaded
 */
export async function openCalculator(modules: Modules, calculation: Calculation): Promise<Calculator> {
  const results = rewrite(calculation.results, rewrites());
  const order = schedule(results);
  const machine = machineFor(modules, calculation, results, order);
  await machine.link();
  const { initialized = [], rows: room } = calculation;
  if (initialized.length > 0) await initialize(machine, initialized);
  return {
    machine,
    get instructions() {
      return machine.program.methods[Method.Predict] ?? [];
    },
    parameter(one) {
      const place = machine.program.parameters.get(one) as Place;
      return machine.floats(place, elements(one.shape, room));
    },
    run(step, staged = NO_SOURCES) {
      machine.step = step;
      const run = { staged, pass: startPass(), batchRows: staged.rows, steps: 1 };
      const reply = machine.port.run(machine.request(Method.Predict, run)) as RunReply;
      if (reply.status !== Status.IndexOutOfRange) return;
      const error = machine.indexError(Method.Predict, reply);
      const stopped = stoppedAt(machine, order, reply);
      const where = stopped === undefined ? "" : ` It comes to ${stopped.op.name}${siteOf(stopped)}.`;
      throw new DataError(`${error.message}${where}`);
    },
    result(which, rows = room) {
      const place = machine.program.results[which] as Place;
      const { shape } = results[which] as Value;
      return machine.floats(place, elements(shape, rows)).slice();
    },
  };
}

/** @throws OutOfMemoryError */
function machineFor(
  { core, family }: Modules,
  calculation: Calculation,
  results: readonly Value[],
  order: readonly Value[],
): Machine {
  const { who, parameters, rows, sourceColumns, seed, memoryLimit } = calculation;
  const { mend = "Use smaller shapes" } = calculation;
  const none = {
    inputs: 0,
    train: [],
    evaluate: [],
    gradients: new Map<Parameter, Value>(),
    averages: new Map<Parameter, Value>(),
    scores: NO_SCORES,
  };
  const update = { update: sgd(), clipping: NO_CLIPPING, accumulates: false, weighted: false };
  const program = makeProgram(
    { ...none, predict: order, results },
    {
      ...update,
      parameters,
      since: () => undefined,
      treatmentOf: () => ({ decay: 0, rate: 1 }),
      rows,
      sourceColumns,
    },
  );
  try {
    return new Machine(new LocalPort(core), () => program, {
      family,
      limitBytes: memoryLimit,
      seed: splitSeed(seed),
    });
  } catch (error) {
    if (!(error instanceof OutOfMemoryError)) throw error;
    const { requiredBytes, limitBytes } = error;
    throw new OutOfMemoryError(
      `${who}: needs ${requiredBytes} bytes; the limit is ${limitBytes}. ${mend}, or raise memoryLimit.`,
      requiredBytes,
      limitBytes,
    );
  }
}

/** The value whose instruction a run stopped at. */
function stoppedAt(machine: Machine, order: readonly Value[], reply: RunReply): Value | undefined {
  const { kind, operands } = machine.stoppedAt(Method.Predict, reply) ?? {};
  // No two values of one content share a place.
  const result = operands?.[kind?.result ?? ""];
  return result === undefined || !isPlace(result) ? undefined : order[result.content];
}
