/** Transposed convolutions: what a convolution's gradient makes of a map. */

import { OptionError } from "../../check/errors.js";
import { integer } from "../../check/kinds.js";
import { type Settled, take } from "../../check/schema.js";
import { checkSurplus } from "../../check/surplus.js";
import { conv2dGradInput } from "../../graph/primitives/convolution/convolution.js";
import { extentOf, type Map4, type Padding, type Pair } from "../../graph/primitives/convolution/sizes.js";
import type { Shape } from "../../graph/shape.js";
import type { Value } from "../../graph/value.js";
import type { Activation, ActivationOption } from "../activation/activations.js";
import { kernelOf, type kernelSchema } from "../kernel.js";
import { type Layer, layerTitle, makeLayer } from "../layer.js";
import { fansOf } from "../parameters/initializers.js";
import { type ConvOptions, convSchema, optionsOf, PADDINGS } from "./conv.js";
import { activating, ownKernel, positive, shaped } from "./convolving.js";
import {
  type Axes,
  fromMap,
  type Padding1d,
  type Padding2d,
  paddingOption,
  type Size2d,
  size2d,
  toMap,
  toPair,
  transposedPlaces,
} from "./places.js";

export interface Conv1dTransposeOptions extends ConvOptions {
  /** Places of the result for each of the input; default 1. */
  readonly strides?: number;
  /**
   * - `valid`: (size − 1) · stride + extent + outputPadding places, extent = (window − 1) · dilationRate + 1
   * - `same`: size · stride places
   * - a number, or `[before, after]`: so many places less than of `valid`, as in PyTorch
   *
   * Default `valid`.
   */
  readonly padding?: Padding1d;
  /** Places from one tap of the kernel to the next; default 1. */
  readonly dilationRate?: number;
  /** Places more at the end, below the stride; default 0. Not with `same`. */
  readonly outputPadding?: number;
}

export interface Conv2dTransposeOptions extends ConvOptions {
  /** Places of the result for each of the input: a number, or [height, width]; default 1. */
  readonly strides?: Size2d;
  /** As for `conv1dTranspose`, and as `[rows, columns]`; default `valid`. */
  readonly padding?: Padding2d;
  /** Places from one tap of the kernel to the next: a number, or [height, width]; default 1. */
  readonly dilationRate?: Size2d;
  /** Places more at the end, below the stride: a number, or [height, width]; default 0. Not with `same`. */
  readonly outputPadding?: Size2d;
}

type Options = Settled<ReturnType<typeof kernelSchema>> & {
  readonly strides: Size2d;
  readonly padding: Padding2d;
  readonly dilationRate: Size2d;
  readonly outputPadding: Size2d;
  readonly activation: ActivationOption;
};

interface Transposed {
  readonly kind: string;
  readonly who: string;
  readonly axes: Axes;
  readonly filters: number;
  readonly size: Size2d;
  readonly activation: Activation;
}

function checkOutputPadding(who: string, { outputPadding, strides, padding }: Options, axes: Axes): Pair {
  const [more, steps] = [toPair(outputPadding, axes), toPair(strides, axes)];
  // Of the axis that a sequence has not there is nothing to add.
  const own: Pair = axes === 1 ? [0, more[1]] : more;
  own.forEach((places, axis) => {
    if (places === 0 || (padding !== "same" && places < steps[axis]!)) return;
    throw new OptionError(
      `${who}: outputPadding is ${places}, strides ${steps[axis]} and padding ${JSON.stringify(padding)}; needs an ` +
        'output padding below the stride, and none with "same".',
    );
  });
  return own;
}

/** What follows from the shape of an input. */
function planOf(layer: Transposed, options: Options, input: Shape) {
  const { who, axes, filters } = layer;
  const map = toMap(who, input, axes) as unknown as Map4;
  const [size, strides] = [toPair(layer.size, axes), toPair(options.strides, axes)];
  const dilation = toPair(options.dilationRate, axes);
  const more = checkOutputPadding(who, options, axes);
  const { padding } = options;
  const along = (axis: 0 | 1) => {
    const isPair = axes === 2 && Array.isArray(padding);
    const own = axes === 1 && axis === 0 ? "valid" : isPair ? padding[axis] : (padding as Padding1d);
    const extent = extentOf(size[axis], dilation[axis]);
    return transposedPlaces(own, map[axis + 1] as number, extent, strides[axis], more[axis]);
  };
  const [rows, columns] = [along(0), along(1)];
  const zeros: Padding = [...rows.zeros, ...columns.zeros];
  const y: Shape = [map[0], rows.places, columns.places, filters];
  positive(who, input, fromMap(y, axes));
  const attributes = {
    strides,
    dilation,
    padding: zeros,
    groups: 1,
    size: [rows.places, columns.places],
  } as const;
  return { map, y, kernel: [...size, filters, map[3]], attributes };
}

function transposed(layer: Transposed, options: Options): Layer {
  const { kind, who, axes, filters } = layer;
  const activate = activating(layer, typeof options.activation === "function");
  const kernel = kernelOf(who, options);
  const declare = (shape: Shape) => kernel.declare(shape, fansOf(shape), [filters]);
  declare(ownKernel([...toPair(layer.size, axes), filters, 1], axes));
  checkOutputPadding(who, options, axes);
  return makeLayer({
    kind,
    given: [filters, layer.size],
    options,
    arity: "one",
    layout: "convolution",
    shape: ([x]) => fromMap(planOf(layer, options, x as Shape).y, axes),
    parameters: ([x]) => declare(ownKernel(planOf(layer, options, x as Shape).kernel, axes)),
    build: ([input], parameters, context) => {
      const x = input as Value;
      const plan = planOf(layer, options, x.shape);
      const product = (w: Value) =>
        conv2dGradInput(shaped(x, plan.map, axes), shaped(w, plan.kernel, axes), plan.attributes);
      return kernel.apply(product, parameters, context, activate);
    },
  });
}

/**
 * y = activation(Kᵀ x + bias), K being the linear map of a `conv2d` with this kernel, stride and padding: each place of x
 * adds its kernel to y, a stride apart. What enlarges maps in decoders (Zeiler et al. 2010).
 *
 * x is [rows, height, width, channels], kernel [height, width, filters, channels] as in Keras, bias [filters]. The kernel
 * starts by height · width · filters inputs and height · width · channels outputs, as in Keras and PyTorch.
 *
 * @param filters channels of the result, at least 1
 * @param size of the kernel: a number, or [height, width]
 * @param options an activation, or all options
 * @throws OptionError for options outside their domains; when it is called, ShapeError for an input that is no map, or
 *   whose result has no place
 */
export function conv2dTranspose(
  filters: number,
  size: Size2d,
  options: ActivationOption | Conv2dTransposeOptions = {},
): Layer {
  checkSurplus("conv2dTranspose", arguments, 3);
  const given = optionsOf<Conv2dTransposeOptions>(options);
  const who = layerTitle("conv2dTranspose", given?.name);
  const { activation, schema } = convSchema(who, given?.activation);
  const settled = take(who, given, {
    ...schema,
    strides: size2d(1, 1),
    padding: paddingOption<Padding2d>(2, PADDINGS, "valid"),
    dilationRate: size2d(1, 1),
    outputPadding: size2d(0, 0),
  });
  integer(1)(who, "filters", filters);
  const places = size2d(1)(who, "size", size);
  return transposed({ kind: "conv2dTranspose", who, axes: 2, filters, size: places, activation }, settled);
}

/**
 * `conv2dTranspose` along one axis: x is [rows, time, channels], kernel [size, filters, channels], y [rows, time', filters].
 *
 * @param filters channels of the result, at least 1
 * @param size of the kernel
 * @param options an activation, or all options
 * @throws OptionError for options outside their domains; when it is called, ShapeError for an input that does not fit
 */
export function conv1dTranspose(
  filters: number,
  size: number,
  options: ActivationOption | Conv1dTransposeOptions = {},
): Layer {
  checkSurplus("conv1dTranspose", arguments, 3);
  const given = optionsOf<Conv1dTransposeOptions>(options);
  const who = layerTitle("conv1dTranspose", given?.name);
  const { activation, schema } = convSchema(who, given?.activation);
  const settled = take(who, given, {
    ...schema,
    strides: integer(1, 1),
    padding: paddingOption<Padding1d>(1, PADDINGS, "valid"),
    dilationRate: integer(1, 1),
    outputPadding: integer(0, 0),
  });
  integer(1)(who, "filters", filters);
  integer(1)(who, "size", size);
  return transposed({ kind: "conv1dTranspose", who, axes: 1, filters, size, activation }, settled);
}
