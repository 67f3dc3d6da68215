import { Method, type SourceKind, Status } from "../../assembly/isa/control.js";
import { LOG_STEPS, SUM_SLOTS } from "../../assembly/isa/limits.js";
import { DataError, OutOfMemoryError } from "../check/errors.js";
import { encode } from "../compile/encode.js";
import type { Family } from "../compile/facts/fact.js";
import { stepKinds } from "../compile/facts/step.js";
import { align, type Instruction, isPlace, type Place } from "../compile/instruction.js";
import type { Program } from "../compile/program.js";
import type { Modules } from "./engine.js";
import { type Layout, layOut } from "./layout.js";
import {
  type Awaitable,
  type Image,
  isPromise,
  type Move,
  type Port,
  type Result,
  type RunReply,
  type RunRequest,
} from "./port.js";

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

export interface MachineOptions {
  /** The module of a family that a program needs. */
  readonly family: Modules["family"];
  /** Bytes of linear memory that it may take. */
  readonly limitBytes: number;
  readonly seed: readonly [low: number, high: number];
}

/** Where something lies, counted from the beginning of a segment. */
export type Address = Pick<Place, "segment" | "offset">;

/** What a run is asked for. */
export interface Run {
  readonly staged: Staged;
  /** Moved on by the run. */
  readonly pass: Pass;
  readonly batchRows: number;
  readonly steps: number;
  /** The learning rate of each step, when it trains. */
  readonly rates?: Float32Array;
  /** Sums that are wanted of each epoch that ends. */
  readonly scores?: number;
  /** Places to read when it is done, and how many floats of each. */
  readonly reads?: readonly { readonly place: Address; readonly count: number }[] | undefined;
}

/** A program loaded into an engine: the one place that knows addresses. */
export class Machine {
  readonly port: Port;
  readonly #options: MachineOptions;
  program!: Program;
  layout!: Layout;
  /** Training steps so far. */
  step = 0;
  /** The first instruction of each family that the program has and the engine has not. */
  #unlinked: Instruction[] = [];

  constructor(port: Port, make: MakeProgram, options: MachineOptions) {
    this.port = port;
    this.#options = options;
    this.#place(this.#fitting(make, 0), 0, [], true);
  }

  /**
   * Loads another program of the same parameters; weights keep their values, and so do the slots of those that stay
   * trained.
   *
   * @param staged bytes of staged rows that there must be room for too
   * @param canWait whether the caller calls again when the engine has grown: see whenGrown
   * @throws OutOfMemoryError, Growing before anything is changed
   */
  load(make: MakeProgram, staged: number, canWait: boolean): void {
    const program = this.#fitting(make, staged);
    const pairs = [...this.program.parameters].flatMap(([one, place]) => {
      const from = [place, ...(this.program.trained.get(one)?.slots ?? [])];
      const moved = program.parameters.get(one);
      const to = moved === undefined ? [] : [moved, ...(program.trained.get(one)?.slots ?? [])];
      return from.flatMap((one, i) => (to[i] === undefined ? [] : [{ from: one, to: to[i] as Place }]));
    });
    this.#place(program, staged, pairs, canWait);
  }

  /**
   * A program that fits into the limit with its staged rows, or the smallest that there is. Computing values again
   * makes the arena smaller and the program longer, so a second try may be needed.
   */
  #fitting(make: MakeProgram, staged: number): Program {
    const excessOf = (program: Program) =>
      layOut(this.port.heapBase, program).data + align(staged) - this.#options.limitBytes;
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

  #place(
    program: Program,
    staged: number,
    kept: readonly { from: Place; to: Place }[],
    canWait: boolean,
  ): void {
    const layout = layOut(this.port.heapBase, program);
    const bytes = this.#checkRoom(layout.data, staged);
    if (canWait) this.port.growTo(bytes);
    const addressIn = (one: Layout, { segment, offset }: Place) => one.bases[segment] + offset;
    const moves = kept.map(
      ({ from, to }): Move => ({
        from: addressIn(this.layout, from),
        to: addressIn(layout, to),
        bytes: from.size.factor * 4,
      }),
    );
    this.port.load({ ...imageOf(program, layout, bytes), moves });
    this.#unlinked = firstOfFamilies(program).filter(({ kind }) => !this.port.has(kind.family));
    this.program = program;
    this.layout = layout;
  }

  /** @throws OutOfMemoryError when the plan with its staged rows exceeds the limit of the model */
  #checkRoom(planned: number, staged: number): number {
    const bytes = planned + align(staged);
    const { limitBytes } = this.#options;
    if (bytes <= limitBytes) return bytes;
    throw new OutOfMemoryError(
      `memory: the network${staged > 0 ? " with its data" : ""} needs ${bytes} bytes; the limit is ` +
        `${limitBytes}, so ${bytes - limitBytes} are missing. ` +
        "Use a smaller batchSize or dataMemory, smaller layers, or raise memoryLimit.",
      bytes,
      limitBytes,
    );
  }

  /** Bytes that staged rows may take. */
  get room(): number {
    return this.#options.limitBytes - this.layout.data;
  }

  /** Makes room for `bytes` of staged data and returns their address. @throws OutOfMemoryError, Growing: see whenGrown */
  reserve(bytes: number): number {
    this.port.growTo(this.#checkRoom(this.layout.data, bytes));
    return this.layout.data;
  }

  #address({ segment, offset }: Address): number {
    return this.layout.bases[segment] + offset;
  }

  /** The first `count` floats of a parameter or slot: a view, valid until the memory grows. */
  floats(place: Place, count: number): Float32Array {
    return this.port.view(this.#address(place), count);
  }

  /** Sets the first floats of a parameter or slot. */
  write(place: Place, values: Float32Array | Uint8Array): void {
    this.port.write(this.#address(place), values instanceof Uint8Array ? Float32Array.from(values) : values);
  }

  /**
   * Runs up to `steps` steps of `batchRows` rows each, going on where the pass stands, and moves it on.
   * A program that accumulates takes each step in micro-batches of as many rows as it has room for.
   *
   * @throws DataError for an index of the data that there is not, unless it trains: the reply's status says so then,
   *   since steps may have been made before
   */
  run(method: Method, run: Run): Awaitable<RunReply> {
    if (this.#unlinked.length > 0) return this.link().then(() => this.run(method, run));
    const reply = this.port.run(this.request(method, run));
    const finish = (answer: RunReply) => this.#finish(method, run.pass, answer);
    return isPromise(reply) ? reply.then(finish) : finish(reply);
  }

  /** Whether the engine has all families of the program. */
  get isLinked(): boolean {
    return this.#unlinked.length === 0;
  }

  /**
   * Brings the families of the program into the engine, unless they are there.
   *
   * @throws UnsupportedError where one cannot be loaded, OptionError for a module that is none
   */
  async link(): Promise<void> {
    const needed = this.#unlinked;
    const modules = await Promise.all(needed.map((one) => this.#options.family(one)));
    for (const [i, { kind }] of needed.entries()) {
      const { family } = kind;
      if (!this.port.has(family)) await this.port.link(family, modules[i] as WebAssembly.Module);
    }
    // Another program may have been loaded meanwhile.
    this.#unlinked = this.#unlinked.filter(({ kind }) => !this.port.has(kind.family));
  }

  /** What the engine is asked for a run. */
  request(method: Method, run: Run): RunRequest {
    const { staged, pass, batchRows, steps, rates, scores = 0, reads = [] } = run;
    const trains = method === Method.Train || method === Method.Observe;
    const [seedLow, seedHigh] = this.#options.seed;
    return {
      method,
      steps: Math.min(steps, LOG_STEPS),
      batchRows,
      microRows: trains && this.program.accumulates ? this.program.rows : 0,
      sources: staged.sources,
      order: staged.order,
      stagedRows: staged.rows,
      epochRows: staged.epochRows,
      rowsBase: staged.rowsBefore ?? 0,
      cursor: pass.cursor,
      rowsSeen: pass.rowsSeen,
      sums: pass.sums,
      seedLow,
      seedHigh,
      step: this.step,
      rates,
      scores,
      measured: method === Method.Observe ? this.program.measured.length : 0,
      reads: reads.map(({ place, count }) => ({ address: this.#address(place), count })),
    };
  }

  #finish(method: Method, pass: Pass, reply: RunReply): RunReply {
    if (method === Method.Train || method === Method.Observe) this.step += reply.done;
    else if (reply.status === Status.IndexOutOfRange) throw this.indexError(method, reply);
    pass.cursor = reply.cursor;
    pass.rowsSeen = reply.rowsSeen;
    pass.sums.set(reply.sums);
    return reply;
  }

  /** The instruction that a run stopped at. */
  stoppedAt(method: Method, { stop }: RunReply): Instruction | undefined {
    return this.program.methods[method]?.[stop?.instruction ?? -1];
  }

  /** The error for an index of the data that there is not. */
  indexError(method: Method, reply: RunReply): DataError {
    const stopped = this.stoppedAt(method, reply);
    const length = stopped?.operands[stopped.kind.indexes ?? ""];
    const isCount = typeof length === "object" && length !== null && "count" in length;
    const { factor, perRow } = isCount ? length.count : { factor: 1, perRow: false };
    const most = perRow ? "rows − 1" : factor - 1;
    return new DataError(
      `${stopped?.layer}: an index is no whole number from 0 to ${most}. Mend the data that it comes from, or ` +
        "choose a larger table.",
    );
  }
}

/** The first instruction of each family. */
function firstOfFamilies(program: Program): Instruction[] {
  const first = new Map<Family, Instruction>();
  for (const one of program.methods.flat()) {
    const { family } = one.kind;
    if (!first.has(family)) first.set(family, one);
  }
  return [...first.values()];
}

function imageOf(program: Program, layout: Layout, bytes: number): Omit<Image, "moves"> {
  const { control, sources, log, epochLog, statistics, methods, bases } = layout;
  return {
    bytes,
    mailbox: { control, sources, log, epochLog, statistics, scratch: bases.scratch, methods },
    records: program.methods.map((method) => encode(method, bases)),
    state: { start: bases.parameters, end: bases.arena },
    constants: program.constants.map(({ place, values }) => ({
      address: bases[place.segment] + place.offset,
      values,
    })),
    results: resultsOf(program.methods[Method.Train] ?? [], layout),
  };
}

/** What each instruction before the update leaves; nothing for a report. */
function resultsOf(method: readonly Instruction[], { bases }: Layout): Result[] {
  const ends: readonly Instruction["kind"][] = [stepKinds.GradientNorm, stepKinds.Accumulate];
  const update = method.findIndex(({ kind }) => ends.includes(kind));
  return method.slice(0, Math.max(0, update)).map(({ kind, operands, layer }) => {
    const isVital = layer !== "metrics";
    const result = kind.result === null ? undefined : operands[kind.result];
    if (result === undefined || !isPlace(result)) return { address: 0, factor: 0, perRow: false, isVital };
    const { factor, perRow } = result.size;
    return { address: bases[result.segment] + result.offset, factor, perRow, isVital };
  });
}
