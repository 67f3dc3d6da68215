/** Layers that are called on values, within a layer or a function of a user's own, to which their parameters belong. */
import { OptionError } from "../check/errors.js";
import { type Host, inBuild, isTraining, nextNode, type Value } from "../graph/value.js";
import { type BuildContext, type Layer, layerTitle, type ParameterDeclaration, type Scope } from "./layer.js";
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

  readonly #host: Host = (given, inputs, from) => {
    const layer = given as Layer;
    const scope = from as Scope | undefined;
    const { definition } = layer;
    const title = layerTitle(layer.kind, layer.label);
    const shapes = inputs.map(({ shape }) => shape);
    definition.shape(shapes);
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
  };

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
