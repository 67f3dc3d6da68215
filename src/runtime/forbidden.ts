import { UnsupportedError } from "../check/errors.js";

/**
 * What to throw when a valid module does not compile or has no instance: engines word a policy's refusal differently,
 * and in WebKit it comes only with the instance.
 */
export function refusal(who: string, cause: unknown): unknown {
  // Lack of memory.
  if (cause instanceof RangeError) return cause;
  return new UnsupportedError(
    `${who}: compiling WebAssembly is forbidden here. A page needs 'wasm-unsafe-eval' in script-src of its ` +
      "Content-Security-Policy; an edge worker needs the export condition workerd or edge-light of its bundler, or " +
      "wasmgrad/core with a module that it imports.",
    { cause },
  );
}
