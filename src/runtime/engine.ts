import { ISA_VERSION, type Method, Status } from "../../assembly/isa.js";
import { OptionError, OutOfMemoryError } from "../check/errors.js";
import { refusal } from "./forbidden.js";

/** Exact: the same bits everywhere. Fast: fused multiply-add where the engine has it. */
export type Precision = "exact" | "fast";

/** Gives the compiled engine. One for each way in which a runtime lets WebAssembly in. */
export type EngineLoader = (precision: Precision) => Promise<WebAssembly.Module>;

interface EngineExports {
  readonly memory: WebAssembly.Memory;
  version(): number;
  heapBase(): number;
  run(control: number, method: Method, steps: number): Status;
  execute(control: number, record: number): Status;
}

const PAGE_BYTES = 65536;

/** Linear memory grows by whole pages. */
export const toPages = (bytes: number) => Math.ceil(bytes / PAGE_BYTES) * PAGE_BYTES;

/** What 32-bit addresses reach, less the last page, whose end they do not. */
export const ADDRESSABLE_BYTES = 65535 * PAGE_BYTES;

/** @throws UnsupportedError where a policy forbids it */
function instanceOf(module: WebAssembly.Module): WebAssembly.Instance {
  try {
    return new WebAssembly.Instance(module);
  } catch (cause) {
    throw refusal("engine", cause);
  }
}

/** @throws OptionError for a module that is not the engine, or one of another instruction set */
function instantiate(module: WebAssembly.Module): EngineExports {
  const found = WebAssembly.Module.exports(module).map(({ name }) => name);
  const missing = ["memory", "heapBase", "run", "execute"].filter((name) => !found.includes(name));
  const [needed] = WebAssembly.Module.imports(module);
  if (missing.length > 0 || needed !== undefined) {
    throw new OptionError(
      `engine: the module is not an engine of wasmgrad: it ${needed ? `imports ${needed.module}.${needed.name}` : `exports no ${missing[0]}`}; ` +
        "needs wasmgrad/simd.wasm or wasmgrad/relaxed.wasm.",
    );
  }
  const exports = instanceOf(module).exports as unknown as EngineExports;
  const version = found.includes("version") ? exports.version() : 0;
  if (version === ISA_VERSION) return exports;
  throw new OptionError(
    `engine: the module is of instruction set ${version}, this host of ${ISA_VERSION}; ` +
      "needs both from the same version of wasmgrad.",
  );
}

/** One instance with its own linear memory, and the only holder of views on it. */
export class Engine {
  readonly heapBase: number;
  readonly #exports: EngineExports;
  /** Views on the whole memory, made anew when it grows: growing leaves the old ones empty. */
  u8!: Uint8Array;
  u32!: Uint32Array;
  f32!: Float32Array;
  f64!: Float64Array;

  /** @throws OptionError for a module that is not the engine of this host */
  constructor(module: WebAssembly.Module) {
    this.#exports = instantiate(module);
    this.heapBase = this.#exports.heapBase();
    this.#view();
  }

  get bytes(): number {
    return this.u8.byteLength;
  }

  #view(): void {
    const { buffer } = this.#exports.memory;
    this.u8 = new Uint8Array(buffer);
    this.u32 = new Uint32Array(buffer);
    this.f32 = new Float32Array(buffer);
    this.f64 = new Float64Array(buffer);
  }

  /** @throws OutOfMemoryError when the runtime has no more memory to give */
  growTo(bytes: number): void {
    const missing = bytes - this.bytes;
    if (missing <= 0) return;
    try {
      this.#exports.memory.grow(Math.ceil(missing / PAGE_BYTES));
    } catch {
      throw new OutOfMemoryError(
        `memory: needs ${bytes} bytes, has ${this.bytes}, and the runtime gives no more. ` +
          "Use a smaller batchSize, smaller layers, or a smaller dataMemory.",
        bytes,
        this.bytes,
      );
    }
    this.#view();
  }

  /** Floats from a byte address on: a view, valid until the memory grows. */
  floats(address: number, count: number): Float32Array {
    return this.f32.subarray(address >>> 2, (address >>> 2) + count);
  }

  run(control: number, method: Method, steps: number): Status {
    return this.#checked(this.#exports.run(control, method, steps));
  }

  execute(control: number, record: number): Status {
    return this.#checked(this.#exports.execute(control, record));
  }

  #checked(status: Status): Status {
    if (status === Status.UnknownOp)
      throw new Error("engine: unknown opcode: host and engine are of different builds.");
    return status;
  }
}
