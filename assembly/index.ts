/** The engine's exports: everything else is reached through a program in linear memory. */
import { ISA_VERSION } from "./isa";

export { execute, run } from "./interpreter";

/** The instruction set that this engine executes: a host of another one must not write programs for it. */
export function version(): u32 {
  return ISA_VERSION;
}

/** First byte that belongs to the host: below lie the engine's constants and its stack. */
export function heapBase(): usize {
  return __heap_base;
}
