import { integer } from "../../check/kinds.js";
import { take } from "../../check/schema.js";
import { checkSurplus } from "../../check/surplus.js";
import {
  type Activation,
  type ActivationOption,
  activationOption,
  isActivationOption,
  toActivation,
} from "../activation/activations.js";
import { type KernelOptions, kernelSchema } from "../kernel.js";
import { type Layer, layerTitle } from "../layer.js";
import { convolving } from "./convolving.js";
import { type CausalPadding, type Padding2d, paddingOption, type Size2d, size2d } from "./places.js";

/** The options of all convolutions, but for where their windows lie. */
export interface ConvOptions extends KernelOptions {
  /** Applied to the result; default `linear`. */
  readonly activation?: ActivationOption;
}

export interface Conv1dOptions extends ConvOptions {
  /** Places from one window to the next; default 1. */
  readonly strides?: number;
  /** `valid`, `same`, `causal`, a number, or `[before, after]`; default `valid`. */
  readonly padding?: CausalPadding;
  /** Places from one tap of the kernel to the next; default 1. */
  readonly dilationRate?: number;
  /** Parts of the channels, and of the filters, that do not see each other; default 1. */
  readonly groups?: number;
}

export interface Conv2dOptions extends ConvOptions {
  /** Places from one window to the next: a number, or [height, width]; default 1. */
  readonly strides?: Size2d;
  /** `valid`, `same`, a number, or `[rows, columns]`, each a number or `[before, after]`; default `valid`. */
  readonly padding?: Padding2d;
  /** Places from one tap of the kernel to the next: a number, or [height, width]; default 1. */
  readonly dilationRate?: Size2d;
  /** Parts of the channels, and of the filters, that do not see each other; default 1. */
  readonly groups?: number;
}

/** What stands for all options: an activation by itself is one of them. */
export const optionsOf = <O extends { readonly activation?: ActivationOption }>(
  given: ActivationOption | O,
): O => (isActivationOption(given) ? ({ activation: given } as O) : given);

/** The options that all convolutions take, by the activation. */
export function convSchema(who: string, activation: ActivationOption | undefined) {
  const found: Activation = toActivation(who, activation ?? "linear");
  return {
    activation: found,
    schema: { activation: activationOption("linear"), ...kernelSchema(found.initializer) },
  };
}

export const PADDINGS = ["valid", "same"];

/**
 * y[r, c, o] = activation(Σ x[r · stride + a · dilationRate − top, c · stride + b · dilationRate − left, t] ·
 * kernel[a, b, t, o] + bias[o]), over the kernel's rows a, columns b and the input's channels t (LeCun et al. 1998). As
 * everywhere, the kernel is not mirrored.
 *
 * x is [rows, height, width, channels], channels last; kernel [height, width, channels / groups, filters], bias
 * [filters], y [rows, height', width', filters]: see `Padding1d` for the number of places.
 *
 * The kernel starts as before `dense`, an output having size · size · channels / groups inputs.
 *
 * @param filters channels of the result, at least 1
 * @param size of the kernel: a number, or [height, width]
 * @param options an activation, or all options
 * @throws OptionError for options outside their domains; when it is called, ShapeError for an input that is no map, that
 *   the window does not fit, or whose channels the groups do not divide
 */
export function conv2d(filters: number, size: Size2d, options: ActivationOption | Conv2dOptions = {}): Layer {
  checkSurplus("conv2d", arguments, 3);
  const given = optionsOf<Conv2dOptions>(options);
  const who = layerTitle("conv2d", given?.name);
  const { activation, schema } = convSchema(who, given?.activation);
  const settled = take(who, given, {
    ...schema,
    strides: size2d(1, 1),
    padding: paddingOption<Padding2d>(2, PADDINGS, "valid"),
    dilationRate: size2d(1, 1),
    groups: integer(1, 1),
  });
  integer(1)(who, "filters", filters);
  const { groups } = settled;
  const places = size2d(1)(who, "size", size);
  const layer = { kind: "conv2d", who, axes: 2, given: [filters, places], size: places, activation } as const;
  return convolving({ ...layer, channels: () => ({ filters, groups }) }, settled);
}

/**
 * y[t, o] = activation(Σ x[t · stride + a · dilationRate − before, i] · kernel[a, i, o] + bias[o]): `conv2d` along one
 * axis, as of signals and sequences. With `causal` padding y[t] sees nothing of x behind t (van den Oord et al. 2016).
 *
 * x is [rows, time, channels], kernel [size, channels / groups, filters], bias [filters], y [rows, time', filters].
 *
 * @param filters channels of the result, at least 1
 * @param size of the kernel
 * @param options an activation, or all options
 * @throws OptionError for options outside their domains; when it is called, ShapeError for an input that does not fit
 */
export function conv1d(filters: number, size: number, options: ActivationOption | Conv1dOptions = {}): Layer {
  checkSurplus("conv1d", arguments, 3);
  const given = optionsOf<Conv1dOptions>(options);
  const who = layerTitle("conv1d", given?.name);
  const { activation, schema } = convSchema(who, given?.activation);
  const settled = take(who, given, {
    ...schema,
    strides: integer(1, 1),
    padding: paddingOption<CausalPadding>(1, [...PADDINGS, "causal"], "valid"),
    dilationRate: integer(1, 1),
    groups: integer(1, 1),
  });
  integer(1)(who, "filters", filters);
  integer(1)(who, "size", size);
  const { groups } = settled;
  const layer = { kind: "conv1d", who, axes: 1, given: [filters, size], size, activation } as const;
  return convolving({ ...layer, channels: () => ({ filters, groups }) }, settled);
}
