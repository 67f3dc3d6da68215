import { ShapeError } from "../check/errors.js";
import { describe } from "../check/options.js";
import { formatShape, sameShape } from "../graph/shape.js";
import { isNode, type Node } from "../layers/layer.js";
import type { AnyNetwork } from "./description.js";
import type { NamedNode } from "./ends.js";

/**
 * Uses a network as a layer: its nodes are wired anew on the nodes given. Their layers are the same, so all uses share
 * their weights.
 *
 * @throws ShapeError unless there is a node of the right shape for each input
 */
export function callNetwork(
  who: string,
  network: AnyNetwork,
  given: readonly unknown[],
  isFrozen: boolean,
): Node | Record<string, Node> {
  const { wiring, single } = network;
  const values = new Map<Node, Node>();
  const from = nodesFor(who, wiring.inputs, single.input, given);
  wiring.inputs.forEach((input, i) => {
    const node = from[i] as Node;
    if (!sameShape(node.shape, input.shape)) {
      throw new ShapeError(
        `${who}: its ${single.input ? "input" : `input "${input.name}"`} is ${formatShape(node.shape)}; ` +
          `needs ${formatShape(input.shape)}, as it was wired.`,
      );
    }
    values.set(input.node, node);
  });
  const site = new Error();
  for (const node of wiring.nodes) {
    if (values.has(node)) continue;
    const name = wiring.names.get(node.layer) as string;
    values.set(node, {
      layer: node.layer,
      inputs: node.inputs.map((one) => values.get(one) as Node),
      shape: node.shape,
      site,
      scope: { network, label: network.label, name, isFrozen: isFrozen || node.scope?.isFrozen === true },
    });
  }
  if (single.output) return values.get((wiring.outputs[0] as NamedNode).node) as Node;
  return Object.fromEntries(wiring.outputs.map(({ name, node }) => [name, values.get(node) as Node]));
}

function nodesFor(
  who: string,
  inputs: readonly NamedNode[],
  isSingle: boolean,
  given: readonly unknown[],
): Node[] {
  const [first] = given;
  if (isSingle) {
    if (given.length === 1 && isNode(first)) return [first];
    const got = given.length === 1 ? describe(first) : `${given.length} arguments`;
    throw new ShapeError(`${who}: called with ${got}; needs one node.`);
  }
  const names = inputs.map(({ name }) => name);
  const isRecord = given.length === 1 && typeof first === "object" && first !== null && !isNode(first);
  const record = (isRecord ? first : {}) as Record<string, unknown>;
  const keys = Object.keys(record);
  const fits = keys.length === names.length && names.every((name) => isNode(record[name]));
  if (fits) return names.map((name) => record[name] as Node);
  throw new ShapeError(
    `${who}: called with ${isRecord ? `nodes for ${keys.join(", ") || "nothing"}` : describe(first)}; ` +
      `needs one object of nodes for ${names.join(", ")}.`,
  );
}
