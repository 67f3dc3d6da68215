import { ShapeError } from "../check/errors.js";
import { describe } from "../check/options.js";
import { isNode, type Layer, type Node } from "../layers/layer.js";
import type { Network } from "./description.js";
import { network } from "./network.js";

/** What a chain is made of: layers, and networks with one input and one output. */
export type ChainLink = Layer | Network<Node, Node>;

/**
 * A chain: `sequential(input(784), dense(128, "relu"), dense(10, "softmax"))`.
 *
 * @throws ShapeError when a layer does not fit its input
 */
export function sequential(first: Node, ...layers: ChainLink[]): Network<Node, Node> {
  if (!isNode(first)) {
    const mend = Array.isArray(first) ? " Pass the layers one by one, as sequential(...layers)." : "";
    throw new ShapeError(`sequential: the first argument is ${describe(first)}; needs input(…).${mend}`);
  }
  const output = layers.reduce<Node>((node, layer, i) => {
    if (typeof layer === "function" && ("definition" in layer || "wiring" in layer)) return layer(node);
    const mend = typeof layer === "function" ? " Call it: flatten() makes a layer, flatten does not." : "";
    throw new ShapeError(
      `sequential: argument ${i + 2} is ${describe(layer)}; needs a layer such as dense(10).${mend}`,
    );
  }, first);
  return network({ inputs: first, outputs: output });
}
