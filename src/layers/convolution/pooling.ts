/** Pooling: the greatest or the mean of each window, channel by channel. */

import { flag, integer, optional } from "../../check/kinds.js";
import { type Settled, take } from "../../check/schema.js";
import { checkSurplus } from "../../check/surplus.js";
import {
  averagePool2d as averagePool,
  maxPool2d as maxPool,
  type PoolAttributes,
  pooledShape,
} from "../../graph/primitives/convolution/pool.js";
import type { Map4 } from "../../graph/primitives/convolution/sizes.js";
import type { Shape } from "../../graph/shape.js";
import type { Value } from "../../graph/value.js";
import { type Layer, layerTitle, makeLayer, NAME, type NameOptions } from "../layer.js";
import { PADDINGS } from "./conv.js";
import { shaped } from "./convolving.js";
import {
  type Axes,
  checkTime,
  fromMap,
  type Padding1d,
  type Padding2d,
  paddingOption,
  type Size2d,
  size2d,
  toMap,
  toPadding,
  toPair,
} from "./places.js";

export interface MaxPool1dOptions extends NameOptions {
  /** Places from one window to the next; default the window. */
  readonly strides?: number;
  /** `valid`, `same`, a number, or `[before, after]`, at most half of the window; default `valid`. */
  readonly padding?: Padding1d;
}

export interface MaxPool2dOptions extends NameOptions {
  /** Places from one window to the next: a number, or [height, width]; default the window. */
  readonly strides?: Size2d;
  /** `valid`, `same`, a number, or `[rows, columns]`, at most half of the window; default `valid`. */
  readonly padding?: Padding2d;
}

interface Counting {
  /**
   * Whether a mean counts the zeros of the padding. Default false, as in Keras; PyTorch's `count_include_pad` is true
   * unless told.
   */
  readonly countPadding?: boolean;
}

export interface AveragePool1dOptions extends MaxPool1dOptions, Counting {}
export interface AveragePool2dOptions extends MaxPool2dOptions, Counting {}

type Pool = (x: Value, attributes: PoolAttributes) => Value;

interface Pooling {
  readonly kind: string;
  readonly who: string;
  readonly axes: Axes;
  readonly given: readonly unknown[];
  readonly pool: Pool;
  attributes(map: Map4): PoolAttributes;
}

function pooling(
  { kind, who, axes, given, pool, attributes }: Pooling,
  options: Settled<typeof NAME> & Readonly<Record<string, unknown>>,
): Layer {
  const planOf = (input: Shape) => {
    const map = toMap(who, input, axes) as unknown as Map4;
    const windows = attributes(map);
    if ("window" in windows) checkTime(who, map, axes, windows.window[1], windows.padding);
    return { map, windows, y: fromMap(pooledShape(who, map, windows), axes) };
  };
  return makeLayer({
    kind,
    given,
    options,
    arity: "one",
    layout: "map",
    shape: ([x]) => planOf(x as Shape).y,
    parameters: () => [],
    build: ([input]) => {
      const x = input as Value;
      const { map, windows, y } = planOf(x.shape);
      return shaped(pool(shaped(x, map, axes), windows), y, axes);
    },
  });
}

interface Stepped {
  readonly strides?: Size2d | undefined;
  readonly padding: Padding2d;
  readonly countPadding?: boolean;
}

/** The windows of a map by the options. */
const steppedOver =
  (axes: Axes, size: Size2d, { strides, padding, countPadding = false }: Stepped) =>
  ([, height, width]: Map4): PoolAttributes => {
    const window = toPair(size, axes);
    const steps = toPair(strides ?? size, axes);
    return {
      window,
      strides: steps,
      padding: toPadding(padding, axes, [height, width], window, steps),
      countsPadding: countPadding,
    };
  };

const mapSchema = () => ({
  strides: optional(size2d(1)),
  padding: paddingOption<Padding2d>(2, PADDINGS, "valid"),
  ...NAME,
});

const sequenceSchema = () => ({
  strides: optional(integer(1)),
  padding: paddingOption<Padding1d>(1, PADDINGS, "valid"),
  ...NAME,
});

/**
 * y = the greatest of each window of each channel; padding is never the greatest. Its gradient goes to where the greatest
 * lies, to the first of equals, as in PyTorch.
 *
 * x is [rows, height, width, channels]: see `Padding1d` for the number of places.
 *
 * @param size of the window: a number, or [height, width]; default 2
 * @throws OptionError for options outside their domains; when it is called, ShapeError for an input that is no map, that
 *   the window does not fit, or padding of more than half of the window
 */
export function maxPool2d(size: Size2d = 2, options: MaxPool2dOptions = {}): Layer {
  checkSurplus("maxPool2d", arguments, 2);
  const who = layerTitle("maxPool2d", options?.name);
  const settled = take(who, options, mapSchema());
  const window = size2d(1)(who, "size", size);
  const attributes = steppedOver(2, window, settled);
  return pooling({ kind: "maxPool2d", who, axes: 2, given: [window], pool: maxPool, attributes }, settled);
}

/**
 * y = the mean of each window of each channel, over what of it lies in the map unless `countPadding` says otherwise.
 *
 * x is [rows, height, width, channels]: see `Padding1d` for the number of places.
 *
 * @param size of the window: a number, or [height, width]; default 2
 * @throws OptionError for options outside their domains; when it is called, ShapeError as `maxPool2d`
 */
export function averagePool2d(size: Size2d = 2, options: AveragePool2dOptions = {}): Layer {
  checkSurplus("averagePool2d", arguments, 2);
  const who = layerTitle("averagePool2d", options?.name);
  const settled = take(who, options, { ...mapSchema(), countPadding: flag(false) });
  const window = size2d(1)(who, "size", size);
  const attributes = steppedOver(2, window, settled);
  const pool = {
    kind: "averagePool2d",
    who,
    axes: 2,
    given: [window],
    pool: averagePool,
    attributes,
  } as const;
  return pooling(pool, settled);
}

/**
 * `maxPool2d` along one axis: x is [rows, time, channels].
 *
 * @param size of the window; default 2
 * @throws OptionError for options outside their domains; when it is called, ShapeError as `maxPool2d`
 */
export function maxPool1d(size = 2, options: MaxPool1dOptions = {}): Layer {
  checkSurplus("maxPool1d", arguments, 2);
  const who = layerTitle("maxPool1d", options?.name);
  const settled = take(who, options, sequenceSchema());
  integer(1)(who, "size", size);
  const attributes = steppedOver(1, size, settled);
  return pooling({ kind: "maxPool1d", who, axes: 1, given: [size], pool: maxPool, attributes }, settled);
}

/**
 * `averagePool2d` along one axis: x is [rows, time, channels].
 *
 * @param size of the window; default 2
 * @throws OptionError for options outside their domains; when it is called, ShapeError as `maxPool2d`
 */
export function averagePool1d(size = 2, options: AveragePool1dOptions = {}): Layer {
  checkSurplus("averagePool1d", arguments, 2);
  const who = layerTitle("averagePool1d", options?.name);
  const settled = take(who, options, { ...sequenceSchema(), countPadding: flag(false) });
  integer(1)(who, "size", size);
  const attributes = steppedOver(1, size, settled);
  return pooling(
    { kind: "averagePool1d", who, axes: 1, given: [size], pool: averagePool, attributes },
    settled,
  );
}

/**
 * y = the mean of windows that are spread over the map so that there are as many as wanted: window i is from
 * ⌊i · size / places⌋ to before ⌈(i + 1) · size / places⌉, as in PyTorch's `AdaptiveAvgPool2d`.
 *
 * x is [rows, height, width, channels], of any height and width.
 *
 * @param places of the result: a number, or [height, width]
 * @throws OptionError for places below 1; when it is called, ShapeError for an input that is no map
 */
export function adaptiveAveragePool2d(places: Size2d, options: NameOptions = {}): Layer {
  checkSurplus("adaptiveAveragePool2d", arguments, 2);
  const who = layerTitle("adaptiveAveragePool2d", options?.name);
  const settled = take(who, options, NAME);
  const given = size2d(1)(who, "places", places);
  const attributes = (): PoolAttributes => ({ places: toPair(given, 2) });
  const pool = {
    kind: "adaptiveAveragePool2d",
    who,
    axes: 2,
    given: [given],
    pool: averagePool,
    attributes,
  } as const;
  return pooling(pool, settled);
}
