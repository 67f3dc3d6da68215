import type { EngineLoader } from "./engine.js";
import simd from "./simd.wasm";

/** workerd forbids compiling bytes: there a module is imported, compiled when the worker was deployed. */
export const loadEngine: EngineLoader = async (precision) => {
  if (precision === "exact") return simd;
  // A bundler may leave the second module out, and an engine may not know its instructions.
  return import("./relaxed.wasm").then(
    (module) => module.default,
    () => simd,
  );
};
