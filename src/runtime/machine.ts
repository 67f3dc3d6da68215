import {
  Control,
  EpochRecord,
  Method,
  type SourceKind,
  SourceRecord,
  Status,
  StepRecord,
  SUM_SLOTS,
} from "../../assembly/isa.js";
import { encode } from "../compile/encode.js";
import { align, type Place } from "../compile/instruction.js";
import type { Program } from "../compile/program.js";
import { DataError, OutOfMemoryError } from "../errors.js";
import { Engine } from "./engine.js";
import { type Layout, layOut } from "./layout.js";

/** Rows that lie in linear memory, ready to be gathered. */
export interface Staged {
  readonly rows: number;
  /** The row to begin at; default the first. */
  readonly cursor?: number;
  /** Rows of the pass that were staged before. */
  readonly rowsBefore?: number;
  /** Rows of one epoch when several are staged, one after the other; 0 when the host ends epochs. */
  readonly epochRows: number;
  /** Address and kind of each source, by slot. */
  readonly sources: readonly { readonly address: number; readonly kind: SourceKind }[];
  /** Address of the order of the rows; 0 takes them as they lie. */
  readonly order: number;
}

/** How far a pass over staged rows has come: what `run` carries from one call to the next. */
export interface Pass {
  cursor: number;
  rowsSeen: number;
  readonly sums: Float64Array;
}

export const startPass = (): Pass => ({ cursor: 0, rowsSeen: 0, sums: new Float64Array(SUM_SLOTS) });

/** Makes a program; with a limit, one whose arena takes no more bytes, or as few as can be. */
export type MakeProgram = (arenaLimit?: number) => Program;

/** Times that a program is made anew to fit into its limit. */
const FITTINGS = 3;

/** A program loaded into an engine: the one place that knows addresses. */
export class Machine {
  readonly engine: Engine;
  readonly #limitBytes: number;
  program!: Program;
  layout!: Layout;

  constructor(module: WebAssembly.Module, make: MakeProgram, limitBytes: number) {
    this.engine = new Engine(module);
    this.#limitBytes = limitBytes;
    this.#place(this.#fitting(make, 0), 0);
  }

  /**
   * Loads another program of the same parameters; weights keep their values, and so do the slots of those that stay
   * trained.
   *
   * @param staged bytes of staged rows that there must be room for too
   * @throws OutOfMemoryError before anything is changed
   */
  load(make: MakeProgram, staged = 0): void {
    const program = this.#fitting(make, staged);
    const kept = [...this.program.parameters].map(([one, place]) => ({
      one,
      values: this.#copy(place),
      slots: (this.program.trained.get(one)?.slots ?? []).map((slot) => this.#copy(slot)),
    }));
    this.#place(program, staged);
    for (const { one, values, slots } of kept) {
      const place = program.parameters.get(one);
      if (place !== undefined) this.#write(place, values);
      program.trained.get(one)?.slots.forEach((slot, i) => {
        const saved = slots[i];
        if (saved !== undefined) this.#write(slot, saved);
      });
    }
  }

  /**
   * A program that fits into the limit with its staged rows, or the smallest that there is. Computing values again
   * makes the arena smaller and the program longer, so a second try may be needed.
   */
  #fitting(make: MakeProgram, staged: number): Program {
    const excessOf = (program: Program) =>
      layOut(this.engine.heapBase, program).data + align(staged) - this.#limitBytes;
    let program = make();
    let arenaLimit = program.segments.arena;
    for (let i = 0; i < FITTINGS && arenaLimit > 0; i++) {
      const excess = excessOf(program);
      if (excess <= 0) return program;
      arenaLimit = Math.max(0, arenaLimit - excess);
      program = make(arenaLimit);
    }
    // The last resort does not depend on the limit: as many bytes as the error then asks for are enough.
    return arenaLimit === 0 || excessOf(program) <= 0 ? program : make(0);
  }

  #copy(place: Place): Float32Array {
    return this.floats(place, place.size.factor).slice();
  }

  #write(place: Place, values: Float32Array): void {
    this.floats(place, values.length).set(values);
  }

  #place(program: Program, staged: number): void {
    const layout = layOut(this.engine.heapBase, program);
    this.#makeRoom(layout.data, staged);
    this.program = program;
    this.layout = layout;
    const { u32, f32 } = this.engine;
    // Gradients that no instruction writes, and the padding of all others, must be and stay zero.
    f32.fill(0, layout.bases.parameters >>> 2, layout.bases.arena >>> 2);
    program.methods.forEach((method, i) => {
      u32.set(encode(method, layout.bases), (layout.methods[i] as number) >>> 2);
      this.setU32(Control.methods + 4 * i, layout.methods[i] as number);
    });
    for (const { place, values } of program.constants) this.#write(place, values);
    this.setU32(Control.log, layout.log);
    this.setU32(Control.epochLog, layout.epochLog);
    this.setU32(Control.scratch, layout.bases.scratch);
    this.setU32(Control.sources, layout.sources);
  }

  /** @throws OutOfMemoryError when the plan with its staged rows exceeds the limit of the model */
  #makeRoom(planned: number, staged: number): void {
    const bytes = planned + align(staged);
    if (bytes > this.#limitBytes) {
      throw new OutOfMemoryError(
        `memory: the network${staged > 0 ? " with its data" : ""} needs ${bytes} bytes; the limit is ` +
          `${this.#limitBytes}, so ${bytes - this.#limitBytes} are missing. Use a smaller batchSize or dataMemory, smaller layers, or raise memoryLimit.`,
        bytes,
        this.#limitBytes,
      );
    }
    this.engine.growTo(bytes);
  }

  /** Bytes that staged rows may take. */
  get room(): number {
    return this.#limitBytes - this.layout.data;
  }

  /** Makes room for `bytes` of staged data and returns their address. */
  reserve(bytes: number): number {
    this.#makeRoom(this.layout.data, bytes);
    return this.layout.data;
  }

  /** The first `count` floats of a place: a view, valid until the memory grows. */
  floats({ segment, offset }: Place, count: number): Float32Array {
    return this.engine.floats(this.layout.bases[segment] + offset, count);
  }

  u32(field: Control): number {
    return this.engine.u32[(this.layout.control + field) >>> 2] as number;
  }

  setU32(field: Control, value: number): void {
    this.engine.u32[(this.layout.control + field) >>> 2] = value;
  }

  f64(field: Control): number {
    return this.engine.f64[(this.layout.control + field) >>> 3] as number;
  }

  /**
   * Runs up to `steps` steps of `batchRows` rows each, going on where `pass` stands, and moves `pass` on.
   * A program that accumulates takes each step in micro-batches of as many rows as it has room for.
   */
  run(method: Method, staged: Staged, pass: Pass, batchRows: number, steps: number): Status {
    const { engine, layout } = this;
    staged.sources.forEach(({ address, kind }, slot) => {
      const entry = layout.sources + slot * SourceRecord.bytes;
      engine.u32[(entry + SourceRecord.address) >>> 2] = address;
      engine.u32[(entry + SourceRecord.kind) >>> 2] = kind;
    });
    this.setU32(Control.order, staged.order);
    this.setU32(Control.stagedRows, staged.rows);
    this.setU32(Control.epochRows, staged.epochRows);
    this.setU32(Control.batchRows, batchRows);
    this.setU32(
      Control.microRows,
      this.program.accumulates && method === Method.Train ? this.program.rows : 0,
    );
    this.setU32(Control.rowsBase, staged.rowsBefore ?? 0);
    this.setU32(Control.cursor, pass.cursor);
    engine.f64[(layout.control + Control.rowsSeen) >>> 3] = pass.rowsSeen;
    engine.f64.set(pass.sums, (layout.control + Control.sums) >>> 3);
    const status = engine.run(layout.control, method, steps);
    if (status === Status.IndexOutOfRange) throw this.#indexError(method);
    pass.cursor = this.u32(Control.cursor);
    pass.rowsSeen = this.f64(Control.rowsSeen);
    const sums = (layout.control + Control.sums) >>> 3;
    pass.sums.set(engine.f64.subarray(sums, sums + SUM_SLOTS));
    return status;
  }

  /** The error for the index at which the last run stopped: the step that it belongs to was not made. */
  #indexError(method: Method): DataError {
    let record = this.layout.methods[method] as number;
    const stoppedAt = this.u32(Control.stoppedAt);
    const stopped = this.program.methods[method]?.find((instruction) => {
      const isHere = record === stoppedAt;
      record += instruction.record.words * 4;
      return isHere;
    });
    const length = stopped?.operands.length ?? stopped?.operands.depth;
    const most =
      typeof length === "object" && length !== null && "count" in length ? length.count.factor - 1 : 0;
    return new DataError(
      `${stopped?.layer}: an index is no whole number from 0 to ${most}. Mend the data that it comes from, or ` +
        "choose a larger table.",
    );
  }

  /** Reads rows and the first `count` sums of an epoch that the last run finished. Allocates nothing. */
  readEpoch(epoch: number, into: Pass, count: number): void {
    const entry = (this.layout.epochLog + epoch * EpochRecord.bytes) >>> 3;
    const sums = entry + (EpochRecord.sums >>> 3);
    into.rowsSeen = this.engine.f64[entry] as number;
    for (let i = 0; i < count; i++) into.sums[i] = this.engine.f64[sums + i] as number;
  }

  setLearningRate(step: number, learningRate: number): void {
    this.engine.f32[(this.layout.log + step * StepRecord.bytes + StepRecord.learningRate) >>> 2] =
      learningRate;
  }

  /** What the log says of a step of the last run. */
  stepRecord(step: number): { rows: number; loss: number; gradientNorm: number } {
    const entry = this.layout.log + step * StepRecord.bytes;
    return {
      rows: this.engine.u32[(entry + StepRecord.rows) >>> 2] as number,
      loss: this.engine.f64[(entry + StepRecord.loss) >>> 3] as number,
      gradientNorm: this.engine.f64[(entry + StepRecord.gradientNorm) >>> 3] as number,
    };
  }
}
