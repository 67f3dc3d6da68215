import type { PlottedTensors } from "../drawing/tensors.js";
import type { WiredNode } from "../wiring.js";

/** Weights by name, as models have them. */
export type Weights = PlottedTensors;

/** What is drawn of a network. */
export interface NetworkDrawing {
  readonly nodes: readonly WiredNode[];
  /** Asked for only where neurons are drawn one by one. */
  readonly weights?: (() => Weights | undefined) | undefined;
  /** Drawn in place of weights. */
  readonly gradients?: PlottedTensors | undefined;
  /** Of one row, by the layer's name. */
  readonly activations?: { readonly [layer: string]: ArrayLike<number> } | undefined;
  /** Neurons of a layer that are drawn one by one. */
  readonly most: number;
}
