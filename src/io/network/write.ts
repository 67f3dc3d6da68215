import { OptionError } from "../../check/errors.js";
import { describe } from "../../check/options.js";
import { checkSurplus } from "../../check/surplus.js";
import { type Layer, layerTitle, type Node } from "../../layers/layer.js";
import type { AnyNetwork } from "../../network/description.js";
import { encode, encodeFields } from "./values.js";

/** A layer as JSON holds it. */
export interface SavedLayer {
  /** The function that makes it: `dense`. */
  readonly kind: string;
  /** What that was given before the options. */
  readonly given?: readonly unknown[];
  readonly options?: { readonly [name: string]: unknown };
  /** Whether it is the user's: a `customLayer`. */
  readonly custom?: boolean;
}

/** One use of a layer. */
export interface SavedNode {
  /** Which of the layers, counted from 0. */
  readonly layer: number;
  /** Nodes before it that it is called on. */
  readonly inputs: readonly number[];
  /** Of a network that was used as a layer: which, what it calls the layer, and whether it is frozen. */
  readonly scope?: { readonly network: number; readonly name: string; readonly frozen: boolean };
}

/** An input or an output; the one that goes without a name has none. */
export interface SavedEnd {
  readonly name?: string;
  readonly node: number;
}

/** A network as JSON holds it: `fromJSON` makes it anew. */
export interface SavedNetwork {
  readonly kind: "network";
  readonly format: 1;
  /** What it is called as a layer. */
  readonly name?: string;
  /** false: it was made so that all its parameters are frozen. */
  readonly trainable: boolean;
  readonly layers: readonly SavedLayer[];
  readonly nodes: readonly SavedNode[];
  /** The networks that were used as layers, by their names, if they have some. */
  readonly networks: readonly { readonly name?: string }[];
  readonly inputs: readonly SavedEnd[];
  readonly outputs: readonly SavedEnd[];
}

/**
 * What a network is, as plain data for `JSON.stringify`: its layers with all options, and how they are wired; no weights.
 * `fromJSON` makes it anew, to the same bits.
 *
 * A `customLayer` goes by its kind and its `configuration`, an activation of your own by the name of its function.
 *
 * @throws OptionError for a function without a name, and for what is no network
 */
export function toJSON(network: AnyNetwork): SavedNetwork {
  checkSurplus("toJSON", arguments, 1);
  if (typeof (network as unknown) !== "function" || !("wiring" in network)) {
    throw new OptionError(
      `toJSON: got ${describe(network)}; needs what sequential(…) or network(…) returns.`,
    );
  }
  return saveNetwork("toJSON", network);
}

export function saveNetwork(who: string, network: AnyNetwork): SavedNetwork {
  const { wiring, single, label, trainable } = network;
  const places = new Map(wiring.nodes.map((node, i) => [node, i]));
  const layers = [...wiring.names.keys()];
  const numbers = new Map(layers.map((layer, i) => [layer, i]));
  const scopes = [...new Set(wiring.nodes.flatMap(({ scope }) => scope?.network ?? []))];
  const labels = new Map(
    wiring.nodes.flatMap(({ scope }) => (scope ? [[scope.network, scope.label] as const] : [])),
  );
  const placeOf = (node: Node) => places.get(node) as number;
  const named = (name: string | undefined) => (name === undefined ? {} : { name });
  const ends = (of: "inputs" | "outputs", isSingle: boolean) =>
    wiring[of].map(({ name, node }) => ({ ...named(isSingle ? undefined : name), node: placeOf(node) }));
  return {
    kind: "network",
    format: 1,
    ...named(label),
    trainable,
    layers: layers.map((layer) => saveLayer(who, layer)),
    nodes: wiring.nodes.map(({ layer, inputs, scope }) => ({
      layer: numbers.get(layer) as number,
      inputs: inputs.map(placeOf),
      ...(scope && {
        scope: { network: scopes.indexOf(scope.network), name: scope.name, frozen: scope.isFrozen },
      }),
    })),
    networks: scopes.map((one) => named(labels.get(one))),
    inputs: ends("inputs", single.input),
    outputs: ends("outputs", single.output),
  };
}

/** Of a custom layer its functions are left out, and its configuration is among the options. */
function saveLayer(who: string, { kind, label, given, options }: Layer): SavedLayer {
  const at = `${who}: ${layerTitle(kind, label)}`;
  const isCustom = typeof options.build === "function";
  const { configuration, ...others } = options;
  const settled = isCustom
    ? encodeFields(at, { ...(configuration as object), ...others }, ["kind", "parameters", "build", "shape"])
    : encodeFields(at, options);
  return {
    kind,
    ...(given && { given: given.map((one, i) => encode(`${at}: argument ${i + 1}`, one)) }),
    ...(Object.keys(settled).length > 0 && { options: settled }),
    ...(isCustom && { custom: true }),
  };
}
