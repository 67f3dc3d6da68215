import type { EngineLoader } from "./engine.js";
import core from "./wasm/core.wasm?module";

/**
 * Edge functions forbid compiling bytes: there a module is imported, compiled when the function was deployed. `fast` is
 * `exact`: an import of the relaxed build would keep the function from starting where its instructions are not known.
 */
export const loadEngine: EngineLoader = {
  core: async () => core,
  families: {
    transcendental: () => import("./wasm/transcendental.wasm?module"),
    move: () => import("./wasm/move.wasm?module"),
    normalize: () => import("./wasm/normalize.wasm?module"),
    noise: () => import("./wasm/noise.wasm?module"),
    optimizer: () => import("./wasm/optimizer.wasm?module"),
    sequence: () => import("./wasm/sequence.wasm?module"),
    choice: () => import("./wasm/choice.wasm?module"),
    convolution: () => import("./wasm/convolution.wasm?module"),
  },
};
