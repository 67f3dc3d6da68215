import { type Shape, sizeOf } from "../graph/shape.js";
import type { AnyNetwork } from "./description.js";

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
   * each place of the result, or of the input where a convolution is transposed. Padding is counted as if it were data.
   */
  readonly multiplications: number;
}

/** Elements of all of them, of one row. */
export const elementsOf = (all: readonly { readonly shape: Shape }[]): number =>
  all.reduce((sum, { shape }) => sum + sizeOf(shape).factor, 0);

/** The nodes of a network in the order of computation, each with those that it is called on. */
export function wire({ wiring }: AnyNetwork): readonly WiredNode[] {
  const { nodes, names } = wiring;
  return nodes.map(({ layer, inputs, shape }) => {
    const { kind, given, options } = layer;
    const applied = (kind === "activation" ? given?.[0] : options.activation) as { name?: string } | undefined;
    const activation = applied?.name ?? applied;
    const parameters = wiring.parametersOf(layer);
    const placed = /Transpose$/.test(kind) && inputs[0] ? inputs[0].shape : shape;
    return {
      layer: names.get(layer) as string,
      kind,
      ...(typeof activation === "string" && activation !== "linear" && { activation }),
      shape,
      from: inputs.map((one) => nodes.indexOf(one)),
      parameters: Object.fromEntries(parameters.map((one) => [one.name, one.shape])),
      multiplications:
        sizeOf(placed.slice(0, -1)).factor * elementsOf(parameters.filter((one) => one.shape.length > 1)),
    };
  });
}
