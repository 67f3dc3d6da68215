/** The exports of the engine's core: everything else is reached through a program in linear memory. */
import { Status } from "./isa/control";
import { HEAP_BASE } from "./isa/limits";

export { execute, run } from "./interpreter";
export { version } from "./version";

/** What stands in the table's slot of a family that is not there. */
export function absent(_control: usize, _r: usize, _thread: u32, _threads: u32): u32 {
  return Status.UnknownOp;
}

/** First byte that belongs to the host: below lie the constants of all families. */
export function heapBase(): usize {
  return HEAP_BASE;
}
