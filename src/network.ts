import { OptionError, ShapeError } from "./errors.js";
import { schedule } from "./graph/schedule.js";
import { formatShape, type Shape } from "./graph/shape.js";
import { inLayer, type Value } from "./graph/value.js";
import { isNode, type Layer, layerTitle, type Node } from "./layers/layer.js";
import { type Parameter, parameter } from "./ops/source.js";
import { checkKeys, describe } from "./options.js";

/** A layer in its network: named, with its parameters and the node that it was first called for. */
export interface NetworkLayer {
  readonly name: string;
  readonly kind: string;
  /** Shape of its (first) result. */
  readonly shape: Shape;
  /** @internal */
  readonly parameters: readonly Parameter[];
}

/** Layers wired together: a pure description that holds no memory. `compile` makes a model of it. */
export interface Network {
  readonly layers: readonly NetworkLayer[];
  readonly inputShape: Shape;
  readonly outputShape: Shape;
  /**
   * Builds the graph of ops on a value for the input.
   *
   * @internal
   */
  build(input: Value, training: boolean): Value;
}

/**
 * A chain: `sequential(input(784), dense(128, "relu"), dense(10, "softmax"))`.
 *
 * @throws ShapeError when a layer does not fit its input
 */
export function sequential(first: Node, ...layers: Layer[]): Network {
  if (!isNode(first)) {
    const mend = Array.isArray(first) ? " Pass the layers one by one, as sequential(...layers)." : "";
    throw new ShapeError(`sequential: the first argument is ${describe(first)}; needs input(…).${mend}`);
  }
  const output = layers.reduce((node, layer, i) => {
    if (typeof layer === "function" && "definition" in layer) return layer(node);
    const mend = typeof layer === "function" ? " Call it: flatten() makes a layer, flatten does not." : "";
    throw new ShapeError(
      `sequential: argument ${i + 2} is ${describe(layer)}; needs a layer such as dense(10).${mend}`,
    );
  }, first);
  return network({ inputs: first, outputs: output });
}

/**
 * Any graph of layers from an input to an output: residual connections, shared layers.
 *
 * @throws ShapeError when the output does not depend on the input or depends on another one
 */
export function network(ends: { readonly inputs: Node; readonly outputs: Node }): Network {
  if (isNode(ends)) throw new ShapeError("network: got a node; needs { inputs, outputs }.");
  checkKeys("network", ends, ["inputs", "outputs"]);
  const { inputs, outputs } = ends;
  for (const [name, node] of Object.entries({ inputs, outputs })) {
    if (!isNode(node)) {
      throw new ShapeError(
        `network: ${name} is ${describe(node)}; needs one node. Networks with several are not supported.`,
      );
    }
  }
  const nodes = schedule([outputs]);
  if (!nodes.includes(inputs)) {
    throw new ShapeError(
      "network: the output does not depend on the input. Wire it from the input that you name.",
    );
  }
  const stray = nodes.find((node) => node.inputs.length === 0 && node !== inputs);
  if (stray !== undefined) {
    const title = layerTitle(stray.layer.kind, stray.layer.label);
    throw new ShapeError(
      `network: the output also depends on ${title}, which is not the input that you name.`,
    );
  }
  const names = nameLayers(nodes);
  const parameters = new Map<Layer, readonly Parameter[]>();
  for (const { layer, inputs: from } of nodes) {
    const declared = layer.definition.parameters(from.map((node) => node.shape));
    const shared = parameters.get(layer);
    if (shared !== undefined) checkShared(layer, shared, declared);
    else {
      parameters.set(
        layer,
        declared.map((one) => ({ ...one, name: `${names.get(layer)}/${one.name}` })),
      );
    }
  }
  const parametersOf = (layer: Layer) => parameters.get(layer) ?? [];
  return {
    layers: [...names].map(([layer, name]) => ({
      name,
      kind: layer.kind,
      shape: (nodes.find((node) => node.layer === layer) as Node).shape,
      parameters: parametersOf(layer),
    })),
    inputShape: inputs.shape,
    outputShape: outputs.shape,
    build: (input, training) => buildNodes(nodes, { input, training, names, parametersOf }),
  };
}

/** @throws ShapeError when uses of one layer would need weights of different shapes */
function checkShared(
  layer: Layer,
  shared: readonly { readonly shape: Shape }[],
  declared: readonly { readonly shape: Shape }[],
): void {
  const shapes = (of: typeof shared) => of.map(({ shape }) => formatShape(shape)).join(" and ");
  if (shapes(shared) === shapes(declared)) return;
  throw new ShapeError(
    `${layerTitle(layer.kind, layer.label)}: is shared between inputs whose weights would differ: ` +
      `${shapes(shared)}, and ${shapes(declared)}. Make a second layer.`,
  );
}

function buildNodes(
  nodes: readonly Node[],
  {
    input,
    training,
    names,
    parametersOf,
  }: {
    input: Value;
    training: boolean;
    names: ReadonlyMap<Layer, string>;
    parametersOf: (layer: Layer) => readonly Parameter[];
  },
): Value {
  const values = new Map<Node, Value>();
  const weights = new Map<Layer, readonly Value[]>();
  let last = input;
  nodes.forEach((node, index) => {
    const { layer } = node;
    last = inLayer(names.get(layer) as string, () => {
      const shared = weights.get(layer) ?? parametersOf(layer).map((one) => parameter(one));
      weights.set(layer, shared);
      const from = node.inputs.length === 0 ? [input] : node.inputs.map((one) => values.get(one) as Value);
      return layer.definition.build(from, shared, { training, node: index });
    });
    values.set(node, last);
  });
  return last;
}

/** Names each layer once: as the user did, else `dense`, `dense_2`, … in order. */
function nameLayers(nodes: readonly Node[]): Map<Layer, string> {
  const names = new Map<Layer, string>();
  const taken = new Set<string>();
  for (const { layer } of nodes) {
    if (layer.label === undefined) continue;
    if (taken.has(layer.label) && !names.has(layer)) {
      throw new OptionError(
        `network: two layers are named "${layer.label}"; needs a name of its own for each.`,
      );
    }
    names.set(layer, layer.label);
    taken.add(layer.label);
  }
  const counts = new Map<string, number>();
  const ordered = new Map<Layer, string>();
  for (const { layer } of nodes) {
    let name = names.get(layer);
    while (name === undefined) {
      const index = (counts.get(layer.kind) ?? 0) + 1;
      counts.set(layer.kind, index);
      const candidate = index === 1 ? layer.kind : `${layer.kind}_${index}`;
      if (!taken.has(candidate)) name = candidate;
    }
    taken.add(name);
    names.set(layer, name);
    ordered.set(layer, name);
  }
  return ordered;
}
