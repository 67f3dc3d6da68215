import { DataError, OptionError } from "../check/errors.js";
import { integer } from "../check/kinds.js";
import { checkName, describe } from "../check/options.js";
import { type Kind, take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import type { Model } from "../model/model.js";
import type { AnyNetwork } from "../network/description.js";
import type { Ends } from "../network/ends.js";
import { isList } from "../rows/nesting.js";
import { type PlotOptions, plotSchema } from "./drawing/picture.js";
import { checkTensors, type PlottedTensors } from "./drawing/tensors.js";
import { networkPicture, titleOf } from "./network/drawing.js";
import { type WiredNode, wire } from "./wiring.js";

export interface NetworkPlotOptions extends PlotOptions {
  /** In place of those of the model: by name, as `model.weights()` gives them. */
  readonly weights?: PlottedTensors;
  /** By name of the weights: lines show them in place of the weights. */
  readonly gradients?: PlottedTensors;
  /** What layers made of one row, as `model.activations([row], names)` gives it: circles show it. */
  readonly activations?: { readonly [layer: string]: ArrayLike<number> };
  /** Neurons of a layer that are drawn one by one; default 16. */
  readonly most?: number;
}

const tensorsOption: Kind<PlottedTensors | undefined> = (who, name, given) =>
  given === undefined ? undefined : checkTensors(who, name, given);

const activationsOption: Kind<NetworkPlotOptions["activations"]> = (who, name, given) => {
  if (given === undefined || (typeof given === "object" && given !== null && !Array.isArray(given)))
    return given;
  throw new OptionError(`${who}: ${name} is ${describe(given)}; needs an object of numbers by layer.`);
};

/** The network that was meant. @throws OptionError for what is none, and no model */
export function networkOf(who: string, given: unknown): AnyNetwork {
  if (typeof given === "function" && "wiring" in given) return given as unknown as AnyNetwork;
  const state = typeof given === "object" && given !== null ? (given as Partial<Model>).state : undefined;
  const network: AnyNetwork | undefined = state?.settings?.network;
  if (network !== undefined) return network;
  const mend = given instanceof Promise ? " Await it." : "";
  throw new OptionError(
    `${who}: got ${describe(given)}; needs a model, as compile(…) returns, or a network, as sequential(…) does.${mend}`,
  );
}

/** @throws OptionError for a layer that there is not, DataError for another number of activations than it has neurons */
function checkActivations(
  who: string,
  activations: NetworkPlotOptions["activations"],
  nodes: readonly WiredNode[],
): void {
  for (const [layer, values] of Object.entries(activations ?? {})) {
    checkName(who, "layer", layer, [...new Set(nodes.map((node) => node.layer))]);
    const units = nodes
      .find((node) => node.layer === layer)
      ?.shape.slice(1)
      .reduce((product, axis) => product * axis, 1);
    if (isList(values) && values.length === units) continue;
    const got = isList(values) ? `${values.length} numbers` : describe(values);
    throw new DataError(
      `${who}: activations of "${layer}" are ${got}; needs ${units}, those of one row. Take them as activations([row], ["${layer}"]).`,
    );
  }
}

/**
 * A network as a picture. A small one neuron by neuron, connections as lines as thick as their weights are large, solid
 * and of one color where they are positive, dashed and of another where they are negative; one with layers of more than
 * `most` neurons, of images or sequences, or too deep for its width as blocks, and the picture says why.
 *
 * @param model a model, of which weights are shown, or a network, which has none
 * @throws OptionError for what is neither, DataError for numbers that do not fit it
 */
export function drawNetwork<M extends string, O extends Ends, I extends Ends>(
  model: Model<M, O, I> | AnyNetwork,
  options: NetworkPlotOptions = {},
): string {
  const who = "drawNetwork";
  checkSurplus(who, arguments, 2);
  const network = networkOf(who, model);
  const settings = take(who, options, {
    ...plotSchema(titleOf(network)),
    weights: tensorsOption,
    gradients: tensorsOption,
    activations: activationsOption,
    most: integer(1, 16),
  });
  const nodes = wire(network);
  const { gradients, activations, most } = settings;
  checkActivations(who, activations, nodes);
  const shapes = Object.assign({}, ...nodes.map(({ parameters }) => parameters)) as WiredNode["parameters"];
  for (const [what, tensors] of Object.entries({ weights: settings.weights, gradients })) {
    for (const [name, { data }] of Object.entries(tensors ?? {})) {
      const shape = shapes[name];
      const elements = shape?.reduce((product, axis) => product * axis, 1);
      if (shape === undefined || data.length === elements) continue;
      throw new DataError(
        `${who}: ${what}: "${name}" has ${data.length} numbers; needs ${elements}, for [${shape.join(", ")}]. Take those of this network.`,
      );
    }
  }
  const weights = () => settings.weights ?? ("weights" in model ? model.weights() : undefined);
  return networkPicture(settings, { nodes, weights, gradients, activations, most });
}

/**
 * How the layers of a network are wired, as plain data, for programs that draw it, or anything else: its nodes in the
 * order of computation, each with its layer, activation, shape, parameters, an estimate of its multiplications, and the
 * places of the nodes that it is called on.
 *
 * @throws OptionError for what is no network and no model
 */
export function wiringOf<M extends string, O extends Ends, I extends Ends>(
  model: Model<M, O, I> | AnyNetwork,
): readonly WiredNode[] {
  checkSurplus("wiringOf", arguments, 1);
  return wire(networkOf("wiringOf", model));
}
