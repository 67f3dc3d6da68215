import type { EngineLoader } from "./engine.js";
import core from "./wasm/core.wasm";

/** workerd forbids compiling bytes: there a module is imported, compiled when the worker was deployed. */
export const loadEngine: EngineLoader = {
  async core(precision) {
    if (precision === "exact") return core;
    // A bundler may leave the second module out, and an engine may not know its instructions.
    return import("./wasm/relaxed.wasm").then(
      (module) => module.default,
      () => core,
    );
  },
  families: {
    transcendental: () => import("./wasm/transcendental.wasm"),
    move: () => import("./wasm/move.wasm"),
    normalize: () => import("./wasm/normalize.wasm"),
    noise: () => import("./wasm/noise.wasm"),
    optimizer: () => import("./wasm/optimizer.wasm"),
    sequence: () => import("./wasm/sequence.wasm"),
    choice: () => import("./wasm/choice.wasm"),
    convolution: () => import("./wasm/convolution.wasm"),
  },
};
