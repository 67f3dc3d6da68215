import type { PlottedTensor, PlottedTensors } from "../drawing/tensors.js";
import type { WiredNode } from "../wiring.js";
import { unitsOf } from "./layout.js";

/** A connection of two neurons, by their places in their nodes. */
export interface Edge {
  readonly from: { readonly node: number; readonly unit: number };
  readonly to: { readonly node: number; readonly unit: number };
  /** Name of the parameter and place of the weight that it has, if it has one. */
  readonly weight?: { readonly parameter: string; readonly index: number };
}

/** The kernel of a fully connected layer: [inputs, units]. */
function kernelOf({ kind, parameters }: WiredNode, inputs: number, units: number): string | undefined {
  if (kind !== "dense") return undefined;
  return Object.entries(parameters).find(
    ([name, shape]) =>
      name.endsWith("/kernel") && shape.length === 2 && shape[0] === inputs && shape[1] === units,
  )?.[0];
}

/** The parameter that a fully connected layer adds to each of its units. */
export const biasOf = ({ kind, parameters }: WiredNode): string | undefined =>
  kind === "dense" ? Object.keys(parameters).find((name) => name.endsWith("/bias")) : undefined;

/** What connects the neurons of a node with those that it is called on. */
export function edgesInto(nodes: readonly WiredNode[], place: number): Edge[] {
  const node = nodes[place] as WiredNode;
  const units = unitsOf(node);
  let before = 0;
  return node.from.flatMap((source) => {
    const count = unitsOf(nodes[source] as WiredNode);
    const offset = before;
    before += count;
    const edge = (from: number, to: number): Edge => ({
      from: { node: source, unit: from },
      to: { node: place, unit: to },
    });
    const each = (make: (from: number) => Edge[]) =>
      Array.from({ length: count }, (_, from) => make(from)).flat();
    if (node.kind === "concatenate" && offset + count <= units)
      return each((from) => [edge(from, offset + from)]);
    if (node.kind !== "dense" && count === units) return each((from) => [edge(from, from)]);
    const kernel = node.from.length === 1 ? kernelOf(node, count, units) : undefined;
    return each((from) =>
      Array.from({ length: units }, (_, to) => ({
        ...edge(from, to),
        ...(kernel !== undefined && { weight: { parameter: kernel, index: from * units + to } }),
      })),
    );
  });
}

/** The number of a weight in tensors; undefined where they do not have it. */
export function numberOf(tensors: PlottedTensors | undefined, weight: Edge["weight"]): number | undefined {
  const tensor: PlottedTensor | undefined = weight && tensors?.[weight.parameter];
  return tensor && weight && tensor.data[weight.index];
}
