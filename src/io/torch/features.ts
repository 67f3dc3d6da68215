/**
 * In which order PyTorch has the features of each value of a network. A map has its channels last here and first there, so that
 * `flatten` makes another order of it; what follows keeps that order, up to the layer that multiplies it by a kernel.
 */
import { UnsupportedError } from "../../check/errors.js";
import type { Layer, Node } from "../../layers/layer.js";

/** Of a value behind a node. */
export interface Features {
  /** Whether it is a map, whose channels are first there. */
  readonly isMap: boolean;
  /** Axes of the value. */
  readonly rank: number;
  /** Of each feature there, which one here; undefined where they lie alike. */
  readonly order?: readonly number[] | undefined;
}

const same = (a: readonly number[] | undefined, b: readonly number[] | undefined): boolean =>
  a === b ||
  (a !== undefined && b !== undefined && a.length === b.length && a.every((one, i) => one === b[i]));

/** Features of [channels, …places] flattened, as of [rows, …places, channels]. */
function flattened(shape: readonly number[]): readonly number[] | undefined {
  const channels = shape.at(-1) as number;
  const places = shape.slice(1, -1).reduce((product, size) => product * size, 1);
  if (channels === 1 || places === 1) return undefined;
  return Array.from({ length: channels * places }, (_, k) => {
    const place = k % places;
    return place * channels + (k - place) / places;
  });
}

/** Orders one behind the other; undefined where all lie alike. */
function joined(
  inputs: readonly { readonly size: number; readonly order?: readonly number[] | undefined }[],
) {
  if (inputs.every(({ order }) => order === undefined)) return undefined;
  let start = 0;
  return inputs.flatMap(({ size, order }) => {
    const from = start;
    start += size;
    return Array.from({ length: size }, (_, i) => from + (order?.[i] ?? i));
  });
}

/**
 * What a layer makes of the features of its inputs.
 *
 * @throws UnsupportedError where PyTorch's order would make another network
 */
function featuresBehind(
  who: string,
  name: string,
  node: Node,
  inputs: readonly Features[],
): Omit<Features, "rank"> {
  const { layer, shape } = node;
  const isMap = shape.length > 3 || (shape.length > 2 && inputs.some((one) => one.isMap));
  const [first] = inputs;
  const refuse = (why: string): never => {
    throw new UnsupportedError(
      `${who}: ${name} ${why} a map that was flattened, whose features PyTorch has in another order; needs a dense layer before it, or a pooling over all places instead of flatten().`,
    );
  };
  switch (layer.definition.layout) {
    case "dense":
    case "input":
      return { isMap: shape.length > 3 };
    case "convolution":
      return { isMap: true };
    case "map":
      return { isMap: shape.length > 2 };
    case "flatten":
      return { isMap: false, order: first?.isMap ? flattened(node.inputs[0]?.shape ?? []) : first?.order };
    case "concatenation": {
      // Of values of two axes there are none but the features to be joined.
      const sizes = node.inputs.map((one, i) => ({
        size: one.shape.at(-1) as number,
        order: inputs[i]?.order,
      }));
      return { isMap, order: shape.length === 2 ? joined(sizes) : undefined };
    }
    case "groups":
    case "halves":
    case "own":
      if (first?.order !== undefined) refuse("takes together features of");
      return { isMap };
    default:
      if (inputs.some(({ order }) => !same(order, first?.order))) refuse("joins with others the features of");
      return { isMap, order: first?.order };
  }
}

/** Of each layer what goes into it. @throws UnsupportedError for a layer that is shared by values of different orders */
export function featuresBefore(
  who: string,
  nodes: readonly Node[],
  nameOf: (layer: Layer) => string,
): ReadonlyMap<Layer, readonly Features[]> {
  const behind = new Map<Node, Features>();
  const before = new Map<Layer, readonly Features[]>();
  for (const node of nodes) {
    const { layer } = node;
    const name = nameOf(layer);
    const inputs = node.inputs.map((one) => behind.get(one) as Features);
    behind.set(node, { rank: node.shape.length, ...featuresBehind(who, name, node, inputs) });
    const known = before.get(layer);
    if (known !== undefined && !same(known[0]?.order, inputs[0]?.order)) {
      throw new UnsupportedError(
        `${who}: ${name} is shared by values whose features PyTorch has in different orders; needs a layer for each.`,
      );
    }
    before.set(layer, inputs);
  }
  return before;
}
