/** What looks into a step, and what loops of one's own are made of: who only calls `fit` does not load it. */
export { applyGradientsTo } from "./applyGradients.js";
export { cloneState } from "./clone.js";
export { gradientsOf } from "./gradients.js";
export { trace } from "./trace.js";
export { trainOnBatchOf } from "./trainOnBatch.js";
