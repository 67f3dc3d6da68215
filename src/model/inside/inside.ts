/** What looks into a step, and what loops of one's own are made of: who only calls `fit` does not load it. */
export { applyGradients } from "./applyGradients.js";
export { clone } from "./clone.js";
export { gradients } from "./gradients.js";
export { moveWeights } from "./moveWeights.js";
export { trace } from "./trace.js";
export { trainOnBatch } from "./trainOnBatch.js";
