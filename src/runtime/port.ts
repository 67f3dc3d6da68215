/** What the host asks of an engine, in the same thread or in another: no call needs more than the numbers it is given. */

import type { Method, SourceKind, Status } from "../../assembly/isa/control.js";
import type { Family } from "../compile/facts/fact.js";

/** What comes at once from an engine in this thread, and later from one in a worker. */
export type Awaitable<T> = T | Promise<T>;

export const isPromise = (x: unknown): x is PromiseLike<unknown> =>
  typeof (x as PromiseLike<unknown> | undefined)?.then === "function";

/** Thrown where a call would have to wait for the memory of an engine elsewhere, before anything is changed. */
export class Growing {
  constructor(
    /** Rejects when there is no memory. */
    readonly grown: Promise<void>,
  ) {}
}

/** What a call comes to, made once more when there is the memory that it waits for. @throws OutOfMemoryError */
export function whenGrown<T>(call: () => T): Awaitable<T> {
  try {
    return call();
  } catch (error) {
    if (!(error instanceof Growing)) throw error;
    return error.grown.then(() => whenGrown(call));
  }
}

/** Addresses of what the host and the engine tell each other. */
export interface Mailbox {
  readonly control: number;
  readonly sources: number;
  readonly log: number;
  readonly epochLog: number;
  readonly statistics: number;
  readonly scratch: number;
  /** Address of each method's first record. */
  readonly methods: readonly number[];
}

/** A program, ready for linear memory. */
export interface Image {
  /** Bytes that memory must have. */
  readonly bytes: number;
  readonly mailbox: Mailbox;
  /** Records of each method, by its address. */
  readonly records: readonly Uint32Array[];
  /** What was somewhere else before: parameters and slots. */
  readonly moves: readonly Move[];
  /** Parameters, gradients and slots, which start as zeros but for what is moved there. */
  readonly state: Region;
  readonly constants: readonly { readonly address: number; readonly values: Float32Array }[];
  /** The result of each instruction of the training method, up to the update: what a divergence is looked for in. */
  readonly results: readonly Result[];
}

export interface Region {
  readonly start: number;
  readonly end: number;
}

export interface Move {
  readonly from: number;
  readonly to: number;
  readonly bytes: number;
}

/** Where an instruction leaves how many floats; no floats for one that leaves none. */
export interface Result {
  readonly address: number;
  readonly factor: number;
  readonly perRow: boolean;
  /** Whether training ends when it is not finite: metrics may be what they like. */
  readonly isVital: boolean;
}

/** A source's staged rows. */
export interface StagedSource {
  readonly address: number;
  readonly kind: SourceKind;
}

export interface RunRequest {
  readonly method: Method;
  readonly steps: number;
  readonly batchRows: number;
  /** Rows of a micro-batch; 0 computes a step in one go. */
  readonly microRows: number;
  readonly sources: readonly StagedSource[];
  readonly order: number;
  readonly stagedRows: number;
  readonly epochRows: number;
  readonly rowsBase: number;
  readonly cursor: number;
  readonly rowsSeen: number;
  readonly sums: Float64Array;
  readonly seedLow: number;
  readonly seedHigh: number;
  /** Training steps so far. */
  readonly step: number;
  /** The learning rate of each step, when it trains. */
  readonly rates: Float32Array | undefined;
  /** Sums that are wanted of each epoch that ends. */
  readonly scores: number;
  /** Entries of the statistics that are wanted, of a step that is observed. */
  readonly measured: number;
  /** What to read when it is done: addresses and numbers of floats. */
  readonly reads: readonly { readonly address: number; readonly count: number }[];
}

export interface RunReply {
  readonly status: Status;
  /** Steps that were finished. */
  readonly done: number;
  readonly cursor: number;
  readonly rowsSeen: number;
  readonly sums: Float64Array;
  /** Of each epoch that ended: its rows, then the sums that were asked for. */
  readonly epochs: Float64Array;
  /** The last step that was finished. */
  readonly last: StepLog;
  /** Where it stopped, when status is not Ok. */
  readonly stop: Stop | undefined;
  readonly reads: readonly Float32Array[];
  /** Entries as StatisticsRecord has them, one behind the other. */
  readonly statistics: Float64Array;
}

export interface StepLog {
  readonly rows: number;
  readonly loss: number;
  readonly gradientNorm: number;
}

export interface Stop {
  /** Number of the instruction: at which the engine stopped, or whose result is the first that is not finite. −1: none. */
  readonly instruction: number;
  readonly loss: number;
  readonly gradientNorm: number;
}

export interface Port {
  readonly heapBase: number;
  /** Bytes of linear memory. */
  readonly bytes: number;
  /** Whether it is in another thread, so that what is known of the state here lags behind. */
  readonly isElsewhere: boolean;
  /** Milliseconds that one run may take, so that whoever waits does not notice. */
  readonly sliceMilliseconds: number;
  /** @throws OutOfMemoryError; Growing where it takes a while: see whenGrown */
  growTo(bytes: number): void;
  /** Puts a family into the engine's table. @throws OptionError for a module that is none, OutOfMemoryError */
  link(family: Family, module: WebAssembly.Module): Awaitable<void>;
  /** Whether a family is there. */
  has(family: Family): boolean;
  /**
   * Loads a program. An engine elsewhere that has not grown for it yet is given it with the next run, which then fails
   * if there is no memory: until then what is known of the state here is all that there is.
   *
   * @throws OutOfMemoryError before anything is changed
   */
  load(image: Image): void;
  /** Copies values, as they are, to an address. */
  write(address: number, values: Float32Array | Uint8Array | Uint32Array): void;
  /** Floats of the state, parameters or slots, as they are known here: see refresh. Valid until memory grows. */
  view(address: number, count: number): Float32Array;
  run(request: RunRequest): Awaitable<RunReply>;
  /** Brings here what the state is now. */
  refresh(): Awaitable<void>;
  dispose(): void;
}
