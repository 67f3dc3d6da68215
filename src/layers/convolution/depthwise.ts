import { integer } from "../../check/kinds.js";
import { take } from "../../check/schema.js";
import { checkSurplus } from "../../check/surplus.js";
import { conv2d as convolve } from "../../graph/primitives/convolution/convolution.js";
import type { Map4 } from "../../graph/primitives/convolution/sizes.js";
import type { Shape } from "../../graph/shape.js";
import type { Value } from "../../graph/value.js";
import type { ActivationOption } from "../activation/activations.js";
import { kernelOf } from "../kernel.js";
import { type Layer, layerTitle, makeLayer } from "../layer.js";
import { fansOf, type InitializerOption, initializerOption } from "../parameters/initializers.js";
import { parameterOf } from "../parameters/parameter.js";
import { type ConvOptions, convSchema, optionsOf, PADDINGS } from "./conv.js";
import { convolving, planOf } from "./convolving.js";
import { type Padding2d, paddingOption, type Size2d, size2d } from "./places.js";

export interface DepthwiseConv2dOptions extends ConvOptions {
  /** Places from one window to the next: a number, or [height, width]; default 1. */
  readonly strides?: Size2d;
  /** As for `conv2d`; default `valid`. */
  readonly padding?: Padding2d;
  /** Places from one tap of the kernel to the next: a number, or [height, width]; default 1. */
  readonly dilationRate?: Size2d;
  /** Filters for each channel; default 1. */
  readonly depthMultiplier?: number;
}

export interface SeparableConv2dOptions extends DepthwiseConv2dOptions {
  /** How the depthwise kernel starts; default `glorotUniform`. `kernelInitializer` is of the kernel of one place. */
  readonly depthwiseInitializer?: InitializerOption;
}

const windowSchema = () => ({
  strides: size2d(1, 1),
  padding: paddingOption<Padding2d>(2, PADDINGS, "valid"),
  dilationRate: size2d(1, 1),
  depthMultiplier: integer(1, 1),
});

/**
 * y[r, c, i · m + j] = activation(Σ x[r · stride + a, c · stride + b, i] · kernel[a, b, 0, i · m + j] + bias[i · m + j]),
 * m being `depthMultiplier`: each channel by itself, a `conv2d` with as many groups as there are channels.
 *
 * x is [rows, height, width, channels], kernel [height, width, 1, channels · m]. An output has height · width inputs,
 * by which the kernel starts, as in PyTorch; Keras counts all channels.
 *
 * @param size of the kernel: a number, or [height, width]
 * @param options an activation, or all options
 * @throws OptionError for options outside their domains; when it is called, ShapeError for an input that does not fit
 */
export function depthwiseConv2d(
  size: Size2d,
  options: ActivationOption | DepthwiseConv2dOptions = {},
): Layer {
  checkSurplus("depthwiseConv2d", arguments, 2);
  const given = optionsOf<DepthwiseConv2dOptions>(options);
  const who = layerTitle("depthwiseConv2d", given?.name);
  const { activation, schema } = convSchema(who, given?.activation);
  const settled = take(who, given, { ...schema, ...windowSchema() });
  const places = size2d(1)(who, "size", size);
  const { depthMultiplier } = settled;
  const layer = { kind: "depthwiseConv2d", who, axes: 2, given: [places], size: places, activation } as const;
  const channels = (inputs: number) => ({ filters: inputs * depthMultiplier, groups: inputs });
  return convolving({ ...layer, channels }, settled);
}

/**
 * A depthwise convolution without bias, then one of a single place with bias and activation: a `conv2d` of
 * (size² + filters) / (size² · filters) of its multiplications (Sifre 2014; Chollet 2017).
 *
 * x is [rows, height, width, channels], depthwiseKernel [height, width, 1, channels · depthMultiplier], kernel
 * [1, 1, channels · depthMultiplier, filters], bias [filters].
 *
 * @param filters channels of the result, at least 1
 * @param size of the depthwise kernel: a number, or [height, width]
 * @param options an activation, or all options
 * @throws OptionError for options outside their domains; when it is called, ShapeError for an input that does not fit
 */
export function separableConv2d(
  filters: number,
  size: Size2d,
  options: ActivationOption | SeparableConv2dOptions = {},
): Layer {
  checkSurplus("separableConv2d", arguments, 3);
  const given = optionsOf<SeparableConv2dOptions>(options);
  const who = layerTitle("separableConv2d", given?.name);
  const { activation, schema } = convSchema(who, given?.activation);
  const depthwiseInitializer = initializerOption("glorotUniform");
  const settled = take(who, given, { ...schema, ...windowSchema(), depthwiseInitializer });
  integer(1)(who, "filters", filters);
  const places = size2d(1)(who, "size", size);
  const { depthMultiplier } = settled;
  const depthwise = {
    who,
    axes: 2,
    size: places,
    channels: (inputs: number) => ({ filters: inputs * depthMultiplier, groups: inputs }),
  } as const;
  const first = parameterOf(who, "depthwise", {
    ...settled,
    depthwiseConstraint: undefined,
    depthwiseRegularizer: undefined,
  });
  const kernel = kernelOf(who, settled);
  const pointwise = (map: Shape): Shape => [1, 1, (map as Map4)[3], filters];
  const declare = (spread: Shape, map: Shape) => [
    { ...first.declare(spread, fansOf(spread)), name: "depthwiseKernel" },
    ...kernel.declare(pointwise(map), fansOf(pointwise(map))),
  ];
  declare([1, 1, 1, 1], [1, 1, 1, 1]);
  const one = { strides: [1, 1], dilation: [1, 1], padding: [0, 0, 0, 0], groups: 1 } as const;
  return makeLayer({
    kind: "separableConv2d",
    given: [filters, places],
    options: settled,
    arity: "one",
    layout: "convolution",
    shape: ([x]) => [...planOf(depthwise, settled, x as Shape).y.slice(0, 3), filters],
    parameters: ([x]) => {
      const plan = planOf(depthwise, settled, x as Shape);
      return declare(plan.kernel, plan.y);
    },
    build: ([x], [spread, ...parameters], context) => {
      const { attributes } = planOf(depthwise, settled, (x as Value).shape);
      const map = convolve(x as Value, spread as Value, attributes);
      return kernel.apply(
        (w) => convolve(map, w, one),
        parameters,
        context,
        (y) => activation.apply(y),
      );
    },
  });
}
