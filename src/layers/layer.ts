import { OptionError, ShapeError } from "../check/errors.js";
import { flag, optional, text } from "../check/kinds.js";
import { describe } from "../check/options.js";
import type { Configured, Kind } from "../check/schema.js";
import type { Initial, ParameterConstraint } from "../graph/primitives/step/source.js";
import type { Shape } from "../graph/shape.js";
import { type Entry, onValues, type Value } from "../graph/value.js";

/** A tensor that a layer trains. */
export interface ParameterDeclaration {
  /** Unique in its layer: `kernel`, `bias`. */
  readonly name: string;
  readonly shape: Shape;
  readonly initial: Initial;
  /** Whether training changes it; default true. */
  readonly trainable?: boolean;
  /** Whether weight decay applies to it; default true. */
  readonly decay?: boolean;
  readonly constraint?: ParameterConstraint | undefined;
  /** It has no gradient, but is a running average: the share of what is new in each step, in (0, 1]. */
  readonly average?: number;
}

export interface BuildContext {
  /** True while training: dropout drops. */
  readonly training: boolean;
  /** Number of the layer in its network: keys its random numbers. */
  readonly node: number;
  /**
   * Adds a scalar, or one number for each row, to what training makes small. Among losses that are sums over rows, a
   * scalar counts once for each micro-batch that a step is computed in.
   */
  addLoss(value: Value): void;
  /** Whether all its parameters are frozen. */
  readonly frozen: boolean;
  /**
   * In training, what a parameter that is a running average moves towards once the step is made. Of several values for
   * one parameter, as where the layer is shared, their mean counts.
   */
  setAverage(parameter: Value, value: Value): void;
}

export interface NameOptions {
  /** What summaries, weights and errors call the layer; unique in its network. */
  readonly name?: string;
}

export interface TrainableOptions extends NameOptions {
  /** false freezes its parameters: they keep their values, and cost no gradient and no slot. Default true. */
  readonly trainable?: boolean;
}

const layerName: Kind<string> = (who, name, given) => {
  if (given === "") throw new OptionError(`${who}: ${name} is ""; needs at least one letter.`);
  return text()(who, name, given);
};

/** The options of all layers. */
export const NAME = { name: /* @__PURE__ */ optional(layerName) };

/** The options of all layers that have parameters. */
export const TRAINABLE = { ...NAME, trainable: /* @__PURE__ */ flag(true) };

/**
 * How parameters and features of a layer lie, for exchange with frameworks that have channels first and kernels [out, in]:
 *
 * - `dense`: kernel [in, out], over features
 * - `convolution`: kernels [places, in, out]; makes a map
 * - `normalization`, `slopes`: one number for each feature, or place along the axes
 * - `groups`: likewise, of neighboring features as one; `halves`: one half of the features goes with the other
 * - `elementwise`: features stay where they are
 * - `map`: a map of channels becomes one, or loses its places
 * - `flatten`, `concatenation`: features of several axes, or inputs, one behind the other
 * - `input`; `own`: what only its user knows
 */
export type Layout =
  | "dense"
  | "convolution"
  | "normalization"
  | "slopes"
  | "groups"
  | "halves"
  | "elementwise"
  | "map"
  | "flatten"
  | "concatenation"
  | "input"
  | "own";

/** What a layer is: its parameters, and the ops that it builds. */
export interface LayerDefinition {
  /** `dense`, `dropout`: what it is called unless the user names it. */
  readonly kind: string;
  /** What its function was given before the options. */
  readonly given?: readonly unknown[];
  /** As they were settled. */
  readonly options: { readonly name?: string | undefined; readonly trainable?: boolean };
  /** Inputs that it takes; at least one. */
  readonly arity: "one" | "many";
  /** Of an input whose rows come in otherwise than as numbers one after the other. */
  readonly entry?: Entry;
  /** Where its numbers go in other frameworks. */
  readonly layout: Layout;
  /** Shape of the result. @throws ShapeError when an input does not fit. */
  shape(inputs: readonly Shape[]): Shape;
  parameters(inputs: readonly Shape[]): readonly ParameterDeclaration[];
  build(inputs: readonly Value[], parameters: readonly Value[], context: BuildContext): Value;
}

/** One use of a layer: a symbolic tensor that further layers are called on. */
export interface Node {
  readonly layer: Layer;
  readonly inputs: readonly Node[];
  readonly shape: Shape;
  /** @internal */
  readonly site?: Error;
  /**
   * The network that was called as a layer and brought this node.
   *
   * @internal
   */
  readonly scope?: Scope;
}

/** A network within another, and what it calls one of its layers. */
export interface Scope {
  readonly network: object;
  readonly label: string | undefined;
  readonly name: string;
  readonly isFrozen: boolean;
}

/**
 * A layer is called on nodes to wire a graph; calling it twice within one network shares its weights. In the `build` of a
 * custom layer, and in a function that is compiled, it is called on values, and its weights are theirs.
 */
export interface Layer extends Configured {
  <T extends Node | Value>(...inputs: T[]): T;
  readonly kind: string;
  /** The name that the user gave it. */
  readonly label: string | undefined;
  /** @internal */
  readonly definition: LayerDefinition;
}

/** How errors call a layer: `dense "hidden"`, or `dense` when it has no name. */
export const layerTitle = (kind: string, name: string | undefined) =>
  typeof name === "string" && name !== "" ? `${kind} "${name}"` : kind;

export function makeLayer(definition: LayerDefinition): Layer {
  const { kind, options } = definition;
  const title = layerTitle(kind, options.name);
  const call = (...inputs: Node[]): Node => {
    const made = onValues(layer, inputs);
    if (made !== undefined) return made as Node;
    const stranger = inputs.findIndex((node) => !isNode(node));
    if (stranger >= 0) {
      throw new ShapeError(
        `${title}: argument ${stranger + 1} is ${describe(inputs[stranger])}; needs a node, as input() or a layer that ` +
          "was called on one returns.",
      );
    }
    if (inputs.length === 0 || (definition.arity === "one" && inputs.length > 1)) {
      throw new ShapeError(
        `${title}: called with ${inputs.length} arguments; ` +
          `needs ${definition.arity === "one" ? "one node" : "nodes, one by one"}.`,
      );
    }
    const shape = definition.shape(inputs.map((node) => node.shape));
    return { layer, inputs, shape, site: new Error() };
  };
  const given = definition.given && { given: definition.given };
  const layer = Object.assign(
    call,
    { kind, label: options.name, options, definition },
    given,
  ) as unknown as Layer;
  return layer;
}

export const isNode = (x: unknown): x is Node =>
  // A value has a layer too: its name.
  typeof x === "object" && x !== null && "layer" in x && typeof x.layer === "function" && "inputs" in x;
