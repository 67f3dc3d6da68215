/**
 * What a model is, as plain data that JSON holds without loss: made of what the schemas of options settled, so that what is
 * configured alike is described alike.
 *
 * Functions of the user's are left out: two builds of one program give them different names. What they are in is told by the
 * name that the user gave: the kind of a custom layer, the name of a custom loss.
 */
import { placeholder } from "../graph/primitives/step/source.js";
import type { AnyNetwork } from "../network/description.js";
import type { Settings } from "./programs.js";

/** What JSON holds. */
export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain };

/** One use of a layer. */
export interface NodeDescription {
  readonly kind: string;
  /** Numbers of the nodes that it is called on. */
  readonly from: readonly number[];
  /** What its function takes before the options. */
  readonly given?: Plain | undefined;
  readonly options?: Plain | undefined;
  /** Outside training it gives back what it is called on: what predicts may go without it. */
  readonly isInert?: true | undefined;
}

/** A network, but for its names and where its weights begin. */
export interface NetworkDescription {
  readonly nodes: readonly NodeDescription[];
  /** Number of each node that is an end, by its name. */
  readonly inputs: Plain;
  readonly outputs: Plain;
}

export interface ModelDescription {
  readonly network: NetworkDescription;
  /** What training goes by: losses, optimizer, clipping. */
  readonly training: Plain;
  /** What is reported of each output. */
  readonly metrics: Plain;
}

/** Options that say nothing of what a layer does when its weights are there. */
const BEGINNING = /^(name|trainable)$|Initializer$/;

/** Data as JSON holds it; of what is configured its function, what that was given, and the options. */
function plainOf(value: unknown): Plain | undefined {
  if (typeof value === "number" && !Number.isFinite(value)) return `${value}`;
  if (ArrayBuffer.isView(value) || Array.isArray(value)) {
    return Array.from(value as ArrayLike<unknown>, (one) => plainOf(one) ?? null);
  }
  const { kind, name, given, options } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof options === "object") return configured(typeof kind === "string" ? kind : name, given, options);
  if (typeof value === "function" || value === undefined) return undefined;
  return typeof value === "object" && value !== null ? fieldsOf(value) : (value as Plain);
}

function configured(name: unknown, given: unknown, options: object | null): Plain {
  const [first] = (given ?? []) as readonly unknown[];
  // A custom loss is called like its function unless it is given a name.
  const isFunctions = typeof first === "function" && first.name === name && !("kind" in first);
  return fieldsOf({ name: isFunctions ? "a function" : name, given, options });
}

const fieldsOf = (fields: object): Plain =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([key, one]) => {
      const plain = key === "options" ? fieldsOf(withoutBeginning(one)) : plainOf(one);
      return plain === undefined ? [] : [[key, plain]];
    }),
  );

const withoutBeginning = (options: object | null) =>
  Object.fromEntries(Object.entries(options ?? {}).filter(([key]) => !BEGINNING.test(key)));

function describeNetwork(network: AnyNetwork): NetworkDescription {
  const { nodes, names, inputs, outputs } = network.wiring;
  const numbers = new Map(nodes.map((node, i) => [node, i]));
  const slots = network.inputs.map(({ shape }, slot) => placeholder(shape, slot));
  const { results } = network.build(slots, false);
  const resultOf = (node: (typeof nodes)[number] | undefined) => node && results.get(names.get(node.layer) as string);
  const ends = (of: typeof inputs) => Object.fromEntries(of.map(({ name, node }) => [name, numbers.get(node) as number]));
  return {
    nodes: nodes.map((node) => {
      const { layer, inputs } = node;
      const { given, options } = plainOf(layer) as { given?: Plain; options?: Plain };
      return {
        kind: layer.kind,
        from: inputs.map((one) => numbers.get(one) as number),
        ...(given && { given }),
        ...(options && { options }),
        ...(inputs.length > 0 && resultOf(node) === resultOf(inputs[0]) && { isInert: true as const }),
      };
    }),
    inputs: ends(inputs),
    outputs: ends(outputs),
  };
}

export function describeModel({ network, outputs, optimizer, clipping }: Settings): ModelDescription {
  const losses = outputs.map(({ name, loss, weight }) => ({ name, loss: loss ?? null, weight }));
  return {
    network: describeNetwork(network),
    training: plainOf({ optimizer, losses, clipping }) as Plain,
    metrics: plainOf(outputs.map(({ metrics }) => metrics)) as Plain,
  };
}
