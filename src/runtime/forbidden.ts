import { OutOfMemoryError, UnsupportedError } from "../check/errors.js";

/** The least that an instance takes: a page of linear memory. */
const PAGE_BYTES = 65536;

/**
 * What to throw when a valid module does not compile or has no instance: engines word a policy's refusal differently,
 * and in WebKit it comes only with the instance.
 */
export function refusal(who: string, cause: unknown): unknown {
  if (cause instanceof RangeError) {
    const message = `${who}: the runtime gives no memory for it (${cause.message}). Dispose of models, or use fewer at once.`;
    return new OutOfMemoryError(message, PAGE_BYTES, 0);
  }
  return new UnsupportedError(
    `${who}: compiling WebAssembly is forbidden here. A page needs 'wasm-unsafe-eval' in script-src of its ` +
      "Content-Security-Policy; an edge worker needs the export condition workerd or edge-light of its bundler, or " +
      "wasmgrad/core with a module that it imports.",
    { cause },
  );
}
