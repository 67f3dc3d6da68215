import { type Method, Status } from "../../assembly/isa/control.js";
import { FIRST_MODULE, ISA_VERSION, TABLE_SLOTS } from "../../assembly/isa/op.js";
import { OptionError, OutOfMemoryError } from "../check/errors.js";
import type { Family } from "../compile/facts/fact.js";
import type { Instruction } from "../compile/instruction.js";
import type { Code } from "./code.js";
import type { FamilyName } from "./families.js";
import { refusal } from "./forbidden.js";

/** Exact: the same bits everywhere. Fast: fused multiply-add where the engine has it. */
export type Precision = "exact" | "fast";

/** The modules of the engine, each compiled when it is first needed. */
export interface Modules {
  readonly core: WebAssembly.Module;
  /** That of the family of an instruction. @throws UnsupportedError where it cannot be loaded */
  family(needed: Instruction): Promise<WebAssembly.Module>;
}

/** Loads what an entry can load: one for each way in which a runtime lets WebAssembly in. */
export interface EngineLoader {
  core(precision: Precision): Promise<WebAssembly.Module>;
  readonly families?: { readonly [F in FamilyName]: () => Promise<{ readonly default: Code }> };
}

interface EngineExports {
  readonly memory: WebAssembly.Memory;
  version(): number;
  heapBase(): number;
  run(control: number, method: Method, steps: number): Status;
  execute(control: number, record: number, thread: number, threads: number): Status;
  readonly table: WebAssembly.Table;
  readonly absent: FamilyExports["execute"];
}

interface FamilyExports {
  version(): number;
  execute(control: number, record: number, thread: number, threads: number): Status;
}

const PAGE_BYTES = 65536;

/** Linear memory grows by whole pages. */
export const toPages = (bytes: number) => Math.ceil(bytes / PAGE_BYTES) * PAGE_BYTES;

/** What 32-bit addresses reach, less the last page, whose end they do not. */
export const ADDRESSABLE_BYTES = 65535 * PAGE_BYTES;

/** @throws UnsupportedError where a policy forbids it */
function instanceOf(module: WebAssembly.Module, imports?: WebAssembly.Imports): WebAssembly.Instance {
  try {
    return new WebAssembly.Instance(module, imports);
  } catch (cause) {
    throw refusal("engine", cause);
  }
}

const exportsOf = (module: WebAssembly.Module) => WebAssembly.Module.exports(module).map(({ name }) => name);

/** @throws OptionError for a module of another instruction set */
function checkVersion(what: string, version: number): void {
  if (version === ISA_VERSION) return;
  throw new OptionError(
    `${what}: the module is of instruction set ${version}, this host of ${ISA_VERSION}; ` +
      "needs both from the same version of wasmgrad.",
  );
}

/** @throws OptionError for a module that is not the engine, or one of another instruction set */
function instantiate(module: WebAssembly.Module): EngineExports {
  const found = exportsOf(module);
  const missing = ["memory", "heapBase", "run", "execute", "table", "absent"].filter(
    (name) => !found.includes(name),
  );
  const [needed] = WebAssembly.Module.imports(module);
  if (missing.length > 0 || needed !== undefined) {
    throw new OptionError(
      `engine: the module is not the engine of wasmgrad: it ${needed ? `imports ${needed.module}.${needed.name}` : `exports no ${missing[0]}`}; ` +
        "needs wasmgrad/engine/core.wasm or wasmgrad/engine/relaxed.wasm.",
    );
  }
  const exports = instanceOf(module).exports as unknown as EngineExports;
  checkVersion("engine", found.includes("version") ? exports.version() : 0);
  return exports;
}

/** One instance with its own linear memory, and the only holder of views on it. */
export class Engine {
  readonly heapBase: number;
  readonly #exports: EngineExports;
  readonly #linked = new Set<number>();
  /** Views on the whole memory, made anew when it grows: growing leaves the old ones empty. */
  u8!: Uint8Array;
  u32!: Uint32Array;
  f32!: Float32Array;
  f64!: Float64Array;

  /** @throws OptionError for a module that is not the engine of this host */
  constructor(module: WebAssembly.Module) {
    this.#exports = instantiate(module);
    const { table, absent } = this.#exports;
    for (let slot = FIRST_MODULE; slot < TABLE_SLOTS; slot++) table.set(slot, absent);
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

  /**
   * Puts a family, a module of its own, into the slot of its number.
   *
   * @throws OptionError for a module that is none, or one of another instruction set
   */
  link({ name, number }: Family, module: WebAssembly.Module): void {
    const { memory, table } = this.#exports;
    if (!exportsOf(module).includes("execute") || WebAssembly.Module.imports(module).length !== 1) {
      throw new OptionError(
        `families.${name}: the module is no family of the engine of wasmgrad; needs wasmgrad/engine/${name}.wasm.`,
      );
    }
    const family = instanceOf(module, { env: { memory } }).exports as unknown as FamilyExports;
    checkVersion(`families.${name}`, family.version());
    table.set(number, family.execute);
    this.#linked.add(number);
  }

  /** Whether a family is there: the core's own are. */
  has({ number }: Family): boolean {
    return number < FIRST_MODULE || this.#linked.has(number);
  }

  run(control: number, method: Method, steps: number): Status {
    return this.#checked(this.#exports.run(control, method, steps));
  }

  execute(control: number, record: number): Status {
    return this.#checked(this.#exports.execute(control, record, 0, 1));
  }

  #checked(status: Status): Status {
    if (status === Status.UnknownOp)
      throw new Error("engine: unknown opcode: host and engine are of different builds.");
    return status;
  }
}
