import hex from "../../build/engine/core.js";
import { moduleOfCode } from "./code.js";
import type { EngineLoader } from "./engine.js";

/** The one place that names the digits: Vite 8 copies a constant to wherever it is read (`npm run check:size`). */
const exactCore = () => moduleOfCode(hex);

/** The relaxed build where the engine takes its instructions, else the exact one. */
async function fastCore(): Promise<WebAssembly.Module> {
  // Service workers forbid import(), and not every engine has the instructions: the exact build is always at hand.
  return import("../../build/engine/relaxed.js")
    .then((relaxed) => moduleOfCode(relaxed.default))
    .catch(exactCore);
}

/** What the package carries as hex: the core in the entry, each family in a file that is loaded when it is needed. */
export const loadInline: EngineLoader = {
  core: (precision) => (precision === "fast" ? fastCore() : exactCore()),
  families: {
    transcendental: () => import("../../build/engine/transcendental.js"),
    move: () => import("../../build/engine/move.js"),
    normalize: () => import("../../build/engine/normalize.js"),
    noise: () => import("../../build/engine/noise.js"),
    optimizer: () => import("../../build/engine/optimizer.js"),
    sequence: () => import("../../build/engine/sequence.js"),
    choice: () => import("../../build/engine/choice.js"),
    convolution: () => import("../../build/engine/convolution.js"),
  },
};
