import { ShapeError } from "../check/errors.js";
import { flag, later, optional, text } from "../check/kinds.js";
import { describe } from "../check/options.js";
import { take } from "../check/schema.js";
import { siteOf } from "../check/site.js";
import { checkSurplus } from "../check/surplus.js";
import type { Parameter } from "../graph/primitives/step/source.js";
import { CycleError, schedule } from "../graph/schedule.js";
import { onValues, type Value } from "../graph/value.js";
import { isNode, type Layer, layerTitle, type Node } from "../layers/layer.js";
import { checkShared } from "../layers/sharing.js";
import { buildNodes, type Wiring } from "./build.js";
import { callNetwork } from "./call.js";
import type { Network } from "./description.js";
import { checkOutputs, type Ends, type NamedNode, namedNodes } from "./ends.js";
import { nameLayers } from "./names.js";
import { shown } from "./picture.js";
import { summarize } from "./summary.js";

export interface NetworkOptions<I extends Ends, O extends Ends> {
  /** The node of `input(…)`, or several by name. */
  readonly inputs: I;
  /** What it returns: one node, or several by name. */
  readonly outputs: O;
  /** What it is called when it is used as a layer; default `network`. */
  readonly name?: string;
  /** false freezes all its parameters, wherever it is used. Default true. */
  readonly trainable?: boolean;
}

/**
 * Any graph of layers from inputs to outputs: branches, residual connections, shared layers, networks as layers.
 *
 * @throws ShapeError when an output depends on an input that is not named, an input leads nowhere, or nodes form a
 *   cycle; OptionError when two layers have one name
 */
export function network<const I extends Ends, const O extends Ends>(
  options: NetworkOptions<I, O>,
): Network<I, O> {
  checkSurplus("network", arguments, 1);
  const isEnds = typeof options === "object" && options !== null && !isNode(options);
  if (!isEnds) {
    const got = isNode(options) ? "a node" : describe(options);
    throw new ShapeError(`network: got ${got}; needs { inputs, outputs }.`);
  }
  const { inputs, outputs, name, trainable } = take("network", options, {
    inputs: later<I>(),
    outputs: later<O>(),
    name: optional(text()),
    trainable: flag(true),
  });
  const who = name === undefined ? "network" : `network "${name}"`;
  const from = namedNodes(who, "inputs", inputs);
  const to = namedNodes(who, "outputs", outputs);
  checkOutputs(who, to);
  const nodes = scheduleNodes(who, to);
  checkInputs(who, nodes, from);
  const names = nameLayers(who, nodes);
  const parameters = declareParameters(nodes, names, trainable);
  const wiring: Wiring = {
    nodes,
    inputs: from,
    outputs: to,
    names,
    parametersOf: (layer) => parameters.get(layer) ?? [],
  };
  const first = new Map<Layer, Node>();
  for (const node of nodes) if (!first.has(node.layer)) first.set(node.layer, node);
  const description = {
    layers: [...names].map(([layer, name]) => ({
      name,
      kind: layer.kind,
      shape: (first.get(layer) as Node).shape,
      parameters: wiring.parametersOf(layer),
    })),
    inputs: from.map(({ name, shape, node }) => ({ name, shape, entry: node.layer.definition.entry })),
    outputs: to.map(({ name, shape }) => ({ name, shape })),
    single: { input: isNode(inputs), output: isNode(outputs) },
    label: name,
    trainable,
    ends: { inputs, outputs },
    wiring,
    build: (values: readonly Value[], training: boolean, isTrained?: (one: Parameter) => boolean) =>
      buildNodes(wiring, values, training, isTrained),
  };
  const call = (...given: unknown[]) => onValues(built, given) ?? callNetwork(who, built, given, !trainable);
  const built = Object.assign(call, description) as unknown as Network<I, O>;
  return Object.assign(
    built,
    shown(built, () => summarize(built, (one) => one.trainable !== false)),
  );
}

/** @throws ShapeError when the nodes form a cycle */
function scheduleNodes(who: string, outputs: readonly NamedNode[]): Node[] {
  try {
    return schedule(outputs.map(({ node }) => node));
  } catch (error) {
    if (!(error instanceof CycleError)) throw error;
    const cycle = error.nodes as readonly Node[];
    const titles = cycle.map((node) => layerTitle(node.layer.kind, node.layer.label) + siteOf(node));
    throw new ShapeError(
      `${who}: its nodes form a cycle: ${titles.join(" → ")}; needs a way from inputs to outputs.`,
    );
  }
}

/** @throws ShapeError for an input that leads nowhere, or one that is not named */
function checkInputs(who: string, nodes: readonly Node[], inputs: readonly NamedNode[]): void {
  const found = new Set(nodes);
  const known = new Set(inputs.map(({ node }) => node));
  const unconnected = inputs.find(({ node }) => !found.has(node));
  if (unconnected !== undefined) {
    throw new ShapeError(
      `${who}: no output depends on the input "${unconnected.name}"${siteOf(unconnected.node)}. ` +
        "Wire the outputs from it, or leave it out.",
    );
  }
  const inner = inputs.find(({ node }) => node.inputs.length > 0);
  if (inner !== undefined) {
    throw new ShapeError(
      `${who}: the input "${inner.name}" is the result of ${titleOf(inner.node)}; needs what input(…) returns.`,
    );
  }
  const stray = nodes.find((node) => node.inputs.length === 0 && !known.has(node));
  if (stray === undefined) return;
  throw new ShapeError(
    `${who}: the outputs also depend on ${titleOf(stray)}, which is not among the inputs. Name it there.`,
  );
}

const titleOf = (node: Node) => layerTitle(node.layer.kind, node.layer.label) + siteOf(node);

function declareParameters(
  nodes: readonly Node[],
  names: ReadonlyMap<Layer, string>,
  trainable: boolean,
): Map<Layer, readonly Parameter[]> {
  const parameters = new Map<Layer, readonly Parameter[]>();
  // One use within a frozen network freezes a layer for all of them, whichever comes first.
  const frozen = new Set(nodes.flatMap(({ layer, scope }) => (scope?.isFrozen ? [layer] : [])));
  for (const { layer, inputs } of nodes) {
    const declared = layer.definition.parameters(inputs.map((node) => node.shape));
    const shared = parameters.get(layer);
    if (shared !== undefined) {
      checkShared(layer, shared, declared);
      continue;
    }
    const isTrained = trainable && layer.definition.options.trainable !== false && !frozen.has(layer);
    const named = declared.map((one) => ({ ...one, name: `${names.get(layer)}/${one.name}` }));
    parameters.set(layer, isTrained ? named : named.map((one) => ({ ...one, trainable: false })));
  }
  return parameters;
}
