import type { Shape } from "../graph/shape.js";

/** A parameter's values, row-major. */
export interface Weight {
  readonly shape: Shape;
  readonly data: Float32Array;
}

/** Parameters by name: `dense/kernel`, `dense/bias`. */
export type Weights = Readonly<Record<string, Weight>>;
