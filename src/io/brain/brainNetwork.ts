/**
 * What brain.js writes by `net.toJSON()` (https://github.com/BrainJS/brain.js), of version 2:
 *
 *     { type: "NeuralNetwork", sizes, layers: [{ weights: [[…]], biases: […] }, …], inputLookup, outputLookup, trainOpts, … }
 *
 * and of version 1, whose layers are nodes by name or number, `{ "0": { bias, weights: { "0": … } } }`.
 */
import { FormatError, UnsupportedError } from "../../check/errors.js";
import { describe } from "../../check/options.js";

type Fields = Readonly<Record<string, unknown>>;

/** A network as brain.js has it. */
export interface BrainNetwork {
  /** Of brain.js. */
  readonly version: 1 | 2;
  /** Numbers of each layer, the input first. */
  readonly sizes: readonly number[];
  readonly activation: "sigmoid" | "relu" | "leaky-relu" | "tanh";
  readonly leakyReluAlpha: number;
  /** The numbers of inputs and outputs by name, where it was trained on records. */
  readonly inputs: readonly string[] | undefined;
  readonly outputs: readonly string[] | undefined;
  /** Of each layer but the input: [out, in]. */
  readonly layers: readonly { readonly weights: Float32Array; readonly biases: Float32Array }[];
}

const ACTIVATIONS = ["sigmoid", "relu", "leaky-relu", "tanh"] as const;
/** Layers, and numbers in one. */
const MOST_LAYERS = 1024;
const MOST_SIZE = 2 ** 24;
const RECURRENT = /^(RNN|LSTM|GRU|RNNTimeStep|LSTMTimeStep|GRUTimeStep|Recurrent)$/;

const isFields = (given: unknown): given is Fields =>
  typeof given === "object" && given !== null && !Array.isArray(given);
const own = (given: unknown, name: string): unknown =>
  isFields(given) && Object.hasOwn(given, name) ? given[name] : undefined;

/** Whether JSON looks like what brain.js writes. */
export const isBrain = (json: unknown): boolean =>
  isFields(json) &&
  ((Array.isArray(own(json, "sizes")) && Array.isArray(own(json, "layers"))) ||
    RECURRENT.test(String(own(json, "type"))));

/** @throws FormatError naming the field that is wrong; UnsupportedError for another kind of network of brain.js */
export function readBrain(who: string, json: unknown): BrainNetwork {
  const wrong = (at: string, value: unknown, needs: string) =>
    new FormatError(`${who}: ${at} is ${describe(value)}; needs ${needs}.`);
  const type = own(json, "type");
  if (RECURRENT.test(String(type)) || (type !== undefined && type !== "NeuralNetwork" && isBrain(json))) {
    throw new UnsupportedError(
      `${who}: type is ${describe(type)}; needs "NeuralNetwork", whose layers there are here.`,
    );
  }
  if (!isBrain(json)) throw wrong("it", json, "what toJSON() of a NeuralNetwork of brain.js gives");
  const { sizes, layers } = json as {
    readonly sizes: readonly unknown[];
    readonly layers: readonly unknown[];
  };
  if (sizes.length < 2 || sizes.length > MOST_LAYERS)
    throw wrong("sizes", sizes, `a list of 2 to ${MOST_LAYERS}`);
  sizes.forEach((size, i) => {
    if (Number.isInteger(size) && (size as number) > 0 && (size as number) <= MOST_SIZE) return;
    throw wrong(`sizes[${i}]`, size, `an integer from 1 to ${MOST_SIZE}`);
  });
  const counts = sizes as readonly number[];
  if (layers.length !== counts.length)
    throw wrong("layers", layers, `a list of ${counts.length}, as sizes says`);
  const trained = own(json, "trainOpts");
  const options = own(json, "options");
  const [activation = "sigmoid"] = [
    own(trained, "activation"),
    own(options, "activation"),
    own(json, "activation"),
  ].filter((one) => one !== undefined);
  if (!ACTIVATIONS.includes(activation as never)) {
    throw wrong("activation", activation, `one of ${ACTIVATIONS.join(", ")}`);
  }
  const [leakyReluAlpha = 0.01] = [own(trained, "leakyReluAlpha"), own(options, "leakyReluAlpha")].filter(
    (one) => one !== undefined,
  );
  if (typeof leakyReluAlpha !== "number" || !(leakyReluAlpha >= 0 && leakyReluAlpha <= 1)) {
    throw wrong("trainOpts.leakyReluAlpha", leakyReluAlpha, "a number from 0 to 1");
  }
  const isSecond = own(layers[1], "biases") !== undefined;
  const read = isSecond ? secondLayer : firstLayer;
  const names = isSecond
    ? [
        lookup(wrong, json, "inputLookup", counts[0] as number),
        lookup(wrong, json, "outputLookup", counts.at(-1) as number),
      ]
    : [nodeNames(wrong, layers, 0, counts), nodeNames(wrong, layers, counts.length - 1, counts)];
  return {
    version: isSecond ? 2 : 1,
    sizes: counts,
    activation: activation as BrainNetwork["activation"],
    leakyReluAlpha,
    inputs: names[0],
    outputs: names[1],
    layers: counts.slice(1).map((_, i) => read(wrong, layers, i + 1, counts)),
  };
}

type Wrong = (at: string, value: unknown, needs: string) => FormatError;

/** Finite numbers, exactly so many, into a place. @throws FormatError */
function fill(wrong: Wrong, at: string, given: unknown, to: Float32Array): void {
  if (!Array.isArray(given) || given.length !== to.length) throw wrong(at, given, `a list of ${to.length}`);
  for (let i = 0; i < to.length; i++) to[i] = finite(wrong, `${at}[${i}]`, given[i]);
}

function finite(wrong: Wrong, at: string, given: unknown): number {
  if (typeof given === "number" && Number.isFinite(Math.fround(given))) return given;
  throw wrong(at, given, "a finite number");
}

/** Room is made row by row, as there are rows: what sizes says is not believed. */
function secondLayer(wrong: Wrong, layers: readonly unknown[], layer: number, sizes: readonly number[]) {
  const [inputs, outputs] = [sizes[layer - 1] as number, sizes[layer] as number];
  const at = `layers[${layer}]`;
  const given = own(layers[layer], "weights");
  if (!Array.isArray(given) || given.length !== outputs)
    throw wrong(`${at}.weights`, given, `a list of ${outputs}`);
  const odd = given.findIndex((row) => !Array.isArray(row) || row.length !== inputs);
  if (odd >= 0) throw wrong(`${at}.weights[${odd}]`, given[odd], `a list of ${inputs}`);
  const weights = new Float32Array(inputs * outputs);
  given.forEach((row, i) => {
    fill(wrong, `${at}.weights[${i}]`, row, weights.subarray(i * inputs, (i + 1) * inputs));
  });
  const biases = new Float32Array(outputs);
  fill(wrong, `${at}.biases`, own(layers[layer], "biases"), biases);
  return { weights, biases };
}

/** The nodes of a layer of version 1. @throws FormatError */
function nodesOf(wrong: Wrong, layers: readonly unknown[], layer: number, sizes: readonly number[]) {
  const given = layers[layer];
  const nodes = isFields(given) ? Object.entries(given) : [];
  if (nodes.length === sizes[layer]) return nodes;
  throw wrong(`layers[${layer}]`, given, `an object of ${sizes[layer]} nodes`);
}

function firstLayer(wrong: Wrong, layers: readonly unknown[], layer: number, sizes: readonly number[]) {
  const nodes = nodesOf(wrong, layers, layer, sizes);
  const before = nodesOf(wrong, layers, layer - 1, sizes).map(([name]) => name);
  for (const [name, node] of nodes) {
    const given = own(node, "weights");
    const count = Array.isArray(given) ? given.length : Object.keys(Object(given) as object).length;
    if (count !== before.length)
      throw wrong(`layers[${layer}].${name}.weights`, given, `${before.length} weights`);
  }
  const weights = new Float32Array(nodes.length * before.length);
  const biases = Float32Array.from(nodes, ([name, node]) =>
    finite(wrong, `layers[${layer}].${name}.bias`, own(node, "bias")),
  );
  nodes.forEach(([name, node], i) => {
    const given = own(node, "weights") as Fields;
    before.forEach((from, k) => {
      const value = Object.hasOwn(given, from) ? given[from] : undefined;
      weights[i * before.length + k] = finite(wrong, `layers[${layer}].${name}.weights.${from}`, value);
    });
  });
  return { weights, biases };
}

/** Of version 1: names, unless nodes are numbered. */
function nodeNames(wrong: Wrong, layers: readonly unknown[], layer: number, sizes: readonly number[]) {
  const names = nodesOf(wrong, layers, layer, sizes).map(([name]) => name);
  return names.every((name, i) => name === `${i}`) ? undefined : names;
}

/** Names in the order of their numbers, each of which comes once. @throws FormatError */
function lookup(wrong: Wrong, json: unknown, at: string, size: number): readonly string[] | undefined {
  const given = own(json, at);
  if (given === undefined || given === null || given === false) return undefined;
  if (!isFields(given)) throw wrong(at, given, "an object of numbers by name");
  const entries = Object.entries(given);
  if (entries.length !== size) throw wrong(at, given, `${size} names, as sizes says`);
  const names: string[] = [];
  for (const [name, place] of entries) {
    const isPlace = Number.isInteger(place) && (place as number) >= 0 && (place as number) < size;
    if (!isPlace || names[place as number] !== undefined)
      throw wrong(`${at}.${name}`, place, `a number below ${size} that no other has`);
    names[place as number] = name;
  }
  return names;
}
