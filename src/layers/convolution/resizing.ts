/** Maps made larger or smaller without weights: zeros around, edges cut off, places repeated. */

import { take } from "../../check/schema.js";
import { checkSurplus } from "../../check/surplus.js";
import type { Map4, Padding, Pair } from "../../graph/primitives/convolution/sizes.js";
import { reshape } from "../../graph/primitives/move/reshape.js";
import { pad, slice } from "../../graph/primitives/move/slice.js";
import { broadcastTo } from "../../graph/primitives/reduce/sum.js";
import type { Shape } from "../../graph/shape.js";
import type { Value } from "../../graph/value.js";
import { type Layer, layerTitle, makeLayer, NAME, type NameOptions } from "../layer.js";
import { positive } from "./convolving.js";
import { paddingOption, type Sides2d, type Size2d, size2d, toMap, toPadding, toPair } from "./places.js";

/** Places of the four sides. */
const sidesOf = (sides: Sides2d): Padding => toPadding(sides, 2, [1, 1], [1, 1], [1, 1]);

/**
 * Zeros around a map: [rows, height, width, channels] becomes [rows, top + height + bottom, left + width + right,
 * channels].
 *
 * @param sides so many on each side, or `[rows, columns]`, each a number or `[before, after]`: `zeroPad2d([[0, 1], 2])`;
 *   default 1
 * @throws OptionError for what is no number of places; when it is called, ShapeError for an input that is no map
 */
export function zeroPad2d(sides: Sides2d = 1, options: NameOptions = {}): Layer {
  checkSurplus("zeroPad2d", arguments, 2);
  const who = layerTitle("zeroPad2d", options?.name);
  const settled = take(who, options, NAME);
  const given = paddingOption<Sides2d>(2, [], 1)(who, "sides", sides);
  const [top, bottom, left, right] = sidesOf(given);
  return makeLayer({
    kind: "zeroPad2d",
    given: [given],
    options: settled,
    arity: "one",
    layout: "map",
    shape: ([x]) => {
      const [rows, height, width, channels] = toMap(who, x as Shape, 2) as unknown as Map4;
      return [rows, top + height + bottom, left + width + right, channels];
    },
    parameters: () => [],
    build: ([x]) =>
      pad(x as Value, {
        before: [0, top, left, 0],
        after: [0, bottom, right, 0],
        between: [0, 0, 0, 0],
        value: 0,
      }),
  });
}

/**
 * The map without its edges: [rows, height, width, channels] becomes [rows, height − top − bottom, width − left − right,
 * channels].
 *
 * @param sides so many off each side, or `[rows, columns]`, each a number or `[before, after]`
 * @throws OptionError for what is no number of places; when it is called, ShapeError for an input that is no map, or of
 *   which nothing is left
 */
export function crop2d(sides: Sides2d, options: NameOptions = {}): Layer {
  checkSurplus("crop2d", arguments, 2);
  const who = layerTitle("crop2d", options?.name);
  const settled = take(who, options, NAME);
  const given = paddingOption<Sides2d>(2, [], 0)(who, "sides", sides);
  const [top, bottom, left, right] = sidesOf(given);
  const cropped = (x: Shape): Shape => {
    const [rows, height, width, channels] = toMap(who, x, 2) as unknown as Map4;
    const y = [rows, height - top - bottom, width - left - right, channels];
    positive(who, x, y);
    return y;
  };
  return makeLayer({
    kind: "crop2d",
    given: [given],
    options: settled,
    arity: "one",
    layout: "map",
    shape: ([x]) => cropped(x as Shape),
    parameters: () => [],
    build: ([x]) => {
      const sizes = cropped((x as Value).shape);
      return slice(x as Value, { starts: [0, top, left, 0], sizes, steps: [1, 1, 1, 1] });
    },
  });
}

/** Each place of a map repeated [high, wide] times. */
function repeated(x: Value, [high, wide]: Pair): Value {
  const [rows, height, width, channels] = x.shape as unknown as Map4;
  const parted = reshape(x, { shape: [rows, height, 1, width, 1, channels] });
  const shape = [rows, height, high, width, wide, channels];
  const spread = broadcastTo(parted, { shape, divisor: { factor: 1, perRow: false } });
  return reshape(spread, { shape: [rows, height * high, width * wide, channels] });
}

/**
 * y[r, c] = x[⌊r / high⌋, ⌊c / wide⌋]: each place repeated, its nearest neighbor. [rows, height, width, channels] becomes
 * [rows, height · high, width · wide, channels].
 *
 * @param size how often each place is repeated: a number, or [high, wide]; default 2
 * @throws OptionError for sizes below 1; when it is called, ShapeError for an input that is no map
 */
export function upsample2d(size: Size2d = 2, options: NameOptions = {}): Layer {
  checkSurplus("upsample2d", arguments, 2);
  const who = layerTitle("upsample2d", options?.name);
  const settled = take(who, options, NAME);
  const given = size2d(1)(who, "size", size);
  const [high, wide] = toPair(given, 2);
  return makeLayer({
    kind: "upsample2d",
    given: [given],
    options: settled,
    arity: "one",
    layout: "map",
    shape: ([x]) => {
      const [rows, height, width, channels] = toMap(who, x as Shape, 2) as unknown as Map4;
      return [rows, height * high, width * wide, channels];
    },
    parameters: () => [],
    build: ([x]) => repeated(x as Value, [high, wide]),
  });
}
