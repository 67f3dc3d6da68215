/** The engine's exports: everything else is reached through a program in linear memory. */
export { execute, run } from "./interpreter";

/** First byte that belongs to the host: below lie the engine's constants and its stack. */
export function heapBase(): usize {
  return __heap_base;
}
