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
import { initialize } from "../model/initialize.js";
import { splitSeed } from "../numeric/random.js";
import { sgd } from "../optimizers/sgd.js";
import type { Modules } from "../runtime/engine.js";
import { LocalPort } from "../runtime/local.js";
import { Machine, type Staged, startPass } from "../runtime/machine.js";
import type { RunReply } from "../runtime/port.js";

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

export class Calculator {
  readonly machine: Machine;
  readonly #results: readonly Value[];
  readonly #order: readonly Value[];
  readonly #rows: number;

  /**
   * With all of the engine that the calculation needs.
   *
   * @throws OutOfMemoryError when the plan exceeds the limit, UnsupportedError where the engine cannot be loaded
   */
  static async open(modules: Modules, calculation: Calculation): Promise<Calculator> {
    const calculator = new Calculator(modules, calculation);
    await calculator.machine.link();
    const { initialized = [] } = calculation;
    if (initialized.length > 0) await initialize(calculator.machine, initialized);
    return calculator;
  }

  private constructor({ core, family }: Modules, calculation: Calculation) {
    const { who, parameters, rows, sourceColumns, seed, memoryLimit } = calculation;
    const { mend = "Use smaller shapes" } = calculation;
    this.#results = rewrite(calculation.results, rewrites());
    this.#order = schedule(this.#results);
    this.#rows = rows;
    const none = {
      inputs: 0,
      train: [],
      evaluate: [],
      gradients: new Map<Parameter, Value>(),
      averages: new Map<Parameter, Value>(),
      scores: NO_SCORES,
    };
    const graphs = { ...none, predict: this.#order, results: this.#results };
    const update = { update: sgd(), clipping: NO_CLIPPING, accumulates: false, weighted: false };
    const program = makeProgram(graphs, {
      ...update,
      parameters,
      since: () => undefined,
      treatmentOf: () => ({ decay: 0, rate: 1 }),
      rows,
      sourceColumns,
    });
    try {
      this.machine = new Machine(new LocalPort(core), () => program, {
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

  get instructions(): readonly Instruction[] {
    return this.machine.program.methods[Method.Predict] ?? [];
  }

  /** The numbers of a parameter, to write to: a view, valid until the memory grows. */
  parameter(one: Parameter): Float32Array {
    const place = this.machine.program.parameters.get(one) as Place;
    return this.machine.floats(place, elements(one.shape, this.#rows));
  }

  /** Computes the results, with the random numbers of that step. @throws DataError for an index out of range */
  run(step: number, staged: Staged = NO_SOURCES): void {
    this.machine.step = step;
    const run = { staged, pass: startPass(), batchRows: staged.rows, steps: 1 };
    const reply = this.machine.port.run(this.machine.request(Method.Predict, run)) as RunReply;
    if (reply.status !== Status.IndexOutOfRange) return;
    const error = this.machine.indexError(Method.Predict, reply);
    const stopped = this.#stoppedAt(reply);
    const where = stopped === undefined ? "" : ` It comes to ${stopped.op.name}${siteOf(stopped)}.`;
    throw new DataError(`${error.message}${where}`);
  }

  /** The value whose instruction a run stopped at. */
  #stoppedAt(reply: RunReply): Value | undefined {
    const { kind, operands } = this.machine.stoppedAt(Method.Predict, reply) ?? {};
    // No two values of one content share a place.
    const result = operands?.[kind?.result ?? ""];
    return result === undefined || !isPlace(result) ? undefined : this.#order[result.content];
  }

  /** A copy of the numbers of a result. @param rows of the run, where they are fewer than there is room for */
  result(which: number, rows = this.#rows): Float32Array {
    const place = this.machine.program.results[which] as Place;
    const { shape } = this.#results[which] as Value;
    return this.machine.floats(place, elements(shape, rows)).slice();
  }
}
