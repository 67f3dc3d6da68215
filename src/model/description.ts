/**
 * What a model is, as flat data: of each use of a layer, of the losses and of the optimizer what the schemas of options
 * settled, so that what is configured alike is described alike, and what differs has a name: `dense_2.activation`.
 *
 * Functions of the user's are left out, since two builds of one program give them different names. What they are in is told
 * by the name that the user gave: the kind of a custom layer, the name of a custom loss.
 */
import { placeholder } from "../graph/primitives/step/source.js";
import type { Node } from "../layers/layer.js";
import type { AnyNetwork } from "../network/description.js";
import type { Settings } from "./programs.js";

export type Fact = string | number | boolean | null;

/** What the parts are, by their names. Without a prototype, whose properties a name may be like. */
export type Facts = Record<string, Fact>;

export interface ModelDescription {
  /** Of the facts that there are: more, when options come that older snapshots cannot have. */
  readonly version: number;
  /** What predictions follow from, with the weights. */
  readonly network: Facts;
  /** What the course of training follows from beside that. */
  readonly training: Facts;
  /** What is reported. */
  readonly metrics: Facts;
}

const none = (): Facts => Object.create(null) as Facts;

/** Options that say nothing of what a layer does when its weights are there. */
const BEGINNING = /^(name|trainable)$|Initializer$/;
/** Options that say nothing of what it predicts. */
const TRAINING = /^momentum$|(Regularizer|Constraint|[dD]ropout)$/;

/** Notes data under a name: of what is configured its function, what that was given, and the options. */
function note(facts: Facts, name: string, value: unknown): void {
  if (typeof value === "number" && !Number.isFinite(value)) facts[name] = `${value}`;
  else if (ArrayBuffer.isView(value) || Array.isArray(value)) {
    Array.from(value as ArrayLike<unknown>, (one, i) => note(facts, `${name}[${i}]`, one));
  } else if (Object(value) !== value) {
    if (value !== undefined) facts[name] = value as string;
  } else {
    const { kind, name: called, given, options } = value as Readonly<Record<string, unknown>>;
    const isConfigured = typeof options === "object";
    const [first] = (given ?? []) as readonly unknown[];
    // A custom loss is called like its function unless it is given a name.
    const hasName = typeof first !== "function" || first.name !== called;
    if (typeof kind === "string") facts[name] = kind;
    else if (isConfigured && hasName) facts[name] = called as string;
    if (isConfigured) note(facts, name, given);
    if (!isConfigured && typeof value === "function") return;
    for (const [key, one] of Object.entries((isConfigured ? options : value) ?? {})) {
      if (!BEGINNING.test(key)) note(facts, `${name}.${key}`, one);
    }
  }
}

/** Notes each use of a layer; what gives back what it is called on, as dropout outside training, as one of training. */
function noteNetwork(network: AnyNetwork, facts: Facts, training: Facts): void {
  const { nodes, names, inputs, outputs } = network.wiring;
  const slots = network.inputs.map(({ shape }, slot) => placeholder(shape, slot));
  const { results } = network.build(slots, false);
  const resultOf = ({ layer }: Node) => results.get(names.get(layer) as string);
  const counts = new Map<string, number>();
  /** Of each node what it is called in training, and in predictions. */
  const labels = new Map<Node, readonly [training: string, predicting: string]>();
  for (const node of nodes) {
    const { kind, given, options } = node.layer;
    const number = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, number);
    const label = number === 1 ? kind : `${kind}_${number}`;
    const [first] = node.inputs;
    const isInert = first !== undefined && resultOf(node) === resultOf(first);
    labels.set(node, [label, isInert ? (labels.get(first)?.[1] as string) : label]);
    const from = (of: 0 | 1) => `on ${node.inputs.map((one) => labels.get(one)?.[of]).join(", ")}`;
    training[label] = from(0);
    if (!isInert) facts[label] = from(1);
    note(isInert ? training : facts, label, given);
    for (const [key, one] of Object.entries(options)) {
      if (!BEGINNING.test(key))
        note(isInert || TRAINING.test(key) ? training : facts, `${label}.${key}`, one);
    }
  }
  for (const { name, node } of inputs) facts[`input "${name}"`] = labels.get(node)?.[1] as string;
  for (const { name, node } of outputs) facts[`output "${name}"`] = labels.get(node)?.[1] as string;
}

export function describeModel({ network, outputs, optimizer, clipping }: Settings): ModelDescription {
  const [facts, training, metrics] = [none(), none(), none()];
  noteNetwork(network, facts, training);
  note(training, "optimizer", optimizer);
  note(training, "clipping", clipping);
  for (const { name, loss, weight, metrics: listed } of outputs) {
    note(training, `loss of "${name}"`, loss ?? null);
    note(training, `lossWeight of "${name}"`, weight);
    note(metrics, `metrics of "${name}"`, listed);
  }
  return { version: 1, network: facts, training, metrics };
}
