import type { EngineLoader } from "./engine.js";
import simd from "./simd.wasm?module";

/**
 * Edge functions forbid compiling bytes: there a module is imported, compiled when the function was deployed. `fast` is
 * `exact`: an import of the relaxed build would keep the function from starting where its instructions are not known.
 */
export const loadEngine: EngineLoader = async () => simd;
