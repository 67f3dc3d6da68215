import { FormatError } from "../../check/errors.js";
import { describe } from "../../check/options.js";
import { checkSurplus } from "../../check/surplus.js";
import { input } from "../../layers/input.js";
import { isNode, type Layer, layerTitle, type Node } from "../../layers/layer.js";
import type { Network } from "../../network/description.js";
import type { Ends } from "../../network/ends.js";
import { network } from "../../network/network.js";
import { checkRule, type Rule } from "../rules.js";
import { DEPTH } from "../safetensors/limits.js";
import { parseStrict } from "../strictJson.js";
import type { Maker, Parts } from "./parts.js";
import { type Registry, withParts } from "./registry.js";
import { decode, decodeOptions, made } from "./values.js";
import type { SavedEnd, SavedLayer, SavedNetwork } from "./write.js";

const SIZE = "an integer from 0 to 2^32 - 1";
/** Of layers, nodes and ends of one network. */
const MOST = 65_536;
const ENDS: Rule = [{ "name?": "a string", node: SIZE }, 1, MOST];

/** What JSON of a network must be. */
export const NETWORK: Rule = {
  kind: "a string",
  format: SIZE,
  "name?": "a string",
  trainable: "true or false",
  layers: [
    {
      kind: "a string",
      "given?": ["anything", 0, 16],
      "options?": { "*": "anything" },
      "custom?": "true or false",
    },
    1,
    MOST,
  ],
  nodes: [
    {
      layer: SIZE,
      inputs: [SIZE, 0, MOST],
      "scope?": { network: SIZE, name: "a string", frozen: "true or false" },
    },
    1,
    MOST,
  ],
  networks: [{ "name?": "a string" }, 0, MOST],
  inputs: ENDS,
  outputs: ENDS,
};

/**
 * The network that `toJSON` described: of the same layers, under the same names, to the same bits.
 *
 * What it is made of is imported, all that there is, unless `parts` have what it needs: `{ layers: { dense, dropout } }` keeps
 * a page small. Custom layers, and activations of your own, must be given.
 *
 * @param json what `JSON.parse` gives, or the text itself
 * @throws FormatError for what is no network, or says what cannot be, naming the field; for a part of your own that was not
 *   given, with the line to write; UnsupportedError where parts are missing and cannot be imported, as in service workers
 */
export async function fromJSON<I extends Ends = Node, O extends Ends = Node>(
  json: SavedNetwork | string | object,
  parts: Parts = {},
): Promise<Network<I, O>> {
  checkSurplus("fromJSON", arguments, 2);
  const parsed = parsedOf("fromJSON", json);
  return withParts(
    "fromJSON(json, …)",
    parts,
    (registry) => readNetwork(registry, parsed) as unknown as Network<I, O>,
  );
}

/** As text it is held to the rules of strangers' JSON, however it came. */
function parsedOf(who: string, json: unknown): unknown {
  let text: unknown = json;
  try {
    if (typeof json !== "string") text = JSON.stringify(json);
  } catch (cause) {
    throw new FormatError(`${who}: got ${describe(json)}; needs what toJSON gives.`, { cause });
  }
  if (typeof text !== "string")
    throw new FormatError(`${who}: got ${describe(json)}; needs what toJSON gives.`);
  return parseStrict(who, "the network", text, DEPTH);
}

/** @param at what errors call it: its fields by their path if that is "" */
export function readNetwork(parts: Registry, given: unknown, at = ""): Network<Ends, Ends> {
  const { who } = parts;
  const { kind, format } = Object(given) as Partial<Record<"kind" | "format", unknown>>;
  if (kind !== "network" || format !== 1) {
    throw new FormatError(
      `${who}: ${at || "it"} is of kind ${describe(kind)} and format ${describe(format)}; needs "network" and 1, as toJSON ` +
        "gives it. Newer formats need a newer version of the package.",
    );
  }
  checkRule(who, NETWORK, given, at);
  const saved = given as SavedNetwork;
  const path = (field: string) => (at ? `${at}.${field}` : field);
  const nodes = readNodes(parts, saved, path);
  const inputs = endsOf(who, path("inputs"), saved.inputs, nodes);
  const outputs = endsOf(who, path("outputs"), saved.outputs, nodes);
  const { name, trainable } = saved;
  return made(who, at || "the network", () =>
    network({ inputs, outputs, trainable, ...(name === undefined ? {} : { name }) }),
  );
}

/** Layers, called as they were. @throws FormatError */
function readNodes(parts: Registry, saved: SavedNetwork, path: (field: string) => string): Node[] {
  const { who } = parts;
  const within = (at: string, i: number, length: number, what: string) => {
    if (i < length) return i;
    throw new FormatError(`${who}: ${path(at)} is ${i}; needs one of ${length} ${what}, counted from 0.`);
  };
  const layers = saved.layers.map((one, i) => readLayer(parts, one, path(`layers[${i}]`)));
  const scopes = saved.networks.map(({ name }) => ({ network: {}, label: name }));
  const nodes: Node[] = [];
  const called = new Set<Node>();
  for (const [i, { layer: number, inputs, scope }] of saved.nodes.entries()) {
    const at = `nodes[${i}]`;
    const layer = layers[within(`${at}.layer`, number, layers.length, "layers")] as Layer | Node;
    const from = inputs.map(
      (one, k) => nodes[within(`${at}.inputs[${k}]`, one, i, "nodes before it")] as Node,
    );
    if (isNode(layer) && (from.length > 0 || called.has(layer))) {
      throw new FormatError(`${who}: ${path(at)} is called on others, or twice; needs an input once.`);
    }
    if (isNode(layer)) called.add(layer);
    const node = isNode(layer) ? layer : made(who, path(at), () => layer(...from));
    if (scope === undefined) nodes.push(node);
    else {
      const { network, name, frozen } = scope;
      const of = scopes[
        within(`${at}.scope.network`, network, scopes.length, "networks")
      ] as (typeof scopes)[number];
      nodes.push({ ...node, scope: { ...of, name, isFrozen: frozen } });
    }
  }
  return nodes;
}

/** A layer, or of an input its node. */
function readLayer(
  parts: Registry,
  { kind, given = [], options = {}, custom }: SavedLayer,
  at: string,
): Layer | Node {
  const { who } = parts;
  const title = `${at} (${layerTitle(kind, options.name as string)})`;
  const list = given.map((one, i) => decode(parts, `${at}.given[${i}]`, one, "activation"));
  const settled = decodeOptions(parts, `${at}.options`, options);
  if (kind === "input" && custom !== true) return made(who, title, () => input(list[0] as number[], settled));
  const make = parts.find("layers", kind, `${at}.kind`, custom === true) as Maker;
  const layer: unknown = made(who, title, () => make(...([...list, settled] as never[])));
  const got = isLayer(layer) ? `a layer of kind ${describe(layer.kind)}` : describe(layer);
  if (isLayer(layer) && layer.kind === kind) return layer;
  // What makes an input gives its node.
  if (isNode(layer) && layer.layer.kind === kind && layer.inputs.length === 0) return layer;
  throw new FormatError(
    `${who}: ${title}: the function that was given for it makes ${got}; needs such a layer.`,
  );
}

const isLayer = (made: unknown): made is Layer => typeof made === "function" && "definition" in made;

/** One node, or several by name. @throws FormatError */
function endsOf(who: string, at: string, saved: readonly SavedEnd[], nodes: readonly Node[]): Ends {
  const found = saved.map(({ name, node }, i) => {
    if (node < nodes.length) return [name, nodes[node] as Node] as const;
    throw new FormatError(
      `${who}: ${at}[${i}].node is ${node}; needs one of ${nodes.length} nodes, counted from 0.`,
    );
  });
  const [first] = found;
  if (found.length === 1 && first !== undefined && first[0] === undefined) return first[1];
  const names = found.map(([name]) => name);
  const odd = names.findIndex((name, i) => name === undefined || names.indexOf(name) < i);
  if (odd < 0) return Object.fromEntries(found as (readonly [string, Node])[]);
  throw new FormatError(
    `${who}: ${at}[${odd}].name is ${describe(names[odd])}; needs a name that no other has.`,
  );
}
