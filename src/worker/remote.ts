import { FIRST_MODULE } from "../../assembly/isa/op.js";
import source from "../../build/worker.js";
import { DisposedError, OutOfMemoryError, WorkerError } from "../check/errors.js";
import type { Family } from "../compile/facts/fact.js";
import { Engine, toPages } from "../runtime/engine.js";
import { Growing, type Image, type Port, type RunReply, type RunRequest } from "../runtime/port.js";
import { type Failure, PROTOCOL, type ReplyMessage, type Request } from "./protocol.js";
import { spawn, type Thread, type WebWorker, webThread } from "./spawn.js";

/** Nobody waits for the thread that trains: only an abort and `predict` do. */
const SLICE_MILLISECONDS = 50;

/** Longer than any worker takes to start that ever will. */
const START_MILLISECONDS = 10_000;
const NO_ANSWER =
  "worker: it did not answer within ten seconds. Does it run the script wasmgrad/worker, of this version?";

interface Message {
  readonly id: number;
  readonly request: Request;
  readonly transfer: ArrayBuffer[];
}

interface Waiting {
  resolve(reply: ReplyMessage): void;
  reject(error: Error): void;
}

/**
 * An engine in a worker. What needs no answer is sent and forgotten; messages keep their order, so whatever follows
 * finds it done. Weights and slots are mirrored here as they were at the last refresh.
 */
export class RemotePort implements Port {
  readonly isElsewhere = true;
  readonly sliceMilliseconds = SLICE_MILLISECONDS;
  readonly heapBase: number;
  readonly #thread: Thread;
  /** An instance on this side, which no program is loaded into: modules are checked with it. */
  readonly #engine: Engine;
  readonly #waiting = new Map<number, Waiting>();
  #next = 0;
  #bytes: number;
  #ended: Error | undefined;
  #start = 0;
  #mirror = new Float32Array(0);
  readonly #linked = new Set<number>();
  /** The last program that was loaded, as long as the engine has not grown for it: all of its state is in the mirror. */
  #unsent: Image | undefined;
  /** What follows on that program: sent when the engine has grown, dropped when it cannot. */
  #held: Message[] = [];

  private constructor(thread: Thread, engine: Engine) {
    this.heapBase = engine.heapBase;
    this.#bytes = engine.bytes;
    this.#engine = engine;
    this.#thread = thread;
    thread.hold(false);
    thread.listen(
      (message) => this.#receive(message),
      (why) => this.#end(new WorkerError(`worker: ${why}. The model holds the weights of its last report.`)),
    );
  }

  /** @throws WorkerError where there are no workers, or the worker cannot start */
  static async open(module: WebAssembly.Module, worker: true | (() => WebWorker)): Promise<RemotePort> {
    // Before there is a thread: a module that is no engine leaves none behind.
    const engine = new Engine(module);
    const port = new RemotePort(worker === true ? spawn(source) : webThread(worker()), engine);
    try {
      const late = setTimeout(() => port.#end(new WorkerError(NO_ANSWER)), START_MILLISECONDS);
      await port.#ask({ kind: "start", module }).finally(() => clearTimeout(late));
    } catch (error) {
      port.dispose();
      throw error;
    }
    return port;
  }

  get bytes(): number {
    return this.#bytes;
  }

  growTo(bytes: number): void {
    if (bytes > this.#bytes) throw new Growing(this.#grow(bytes));
  }

  async #grow(bytes: number): Promise<void> {
    await this.#ask({ kind: "grow", bytes });
    this.#bytes = Math.max(this.#bytes, toPages(bytes));
  }

  async link(family: Family, module: WebAssembly.Module): Promise<void> {
    // Here first, so that a module that is none is refused by name, and nothing is sent.
    this.#engine.link(family, module);
    await this.#ask({ kind: "link", family, module });
    this.#linked.add(family.number);
  }

  has(family: Family): boolean {
    return family.number < FIRST_MODULE || this.#linked.has(family.number);
  }

  load(image: Image): void {
    const isUnsent = this.#unsent !== undefined || image.bytes > this.#bytes;
    if (!isUnsent || this.#held.length > 0) this.#send({ kind: "load", image });
    if (isUnsent) this.#unsent = image;
    const { start, end } = image.state;
    const mirror = new Float32Array((end - start) / 4);
    for (const { from, to, bytes } of image.moves) {
      mirror.set(this.view(from, bytes / 4), (to - start) / 4);
    }
    for (const { address, values } of image.constants) mirror.set(values, (address - start) / 4);
    this.#start = start;
    this.#mirror = mirror;
  }

  write(address: number, values: Float32Array | Uint8Array | Uint32Array): void {
    const at = (address - this.#start) / 4;
    const isState = at >= 0 && at < this.#mirror.length;
    if (isState) this.#mirror.set(values, at);
    if (isState && this.#isMirrored) return;
    // A view would bring its whole buffer along; the copy that is sent instead moves there. `slice` of Node's Buffer
    // is no copy: its owner would lose it.
    const copy = values instanceof Uint8Array ? new Uint8Array(values) : values.slice();
    this.#send({ kind: "write", address, values: copy }, [copy.buffer as ArrayBuffer]);
  }

  view(address: number, count: number): Float32Array {
    const at = (address - this.#start) / 4;
    return this.#mirror.subarray(at, at + count);
  }

  async run(request: RunRequest): Promise<RunReply> {
    const { run } = await this.#ask({ kind: "run", request });
    if (run === undefined) throw new WorkerError("worker: gave no answer to a run.");
    return run;
  }

  async refresh(): Promise<void> {
    if (this.#isMirrored) return;
    const mirror = this.#mirror;
    const { floats } = await this.#ask({ kind: "read", address: this.#start, count: mirror.length });
    // Another program may have been loaded meanwhile: it was given what was known before.
    if (floats !== undefined && mirror === this.#mirror) this.#mirror.set(floats);
  }

  dispose(): void {
    this.#end(
      new DisposedError("the model was disposed while its worker was at work. Compile the network again."),
    );
  }

  /** Whether the mirror holds all of the state of a program that the engine has not been given. */
  get #isMirrored(): boolean {
    return this.#unsent !== undefined && this.#held.length === 0;
  }

  #send(request: Request, transfer: ArrayBuffer[] = []): number {
    const id = this.#next++;
    if (this.#ended !== undefined) return id;
    if (this.#unsent === undefined || request.kind === "grow" || request.kind === "link") {
      this.#thread.post({ id, request }, transfer);
      return id;
    }
    if (this.#held.length === 0) this.#holdProgram(this.#unsent);
    this.#held.push({ id, request, transfer });
    return id;
  }

  #holdProgram(program: Image): void {
    const image = { ...program, moves: [] };
    const state = this.#mirror.slice();
    this.#held = [
      { id: this.#next++, request: { kind: "load", image }, transfer: [] },
      {
        id: this.#next++,
        request: { kind: "write", address: program.state.start, values: state },
        transfer: [state.buffer],
      },
    ];
    void this.#deliver();
  }

  /** Sends what is held, having grown for each program; what follows on one that there is no memory for fails. */
  async #deliver(): Promise<void> {
    try {
      for (let next = this.#held[0]; next !== undefined; next = this.#held[0]) {
        const { id, request, transfer } = next;
        // Even with the memory there, whoever asks is waited for only after this.
        await (request.kind === "load" &&
          request.image.bytes > this.#bytes &&
          this.#grow(request.image.bytes));
        if (this.#held.shift() === undefined) return;
        this.#thread.post({ id, request }, transfer);
      }
      this.#unsent = undefined;
    } catch (error) {
      const dropped = this.#held.map(({ id }) => id);
      this.#held = [];
      for (const id of dropped) this.#settle(id)?.reject(error as Error);
    }
  }

  /** Whoever waits for that answer, and waits no longer. */
  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) this.#thread.hold(false);
    return waiting;
  }

  #ask(request: Request): Promise<ReplyMessage> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== undefined) return reject(this.#ended);
      // Sent first: what cannot be sent is not waited for.
      this.#waiting.set(this.#send(request), { resolve, reject });
      this.#thread.hold(true);
    });
  }

  #receive(message: ReplyMessage): void {
    if (message?.protocol !== PROTOCOL) {
      const versions = `${message?.protocol}, and this is version ${PROTOCOL}`;
      this.#end(
        new WorkerError(`worker: speaks version ${versions}. Build both with one version of wasmgrad.`),
      );
      return;
    }
    const { failure, id } = message;
    const waiting = this.#settle(id);
    if (failure === undefined) waiting?.resolve(message);
    else if (waiting !== undefined) waiting.reject(errorOf(failure));
    // What was sent and forgotten failed: nothing that follows can be right.
    else this.#end(errorOf(failure));
  }

  #end(why: Error): void {
    if (this.#ended !== undefined) return;
    this.#ended = why;
    for (const { reject } of this.#waiting.values()) reject(why);
    this.#waiting.clear();
    this.#held = [];
    this.#thread.hold(false);
    // Nothing is asked of it any more: its memory need not stay.
    this.#thread.terminate();
  }
}

function errorOf({ name, message, requiredBytes = 0, limitBytes = 0 }: Failure): Error {
  if (name === "OutOfMemoryError") return new OutOfMemoryError(message, requiredBytes, limitBytes);
  return new WorkerError(`worker: ${message}`);
}
