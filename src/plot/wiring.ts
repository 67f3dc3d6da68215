import type { Shape } from "../graph/shape.js";
import type { AnyNetwork } from "../network/description.js";
import { activationOf, multiplicationsOf } from "../network/wiring.js";

/** One use of a layer, as plain data: a node of the graph that a network is. */
export interface WiredNode {
  /** The layer's name in its network; a layer that is used several times has several nodes. */
  readonly layer: string;
  /** `dense`, `conv2d`, `add`. */
  readonly kind: string;
  /** What it applies to its result, unless that is `linear`; of a function of your own its name. */
  readonly activation?: string;
  /** Of its result, the rows, −1, first. */
  readonly shape: Shape;
  /** The nodes that it is called on, by their places in the list. */
  readonly from: readonly number[];
  /** The layer's parameters by name, as `weights()` has them. */
  readonly parameters: { readonly [name: string]: Shape };
  /**
   * Multiplications of its weights for one row, an estimate: of each parameter with at least two axes all elements, at
   * each place of the result, or of the input where a convolution is transposed. Padding counts as if it were data.
   */
  readonly multiplications: number;
}

/** The nodes of a network in the order of computation, each with those that it is called on. */
export function wire({ wiring }: AnyNetwork): readonly WiredNode[] {
  const places = new Map(wiring.nodes.map((node, i) => [node, i]));
  return wiring.nodes.map((node) => {
    const { layer, inputs, shape } = node;
    const activation = activationOf(layer);
    const parameters = wiring.parametersOf(layer);
    return {
      layer: wiring.names.get(layer) as string,
      kind: layer.kind,
      ...(activation !== undefined && { activation }),
      shape: [...shape],
      from: inputs.map((one) => places.get(one) as number),
      parameters: Object.fromEntries(parameters.map((one) => [one.name, [...one.shape]])),
      multiplications: multiplicationsOf(node, parameters),
    };
  });
}
