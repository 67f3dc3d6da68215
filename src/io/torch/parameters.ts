/** The parameters of a network by their names and layouts in PyTorch, as each layer declares them. */
import { OptionError } from "../../check/errors.js";
import { checkKeys, describe } from "../../check/options.js";
import type { Kind } from "../../check/schema.js";
import type { Parameter } from "../../graph/primitives/step/source.js";
import type { Layer, Layout } from "../../layers/layer.js";
import type { AnyNetwork } from "../../network/description.js";
import { type Features, featuresBefore } from "./features.js";
import { asItIs, channelsFirst, kernelLayout, type TorchLayout } from "./layout.js";

/** A parameter, and what it is there. */
export interface TorchParameter {
  readonly parameter: Parameter;
  /** `hidden.weight` */
  readonly name: string;
  readonly layout: TorchLayout;
}

/**
 * What modules are called there that layers are called otherwise here: `{ dense: "fc1", dense_2: "fc2" }`; or `sequential`, by
 * their places in `nn.Sequential`, where an activation of a layer is a module of its own.
 */
export type TorchNames = "sequential" | { readonly [layer: string]: string };

export const torchNames: Kind<TorchNames | undefined> = (who, name, given) => {
  if (given === undefined || given === "sequential") return given;
  if (typeof given === "string") {
    throw new OptionError(`${who}: ${name} is ${describe(given)}; needs "sequential", or names by layer.`);
  }
  checkKeys(`${who}: ${name}`, given, Object.keys(given ?? {}));
  const odd = Object.entries(given).find(([, one]) => typeof one !== "string");
  if (odd === undefined) return given;
  throw new OptionError(`${who}: ${name}.${odd[0]} is ${describe(odd[1])}; needs the name of a module.`);
};

/** How parameters are called there, by what they are called here. */
const NAMES: Readonly<Record<string, string>> = {
  kernel: "weight",
  bias: "bias",
  gamma: "weight",
  beta: "bias",
  movingMean: "running_mean",
  movingVariance: "running_var",
  slope: "weight",
};
/** Of a layer that is two modules there. */
const SEPARABLE: Readonly<Record<string, string>> = {
  depthwiseKernel: "depthwise.weight",
  kernel: "pointwise.weight",
  bias: "pointwise.bias",
};

type Rule = (
  name: string,
  shape: readonly number[],
  input: Features,
  options: Layer["options"],
) => TorchLayout;

const vector: Rule = (_, shape, { order }) =>
  asItIs(shape, 0, shape[0] === order?.length ? order : undefined);
/** Along the axes of a map its channels come first; one number for each channel is as it is. */
const along: Rule = (name, shape, input, options) => {
  if (!input.isMap || shape.length < 2) return vector(name, shape, input, options);
  const { axis } = options;
  const hasChannels = !Array.isArray(axis) || axis.includes(-1) || axis.includes(input.rank - 1);
  return hasChannels ? channelsFirst(shape) : asItIs(shape);
};
const kernel: Rule = (name, shape, { order }) =>
  name === "bias" ? asItIs(shape) : kernelLayout(shape, order);
const none: Rule = (_, shape) => asItIs(shape);

const RULES: { readonly [L in Layout]: Rule } = {
  dense: kernel,
  convolution: kernel,
  normalization: along,
  slopes: along,
  groups: vector,
  halves: none,
  elementwise: none,
  map: none,
  flatten: none,
  concatenation: none,
  input: none,
  own: none,
};

/** What a parameter of a layer is called there; undefined where PyTorch has none like it. */
export function torchNameOf(layout: Layout, name: string, all: readonly string[]): string | undefined {
  if (layout === "own") return name;
  const names = all.includes("depthwiseKernel") ? SEPARABLE : NAMES;
  return Object.hasOwn(names, name) ? names[name] : undefined;
}

/**
 * In the order in which the network has them.
 *
 * @throws OptionError for names of layers that there are not, or that are one; UnsupportedError for a network that PyTorch would
 *   compute otherwise
 */
export function torchParameters(
  who: string,
  { wiring }: AnyNetwork,
  given: TorchNames | undefined,
): TorchParameter[] {
  const names = wiring.names;
  const nameOf = (layer: Layer) => names.get(layer) as string;
  const layers = [...names.keys()];
  const modules = modulesOf(who, layers, nameOf, given);
  const before = featuresBefore(who, wiring.nodes, nameOf);
  const found = layers.flatMap((layer) => {
    const parameters = wiring.parametersOf(layer);
    const own = parameters.map((one) => one.name.slice(nameOf(layer).length + 1));
    const { layout } = layer.definition;
    const [input = { isMap: false, rank: 0 }] = before.get(layer) ?? [];
    return parameters.map((parameter, i) => {
      const name = own[i] as string;
      const there = torchNameOf(layout, name, own) ?? name;
      return {
        parameter,
        name: `${modules.get(layer)}.${there}`,
        layout: RULES[layout](name, parameter.shape, input, layer.options),
      };
    });
  });
  const twice = found.find(({ name }, i) => found.findIndex((one) => one.name === name) < i);
  if (twice === undefined) return found;
  throw new OptionError(
    `${who}: two parameters are called ${describe(twice.name)} there; needs modules of different names.`,
  );
}

/** What the module of each layer is called there. @throws OptionError */
function modulesOf(
  who: string,
  layers: readonly Layer[],
  nameOf: (layer: Layer) => string,
  given: TorchNames | undefined,
): ReadonlyMap<Layer, string> {
  if (given === "sequential") return numbered(layers);
  const named = given ?? {};
  checkKeys(`${who}: layers`, named, layers.map(nameOf), "layer");
  return new Map(
    layers.map((layer) => {
      const name = nameOf(layer);
      return [layer, Object.hasOwn(named, name) ? (named[name] as string) : name.replaceAll("/", ".")];
    }),
  );
}

function numbered(layers: readonly Layer[]): ReadonlyMap<Layer, string> {
  const modules = new Map<Layer, string>();
  let place = 0;
  for (const layer of layers) {
    if (layer.definition.layout === "input") continue;
    modules.set(layer, `${place}`);
    const { activation } = layer.options;
    place += activation === undefined || activation === "linear" ? 1 : 2;
  }
  return modules;
}
