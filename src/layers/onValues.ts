/** Layers that are called on values, within a layer or a function of a user's own, to which their parameters belong. */
import { OptionError, ShapeError } from "../check/errors.js";
import { isValue } from "../graph/op.js";
import { formatShape, ROWS, type Shape, sameShape } from "../graph/shape.js";
import { type Host, inBuild, isTraining, nextNode, type Value } from "../graph/value.js";
import {
  type BuildContext,
  type Layer,
  layerTitle,
  type Node,
  type ParameterDeclaration,
  type Scope,
} from "./layer.js";
import { checkShared } from "./sharing.js";

/** A layer that was called, and the parameters that it needs. */
interface Use {
  readonly layer: Layer;
  readonly scope: Scope | undefined;
  readonly declared: readonly ParameterDeclaration[];
  readonly values: readonly Value[];
}

/** What a layer knows of the build around it. */
export type Around = Pick<BuildContext, "addLoss" | "setAverage" | "frozen">;

/** Makes the values of the parameters of a layer that is called for the first time. */
export type Provide = (declared: readonly ParameterDeclaration[], title: string) => readonly Value[];

/** An input or an output of a network. */
interface CalledEnd {
  readonly name: string;
  readonly node: Node;
  readonly shape: Shape;
}

/** What is looked at of a network that is called. */
interface CalledNetwork {
  readonly label: string | undefined;
  readonly trainable: boolean;
  readonly single: { readonly input: boolean; readonly output: boolean };
  readonly wiring: {
    readonly nodes: readonly Node[];
    readonly inputs: readonly CalledEnd[];
    readonly outputs: readonly CalledEnd[];
    readonly names: ReadonlyMap<Layer, string>;
  };
}

/** Values of a function have as many rows as they have: any fit. @throws ShapeError for another shape of a row */
function checkInput({ label }: CalledNetwork, name: string, given: Shape, needed: Shape): void {
  const [rows, ...row] = given;
  if (sameShape(given, needed) || (rows !== ROWS && sameShape([ROWS, ...row], needed))) return;
  throw new ShapeError(
    `network${label === undefined ? "" : ` "${label}"`}: its input${name} is ${formatShape(given)}; needs ` +
      `${formatShape(needed)}, as it was wired.`,
  );
}

/** The layers that one build calls on values. A layer that is called again shares its parameters. */
export class LayersOnValues {
  readonly #provide: Provide;
  readonly #around: Around;
  readonly #uses = new Map<object, Use>();

  constructor(provide: Provide, around: Around) {
    this.#provide = provide;
    this.#around = around;
  }

  /** Runs a build in which layers may be called on values. */
  within<T>(build: () => T): T {
    return inBuild({ host: this.#host }, build);
  }

  readonly #host: Host = (called, given) => {
    if ("wiring" in called) return this.#network(called as CalledNetwork, given);
    const layer = called as Layer;
    if (given.length === 0 || !given.every(isValue)) return undefined;
    if (layer.definition.arity === "one" && given.length > 1) {
      throw new ShapeError(
        `${layerTitle(layer.kind, layer.label)}: called with ${given.length} arguments; needs one value.`,
      );
    }
    return this.#layer(layer, given);
  };

  /** Undefined unless there is a value for each input. */
  #network(network: CalledNetwork, given: readonly unknown[]): unknown {
    const { wiring, single, label, trainable } = network;
    const named = wiring.inputs.map(({ name }) =>
      single.input ? given[0] : (given[0] as Record<string, unknown> | undefined)?.[name],
    );
    if (given.length !== 1 || !named.every(isValue)) return undefined;
    const values = new Map<Node, Value>();
    wiring.inputs.forEach(({ name, node, shape }, i) => {
      const value = named[i] as Value;
      checkInput(network, single.input ? "" : ` "${name}"`, value.shape, shape);
      values.set(node, value);
    });
    for (const node of wiring.nodes) {
      if (values.has(node)) continue;
      const { layer, inputs, scope } = node;
      const isFrozen = !trainable || scope?.isFrozen === true;
      const name = wiring.names.get(layer) as string;
      const from = inputs.map((one) => values.get(one) as Value);
      values.set(node, this.#layer(layer, from, { network, label, name, isFrozen }));
    }
    const outputs = wiring.outputs.map(({ name, node }) => [name, values.get(node) as Value] as const);
    return single.output ? outputs[0]?.[1] : Object.fromEntries(outputs);
  }

  #layer(layer: Layer, inputs: readonly Value[], scope?: Scope): Value {
    const { definition } = layer;
    const shapes = inputs.map(({ shape }) => shape);
    definition.shape(shapes);
    const title = layerTitle(layer.kind, layer.label);
    const use = this.#use(layer, scope, definition.parameters(shapes), title);
    const isFrozen = scope?.isFrozen || definition.options.trainable === false;
    const context: BuildContext = {
      training: isTraining(),
      // Only who draws random numbers asks for it: there are not as many as a network may have layers.
      get node() {
        return nextNode();
      },
      ...this.#around,
      frozen: this.#around.frozen || (isFrozen && use.declared.length > 0),
    };
    return inBuild({ isUsers: false }, () => definition.build(inputs, use.values, context));
  }

  #use(layer: Layer, scope: Scope | undefined, given: readonly ParameterDeclaration[], title: string): Use {
    const known = this.#uses.get(layer);
    if (known !== undefined) {
      checkShared(layer, known.declared, given);
      return known;
    }
    const isFrozen = scope?.isFrozen || layer.definition.options.trainable === false;
    const declared = isFrozen ? given.map((one) => ({ ...one, trainable: false })) : given;
    const use = { layer, scope, declared, values: this.#provide(declared, title) };
    this.#uses.set(layer, use);
    return use;
  }

  /**
   * The parameters of all layers that were called, in order, by their names: as a network of these layers would call
   * them, those of the one network that was called as it calls them itself.
   */
  declarations(): ParameterDeclaration[] {
    const uses = [...this.#uses.values()];
    const networks = new Set(uses.map(({ scope }) => scope?.network));
    const isAlone = networks.size === 1 && !networks.has(undefined);
    const taken = new Set(uses.flatMap(({ layer, scope }) => scope?.label ?? layer.label ?? []));
    const free = (kind: string) => {
      let name = kind;
      for (let index = 2; taken.has(name); index++) name = `${kind}_${index}`;
      taken.add(name);
      return name;
    };
    const prefixes = new Map<object, string>();
    const nameOf = ({ layer, scope }: Use): string => {
      if (scope === undefined) return layer.label ?? free(layer.kind);
      if (isAlone) return scope.name;
      const prefix = prefixes.get(scope.network) ?? scope.label ?? free("network");
      prefixes.set(scope.network, prefix);
      return `${prefix}/${scope.name}`;
    };
    const names = new Set<string>();
    return uses.flatMap((use) => {
      if (use.declared.length === 0) return [];
      const name = nameOf(use);
      if (names.has(name)) {
        throw new OptionError(
          `two layers that are called on values are named "${name}"; needs a name of its own for each.`,
        );
      }
      names.add(name);
      return use.declared.map((one) => ({ ...one, name: `${name}/${one.name}` }));
    });
  }
}
