import { ShapeError } from "../check/errors.js";
import { describe } from "../check/options.js";
import { formatShape, ROWS, type Shape } from "../graph/shape.js";
import type { Entry } from "../graph/value.js";
import { isNode, type Node } from "../layers/layer.js";

/** The inputs or the outputs of a network: one node, or several by name. */
export type Ends = Node | { readonly [name: string]: Node };

/** An input or an output of a network. */
export interface End {
  readonly name: string;
  /** The rows first. */
  readonly shape: Shape;
  /**
   * How its rows come in, where that is not as numbers.
   *
   * @internal
   */
  readonly entry?: Entry | undefined;
}

/** An end and the node that it is. */
export interface NamedNode extends End {
  readonly node: Node;
}

/**
 * The nodes of one end of a network, by name. A single node has no name of its own: data for it needs none.
 *
 * @throws ShapeError for what is no node, for a node under two names, for names that cannot be
 */
export function namedNodes(who: string, what: "inputs" | "outputs", ends: Ends): NamedNode[] {
  if (isNode(ends)) return [{ name: what === "inputs" ? "input" : "output", node: ends, shape: ends.shape }];
  if (typeof ends !== "object" || ends === null || Array.isArray(ends)) {
    const mend = Array.isArray(ends) ? " Name them, as { left: a, right: b }." : "";
    throw new ShapeError(
      `${who}: ${what} is ${describe(ends)}; needs a node, or an object of nodes by name.${mend}`,
    );
  }
  const entries = Object.entries(ends);
  if (entries.length === 0) throw new ShapeError(`${who}: ${what} is {}; needs at least one node.`);
  const names = new Map<Node, string>();
  return entries.map(([name, node]) => {
    if (!isNode(node)) {
      throw new ShapeError(
        `${who}: ${what}.${name} is ${describe(node)}; needs a node, as input() or a layer that was called returns.`,
      );
    }
    if (name === "" || name === "loss") {
      throw new ShapeError(`${who}: ${what} has the name "${name}"; needs another: reports use it.`);
    }
    const other = names.get(node);
    if (other !== undefined && what === "inputs") {
      throw new ShapeError(`${who}: inputs "${other}" and "${name}" are one node; needs a node for each.`);
    }
    names.set(node, name);
    return { name, node, shape: node.shape };
  });
}

/** @throws ShapeError unless every output has its rows first */
export function checkOutputs(who: string, outputs: readonly NamedNode[]): void {
  const odd = outputs.find(({ shape }) => shape[0] !== ROWS);
  if (odd === undefined) return;
  throw new ShapeError(
    `${who}: output "${odd.name}" is ${formatShape(odd.shape)}; needs the rows as its first axis. ` +
      "Return something from its layer that has a row for each row of the input.",
  );
}
