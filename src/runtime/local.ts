import {
  Control,
  EpochRecord,
  Method,
  SourceRecord,
  StatisticsRecord,
  Status,
  StepRecord,
} from "../../assembly/isa/control.js";
import { SUM_SLOTS } from "../../assembly/isa/limits.js";
import { StepOp } from "../../assembly/isa/step.js";
import type { Family } from "../compile/facts/fact.js";
import { Engine } from "./engine.js";
import { firstNotFinite } from "./notFinite.js";
import type { Image, Mailbox, Port, RunReply, RunRequest, StepLog } from "./port.js";

/** What a frame of a 60 Hz display can spare: drawing it takes the rest. */
const SLICE_MILLISECONDS = 10;

/** An engine in this thread: the host reads and writes its memory directly. */
export class LocalPort implements Port {
  readonly isElsewhere = false;
  readonly sliceMilliseconds = SLICE_MILLISECONDS;
  /** The instance and the views on its memory. */
  readonly engine: Engine;
  #image!: Image;

  constructor(module: WebAssembly.Module) {
    this.engine = new Engine(module);
  }

  get heapBase(): number {
    return this.engine.heapBase;
  }

  get bytes(): number {
    return this.engine.bytes;
  }

  get #mailbox(): Mailbox {
    return this.#image.mailbox;
  }

  growTo(bytes: number): void {
    this.engine.growTo(bytes);
  }

  link(family: Family, module: WebAssembly.Module): void {
    this.engine.link(family, module);
  }

  has(family: Family): boolean {
    return this.engine.has(family);
  }

  load(image: Image): void {
    const kept = image.moves.map(({ from, bytes }) => this.view(from, bytes / 4).slice());
    this.engine.growTo(image.bytes);
    this.#image = image;
    const { u32, f32 } = this.engine;
    // Gradients that no instruction writes, and the padding of all others, must be and stay zero.
    f32.fill(0, image.state.start >>> 2, image.state.end >>> 2);
    image.moves.forEach(({ to }, i) => this.write(to, kept[i] as Float32Array));
    for (const { address, values } of image.constants) this.write(address, values);
    const { methods, log, epochLog, scratch, sources, statistics } = image.mailbox;
    methods.forEach((address, i) => {
      u32.set(image.records[i] as Uint32Array, address >>> 2);
      this.#setU32(Control.methods + 4 * i, address);
    });
    this.#setU32(Control.log, log);
    this.#setU32(Control.epochLog, epochLog);
    this.#setU32(Control.scratch, scratch);
    this.#setU32(Control.statistics, statistics);
    this.#setU32(Control.sources, sources);
  }

  write(address: number, values: Float32Array | Uint8Array | Uint32Array): void {
    const { u8, f32, u32 } = this.engine;
    if (values instanceof Uint8Array) u8.set(values, address);
    else if (values instanceof Uint32Array) u32.set(values, address >>> 2);
    else f32.set(values, address >>> 2);
  }

  view(address: number, count: number): Float32Array {
    return this.engine.floats(address, count);
  }

  refresh(): void {}

  dispose(): void {}

  run(request: RunRequest): RunReply {
    const { method, steps } = request;
    this.#writeRequest(request);
    const { control } = this.#mailbox;
    const status = this.engine.run(control, method, steps);
    const done = this.#u32(Control.done);
    const sums = (control + Control.sums) >>> 3;
    return {
      status,
      done,
      cursor: this.#u32(Control.cursor) - (status === Status.Ok ? 0 : this.#rowsOfStep(request)),
      rowsSeen: this.#f64(Control.rowsSeen),
      sums: this.engine.f64.slice(sums, sums + SUM_SLOTS),
      epochs: this.#readEpochs(request.scores),
      last: this.#readStep(Math.max(0, done - 1)),
      stop: status === Status.Ok ? undefined : this.#readStop(status, method),
      reads: request.reads.map(({ address, count }) => this.view(address, count).slice()),
      statistics: this.#readStatistics(request.measured),
    };
  }

  /** Rows of the step that the engine stopped in that lie before its micro-batch. */
  #rowsOfStep({ rowsBase }: RunRequest): number {
    return this.#u32(Control.rowsBefore) - rowsBase;
  }

  #writeRequest(request: RunRequest): void {
    const { u32, f32, f64 } = this.engine;
    const { control, sources, log } = this.#mailbox;
    request.sources.forEach(({ address, kind }, slot) => {
      const entry = sources + slot * SourceRecord.bytes;
      u32[(entry + SourceRecord.address) >>> 2] = address;
      u32[(entry + SourceRecord.kind) >>> 2] = kind;
    });
    request.rates?.forEach((rate, i) => {
      f32[(log + i * StepRecord.bytes + StepRecord.learningRate) >>> 2] = rate;
    });
    this.#setU32(Control.order, request.order);
    this.#setU32(Control.stagedRows, request.stagedRows);
    this.#setU32(Control.epochRows, request.epochRows);
    this.#setU32(Control.batchRows, request.batchRows);
    this.#setU32(Control.microRows, request.microRows);
    this.#setU32(Control.rowsBase, request.rowsBase);
    this.#setU32(Control.cursor, request.cursor);
    this.#setU32(Control.seedLow, request.seedLow);
    this.#setU32(Control.seedHigh, request.seedHigh);
    this.#setU32(Control.step, request.step);
    f64[(control + Control.rowsSeen) >>> 3] = request.rowsSeen;
    f64.set(request.sums, (control + Control.sums) >>> 3);
  }

  #readStatistics(entries: number): Float64Array {
    const start = this.#mailbox.statistics >>> 3;
    return this.engine.f64.slice(start, start + entries * (StatisticsRecord.bytes >>> 3));
  }

  /** Element by element: an array for each of many short epochs would take longer than the epoch. */
  #readEpochs(scores: number): Float64Array {
    const { f64 } = this.engine;
    const count = this.#u32(Control.epochsDone);
    const epochs = new Float64Array(count * (1 + scores));
    let to = 0;
    for (let epoch = 0; epoch < count; epoch++) {
      const entry = (this.#mailbox.epochLog + epoch * EpochRecord.bytes) >>> 3;
      for (let i = 0; i <= scores; i++) epochs[to++] = f64[entry + i] as number;
    }
    return epochs;
  }

  #readStep(step: number): StepLog {
    const entry = this.#mailbox.log + step * StepRecord.bytes;
    return {
      rows: this.engine.u32[(entry + StepRecord.rows) >>> 2] as number,
      loss: this.engine.f64[(entry + StepRecord.loss) >>> 3] as number,
      gradientNorm: this.engine.f64[(entry + StepRecord.gradientNorm) >>> 3] as number,
    };
  }

  #readStop(status: Status, method: Method): NonNullable<RunReply["stop"]> {
    const stop = { loss: this.#f64(Control.loss), gradientNorm: this.#f64(Control.gradientNorm) };
    const { control, methods } = this.#mailbox;
    if (status === Status.Diverged) {
      const start = methods[Method.Train] as number;
      return { ...stop, instruction: firstNotFinite(this.engine, control, start, this.#image.results) };
    }
    const stoppedAt = this.#u32(Control.stoppedAt);
    let instruction = 0;
    for (let record = methods[method] as number; record < stoppedAt; ) {
      // An observed step is a step of training with measurements in between.
      if (this.engine.u32[record >>> 2] !== StepOp.Measure) instruction++;
      record += (this.engine.u32[(record + 4) >>> 2] as number) * 4;
    }
    return { ...stop, instruction };
  }

  #u32(field: Control): number {
    return this.engine.u32[(this.#mailbox.control + field) >>> 2] as number;
  }

  #setU32(field: Control, value: number): void {
    this.engine.u32[(this.#mailbox.control + field) >>> 2] = value;
  }

  #f64(field: Control): number {
    return this.engine.f64[(this.#mailbox.control + field) >>> 3] as number;
  }
}
