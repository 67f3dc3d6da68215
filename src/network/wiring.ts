import type { Parameter } from "../graph/primitives/step/source.js";
import { type Shape, sizeOf } from "../graph/shape.js";
import type { Layer, Node } from "../layers/layer.js";

/** Elements of all of them, of one row. */
export const elementsOf = (all: readonly { readonly shape: Shape }[]): number =>
  all.reduce((sum, { shape }) => sum + sizeOf(shape).factor, 0);

/** What a layer applies to its result, by its name; undefined where that is `linear`, or there is none. */
export function activationOf({ kind, given, options }: Layer): string | undefined {
  const applied = kind === "activation" ? given?.[0] : options.activation;
  const name = (applied as { readonly name?: string } | undefined)?.name ?? applied;
  return name === "linear" ? undefined : (name as string | undefined);
}

/**
 * Multiplications of the weights of a layer's use for one row, as an estimate: of each parameter with at least two axes
 * all elements, at each place of the result, or of the input where a convolution is transposed.
 */
export const multiplicationsOf = ({ layer, inputs, shape }: Node, parameters: readonly Parameter[]): number =>
  sizeOf(((/Transpose$/.test(layer.kind) && inputs[0]?.shape) || shape).slice(0, -1)).factor *
  elementsOf(parameters.filter((one) => one.shape.length > 1));
