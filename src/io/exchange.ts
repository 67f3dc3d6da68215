/** What files of other programs need, in one part: imported by the first call that needs any of it. */
export { fromBrain } from "./brain/fromBrain.js";
export { inspect } from "./file/inspect.js";
export { writeNpy } from "./numpy/writeNpy.js";
export { writeNpz } from "./numpy/writeNpz.js";
export { writeSafetensors } from "./safetensors/writeForeign.js";
export { openTensors } from "./tensors/openTensors.js";
export { loadStateDict } from "./torch/loadStateDict.js";
export { toStateDict } from "./torch/toStateDict.js";
