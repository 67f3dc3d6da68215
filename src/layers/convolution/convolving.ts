/** What convolutions share, whatever the axes: the kernel [size, channels / groups, filters] that moves over a map. */
import { ShapeError } from "../../check/errors.js";
import type { Settled } from "../../check/schema.js";
import { conv2d as convolve } from "../../graph/primitives/convolution/convolution.js";
import {
  type ConvolutionAttributes,
  convolvedShape,
  extentOf,
  type Map4,
  type Pair,
} from "../../graph/primitives/convolution/sizes.js";
import { reshape } from "../../graph/primitives/move/reshape.js";
import { formatShape, type Shape } from "../../graph/shape.js";
import type { Value } from "../../graph/value.js";
import type { Activation, ActivationOption } from "../activation/activations.js";
import { kernelOf, type kernelSchema } from "../kernel.js";
import { type Layer, makeLayer } from "../layer.js";
import { fansOf } from "../parameters/initializers.js";
import {
  type Axes,
  type CausalPadding,
  checkTime,
  fromMap,
  type Padding2d,
  type Size2d,
  toMap,
  toPadding,
  toPair,
} from "./places.js";

/** The options of a convolution, settled. */
export type ConvolvingOptions = Settled<ReturnType<typeof kernelSchema>> & {
  readonly strides: Size2d;
  readonly padding: CausalPadding | Padding2d;
  readonly dilationRate: Size2d;
  readonly activation: ActivationOption;
};

export interface Convolving {
  readonly kind: string;
  /** How errors call it. */
  readonly who: string;
  readonly axes: Axes;
  /** What its function was given before the options. */
  readonly given: readonly unknown[];
  readonly size: Size2d;
  /** How many numbers it makes of each place, and parts of the channels that do not see each other. */
  channels(inputs: number): { readonly filters: number; readonly groups: number };
  readonly activation: Activation;
}

/** The kernel's shape as the layer has it: without an axis that the layer has not. */
export const ownKernel = (kernel: Shape, axes: Axes): Shape => (axes === 2 ? kernel : kernel.slice(1));

/** A value under another shape, unless it has it. */
export const shaped = (x: Value, shape: Shape, axes: Axes): Value => (axes === 2 ? x : reshape(x, { shape }));

/** What follows a product, in the form in which the kernels have it: a function of the user's own sees the layer's shape. */
export function activating(
  { activation, axes }: Pick<Convolving, "activation" | "axes">,
  isOwn: boolean,
): (y: Value) => Value {
  return (y) => {
    const shape = fromMap(y.shape, axes);
    if (isOwn) return activation.apply(shaped(y, shape, axes));
    return shaped(activation.apply(y), shape, axes);
  };
}

/** @throws ShapeError unless each axis of a result has a place */
export function positive(who: string, input: Shape, y: Shape): void {
  if (y.slice(1).every((places) => places > 0)) return;
  throw new ShapeError(
    `${who}: input is ${formatShape(input)}, the result ${formatShape(y)}; needs at least one place along each axis. ` +
      "Take less padding or cropping.",
  );
}

/** @throws ShapeError for groups that do not divide the channels of a map, or the filters */
function checkGroups(who: string, map: Shape, filters: number, groups: number): void {
  if ((map[3] as number) % groups === 0 && filters % groups === 0) return;
  throw new ShapeError(
    `${who}: input is ${formatShape(map)}, and filters are ${filters}; ${groups} groups need to divide both the ` +
      `${map[3]} channels and the filters.`,
  );
}

/** What follows from the shape of an input. */
export function planOf(
  layer: Pick<Convolving, "who" | "axes" | "size" | "channels">,
  options: Pick<ConvolvingOptions, "strides" | "padding" | "dilationRate">,
  input: Shape,
) {
  const { who, axes } = layer;
  const map = toMap(who, input, axes) as unknown as Map4;
  const { filters, groups } = layer.channels(map[3]);
  checkGroups(who, map, filters, groups);
  const size = toPair(layer.size, axes);
  const strides = toPair(options.strides, axes);
  const dilation: Pair = toPair(options.dilationRate, axes);
  const extent: Pair = [extentOf(size[0], dilation[0]), extentOf(size[1], dilation[1])];
  const padding = toPadding(options.padding, axes, [map[1], map[2]], extent, strides);
  checkTime(who, map, axes, extent[1], padding);
  const attributes: ConvolutionAttributes = { strides, dilation, padding, groups };
  const kernel: Shape = [...size, map[3] / groups, filters];
  return { map, kernel, attributes, y: convolvedShape(who, map, kernel, attributes) };
}

/** y = activation(conv(x, kernel) + bias). @throws OptionError; when it is called, ShapeError for maps that do not fit */
export function convolving(layer: Convolving, options: ConvolvingOptions): Layer {
  const { kind, who, axes, given } = layer;
  const activate = activating(layer, typeof options.activation === "function");
  const kernel = kernelOf(who, options);
  const declare = (shape: Shape) => kernel.declare(shape, fansOf(shape));
  // What an initializer is not for, it refuses before the layer is called.
  declare(ownKernel([...toPair(layer.size, axes), 1, layer.channels(1).filters], axes));
  return makeLayer({
    kind,
    given,
    options,
    arity: "one",
    layout: "convolution",
    shape: ([x]) => fromMap(planOf(layer, options, x as Shape).y, axes),
    parameters: ([x]) => declare(ownKernel(planOf(layer, options, x as Shape).kernel, axes)),
    build: ([input], parameters, context) => {
      const x = input as Value;
      const plan = planOf(layer, options, x.shape);
      const product = (weights: Value) =>
        convolve(shaped(x, plan.map, axes), shaped(weights, plan.kernel, axes), plan.attributes);
      return kernel.apply(product, parameters, context, activate);
    },
  });
}
