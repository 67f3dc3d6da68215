/** Options of layers that look at a map through windows: sizes, strides and padding, for one axis or two. */
import { OptionError, ShapeError } from "../../check/errors.js";
import { checkInteger, describe } from "../../check/options.js";
import type { Kind } from "../../check/schema.js";
import type { Padding, Pair } from "../../graph/primitives/convolution/sizes.js";
import { formatShape, type Shape } from "../../graph/shape.js";

/** One number for both axes, or [height, width]. */
export type Size2d = number | readonly [number, number];

/** Zeros before and after the axis; of two axes one pair each. */
export type Sides1d = number | readonly [before: number, after: number];
export type Sides2d = number | readonly [rows: Sides1d, columns: Sides1d];

/**
 * - `valid`: none; the result has ⌊(size − extent) / stride⌋ + 1 places, extent = (window − 1) · dilationRate + 1
 * - `same`: zeros so that the result has ⌈size / stride⌉ places; of an odd number the one more comes last, as in Keras
 * - a number: so many on each side, as in PyTorch; or `[before, after]`
 */
export type Padding1d = "valid" | "same" | Sides1d;

/** As `Padding1d` for both axes, or `[rows, columns]`, each a number or `[before, after]`: `[[0, 1], 2]`. */
export type Padding2d = "valid" | "same" | Sides2d;

/** `causal`: (window − 1) · dilationRate zeros before, so that no place sees what comes later. */
export type CausalPadding = Padding1d | "causal";

const isPair = (given: unknown): given is readonly [unknown, unknown] =>
  Array.isArray(given) && given.length === 2;

/** An integer, or two, one for each axis. */
export const size2d = (least: number, fallback?: Size2d): Kind<Size2d, Size2d | undefined> =>
  ((who, name, given = fallback) => {
    if (Array.isArray(given) && given.length !== 2) {
      throw new OptionError(
        `${who}: ${name} is ${describe(given)}; needs an integer of at least ${least}, or [height, width].`,
      );
    }
    if (!isPair(given)) return checkInteger(who, name, given as number, least);
    given.forEach((one, axis) => checkInteger(who, `${name}[${axis}]`, one as number, least));
    return [...given];
  }) as Kind<Size2d, Size2d | undefined>;

/** The axes of a layer: along height and width, or along time, which is the width of a map of height 1. */
export type Axes = 1 | 2;

export const toPair = (size: Size2d, axes: Axes): Pair => {
  if (typeof size !== "number") return size;
  return axes === 2 ? [size, size] : [1, size];
};

function checkSides(who: string, name: string, given: unknown): void {
  if (!isPair(given)) checkInteger(who, name, given as number, 0);
  else given.forEach((zeros, i) => checkInteger(who, `${name}[${i}]`, zeros as number, 0));
}

type AnyPadding = CausalPadding | Padding2d;

/** The option `padding`. @param names those that it may have */
export const paddingOption =
  <P extends AnyPadding>(axes: Axes, names: readonly string[], fallback: P): Kind<P, P | undefined> =>
  (who, name, given = fallback) => {
    if (typeof given === "string") {
      if (names.includes(given)) return given;
      const known = [...names.map((one) => `"${one}"`), "a number"].join(", ");
      const sides = axes === 1 ? "[before, after]" : "[rows, columns]";
      throw new OptionError(`${who}: ${name} is ${describe(given)}; needs ${known} or ${sides}.`);
    }
    if (axes === 1 || !isPair(given)) checkSides(who, name, given);
    else given.forEach((sides, axis) => checkSides(who, `${name}[${axis}]`, sides));
    return given;
  };

const sidesOf = (given: Sides1d): readonly [number, number] =>
  typeof given === "number" ? [given, given] : given;

/** Zeros before and after an axis of that size. */
function zerosAlong(
  padding: "valid" | "same" | "causal" | Sides1d,
  size: number,
  extent: number,
  stride: number,
): readonly [number, number] {
  if (padding === "valid") return [0, 0];
  if (padding === "causal") return [extent - 1, 0];
  if (padding !== "same") return sidesOf(padding);
  const total = Math.max((Math.ceil(size / stride) - 1) * stride + extent - size, 0);
  return [Math.floor(total / 2), Math.ceil(total / 2)];
}

/** The zeros around a map of that height and width. */
export function toPadding(padding: AnyPadding, axes: Axes, size: Pair, extent: Pair, strides: Pair): Padding {
  const of = (axis: 0 | 1): "valid" | "same" | "causal" | Sides1d => {
    if (axes === 1) return axis === 0 ? "valid" : (padding as CausalPadding);
    return isPair(padding) ? (padding[axis] as Sides1d) : (padding as "valid" | "same" | number);
  };
  const along = (axis: 0 | 1) => zerosAlong(of(axis), size[axis], extent[axis], strides[axis]);
  return [...along(0), ...along(1)];
}

/** The map of a shape with one axis of positions or two: [rows, height, width, channels]. */
export function toMap(who: string, shape: Shape, axes: Axes): Shape {
  const [rows, ...rest] = shape;
  if (shape.length === axes + 2 && !rest.includes(-1)) {
    return axes === 2 ? shape : [rows as number, 1, ...rest];
  }
  const needs = axes === 2 ? "[rows, height, width, channels]" : "[rows, time, channels]";
  const mend =
    shape.length === axes + 1 && !rest.includes(-1)
      ? ` Of one channel make it input([${[...rest, 1].join(", ")}]).`
      : "";
  throw new ShapeError(`${who}: input is ${formatShape(shape)}; needs ${needs}.${mend}`);
}

/** @throws ShapeError where a window is longer than the time; of maps with two axes their op says it */
export function checkTime(who: string, map: Shape, axes: Axes, extent: number, padding: Padding): void {
  const time = (map[2] as number) + padding[2] + padding[3];
  if (axes === 2 || time >= extent) return;
  throw new ShapeError(
    `${who}: input is ${formatShape(fromMap(map, axes))}, ${time} long with its padding; needs at least the ${extent} ` +
      'that its window covers. Take padding "same", a smaller window, or fewer layers that halve the time.',
  );
}

/** The shape of a map as the layer has it. */
export const fromMap = (shape: Shape, axes: Axes): Shape => (axes === 2 ? shape : shape.toSpliced(1, 1));

/** Places of a transposed convolution's result along an axis, and the zeros that a convolution of it has. */
export function transposedPlaces(
  padding: "valid" | "same" | Sides1d,
  size: number,
  extent: number,
  stride: number,
  outputPadding: number,
): { readonly places: number; readonly zeros: readonly [number, number] } {
  if (padding === "same") {
    const total = Math.max(extent - stride, 0);
    return { places: size * stride, zeros: [Math.floor(total / 2), Math.ceil(total / 2)] };
  }
  const zeros = zerosAlong(padding, size, extent, stride);
  const places = (size - 1) * stride + extent - zeros[0] - zeros[1] + outputPadding;
  return { places, zeros };
}
