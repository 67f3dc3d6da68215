import type { Parameter } from "../graph/primitives/step/source.js";
import type { Shape } from "../graph/shape.js";
import type { Value } from "../graph/value.js";
import type { Node } from "../layers/layer.js";
import type { Built, Wiring } from "./build.js";
import type { End, Ends } from "./ends.js";

/** Nodes in the form of the ends of a network: one, or several by the same names. */
export type NodesLike<E extends Ends> = E extends Node ? Node : { readonly [K in keyof E]: Node };

/** Values in the form of the ends of a network: one, or several by the same names. */
export type ValuesLike<E extends Ends> = E extends Node ? Value : { readonly [K in keyof E]: Value };

/** A layer in its network: named, with its parameters and the node that it was first called for. */
export interface NetworkLayer {
  readonly name: string;
  readonly kind: string;
  /** Shape of its (first) result. */
  readonly shape: Shape;
  /** @internal */
  readonly parameters: readonly Parameter[];
}

/** Layers wired together, whatever they are called with. */
export interface AnyNetwork {
  readonly layers: readonly NetworkLayer[];
  readonly inputs: readonly End[];
  readonly outputs: readonly End[];
  /** Whether there is one input, or output, that goes without a name. */
  readonly single: { readonly input: boolean; readonly output: boolean };
  /** What it is called as a layer of another network. */
  readonly label: string | undefined;
  /**
   * false: it was made to have all its parameters frozen.
   *
   * @internal
   */
  readonly trainable: boolean;
  /** @internal */
  readonly wiring: Wiring;
  /**
   * Builds the graph of ops on a value for each input.
   *
   * @internal
   */
  build(inputs: readonly Value[], training: boolean, isTrained?: (one: Parameter) => boolean): Built;
}

/**
 * Layers wired together: a pure description that holds no memory. `compile` makes a model of it.
 *
 * Called on nodes, one for each input or an object of them by name, it is a layer itself: its layers become part of
 * the network around it, and share their weights wherever it is called. In the `build` of a custom layer, and in a
 * function that is compiled, it is called on values.
 */
export interface Network<I extends Ends = Node, O extends Ends = Node> extends AnyNetwork {
  (...nodes: I extends Node ? [Node] : [NodesLike<I>]): NodesLike<O>;
  (...values: I extends Node ? [Value] : [ValuesLike<I>]): ValuesLike<O>;
  /** The nodes that it was made of, as they were given. */
  readonly ends: { readonly inputs: I; readonly outputs: O };
}
