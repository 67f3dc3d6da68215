/** Pooling over all places of a map. */

import { ShapeError } from "../../check/errors.js";
import { flag } from "../../check/kinds.js";
import { take } from "../../check/schema.js";
import { checkSurplus } from "../../check/surplus.js";
import { max } from "../../graph/primitives/choice/extremes.js";
import { reshape } from "../../graph/primitives/move/reshape.js";
import { mean } from "../../graph/primitives/reduce/sum.js";
import { formatShape, ROWS, type Shape } from "../../graph/shape.js";
import type { Value } from "../../graph/value.js";
import { type Layer, layerTitle, makeLayer, NAME, type NameOptions } from "../layer.js";

export interface GlobalPoolOptions extends NameOptions {
  /** Whether the axes of the places stay, each of size 1; default false. */
  readonly keepAxes?: boolean;
}

type Reduce = (x: Value, over: { readonly axes: readonly number[] }) => Value;

function globalPool(
  kind: string,
  axes: readonly number[],
  reduce: Reduce,
  options: GlobalPoolOptions,
): Layer {
  const who = layerTitle(kind, options?.name);
  const settled = take(who, options, { keepAxes: flag(false), ...NAME });
  const pooled = (shape: Shape): Shape => {
    if (shape.length !== axes.length + 2 || shape.slice(1).includes(ROWS)) {
      const places = axes.length === 2 ? "height, width" : "time";
      throw new ShapeError(`${who}: input is ${formatShape(shape)}; needs [rows, ${places}, channels].`);
    }
    const ones = settled.keepAxes ? axes.map(() => 1) : [];
    return [shape[0] as number, ...ones, shape.at(-1) as number];
  };
  return makeLayer({
    kind,
    options: settled,
    arity: "one",
    layout: "map",
    shape: ([x]) => pooled(x as Shape),
    parameters: () => [],
    build: ([x]) => {
      const y = reduce(x as Value, { axes });
      return settled.keepAxes ? reshape(y, { shape: pooled((x as Value).shape) }) : y;
    },
  });
}

/**
 * y[c] = mean over all places of x[·, ·, c] (Lin, Chen & Yan 2014): [rows, height, width, channels] becomes
 * [rows, channels].
 *
 * @throws OptionError for options that do not exist; when it is called, ShapeError for an input that is no map
 */
export function globalAveragePool2d(options: GlobalPoolOptions = {}): Layer {
  checkSurplus("globalAveragePool2d", arguments, 1);
  return globalPool("globalAveragePool2d", [1, 2], mean, options);
}

/**
 * y[c] = the greatest of all places of x[·, ·, c]: [rows, height, width, channels] becomes [rows, channels]. Equals share
 * the gradient as `max` of `wasmgrad/ops` does.
 *
 * @throws OptionError for options that do not exist; when it is called, ShapeError for an input that is no map
 */
export function globalMaxPool2d(options: GlobalPoolOptions = {}): Layer {
  checkSurplus("globalMaxPool2d", arguments, 1);
  return globalPool("globalMaxPool2d", [1, 2], max, options);
}

/**
 * y[c] = mean over time of x[·, c]: [rows, time, channels] becomes [rows, channels].
 *
 * @throws OptionError for options that do not exist; when it is called, ShapeError for an input without time
 */
export function globalAveragePool1d(options: GlobalPoolOptions = {}): Layer {
  checkSurplus("globalAveragePool1d", arguments, 1);
  return globalPool("globalAveragePool1d", [1], mean, options);
}

/**
 * y[c] = the greatest over time of x[·, c]: [rows, time, channels] becomes [rows, channels].
 *
 * @throws OptionError for options that do not exist; when it is called, ShapeError for an input without time
 */
export function globalMaxPool1d(options: GlobalPoolOptions = {}): Layer {
  checkSurplus("globalMaxPool1d", arguments, 1);
  return globalPool("globalMaxPool1d", [1], max, options);
}
