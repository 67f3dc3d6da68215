import { ShapeError } from "../../check/errors.js";
import { finite } from "../../check/kinds.js";
import { take } from "../../check/schema.js";
import { checkSurplus } from "../../check/surplus.js";
import { affine } from "../../graph/primitives/elementwise/affine.js";
import { reshape } from "../../graph/primitives/move/reshape.js";
import { formatShape, ROWS, type Shape } from "../../graph/shape.js";
import type { Value } from "../../graph/value.js";
import { type Layer, layerTitle, makeLayer, NAME, type NameOptions } from "../layer.js";

/** @throws ShapeError for a scalar, or rows that would merge with another axis */
function flat(who: string, shape: Shape): Shape {
  if (shape.length > 0 && !shape.includes(ROWS, 1)) {
    return [shape[0] as number, shape.slice(1).reduce((a, b) => a * b, 1)];
  }
  throw new ShapeError(`${who}: input is ${formatShape(shape)}; needs the rows as its first axis.`);
}

/** [rows, a, b, …] becomes [rows, a · b · …]. Costs nothing: the data stays where it lies. */
export function flatten(options: NameOptions = {}): Layer {
  checkSurplus("flatten", arguments, 1);
  const who = layerTitle("flatten", options?.name);
  return makeLayer({
    kind: "flatten",
    options: take(who, options, NAME),
    arity: "one",
    layout: "flatten",
    shape: ([x]) => flat(who, x as Shape),
    parameters: () => [],
    build: ([x]) => reshape(x as Value, { shape: flat(who, (x as Value).shape) }),
  });
}

export interface RescaleOptions extends NameOptions {
  /** Added after the multiplication; default 0. */
  readonly offset?: number;
}

/**
 * y = scale · x + offset, as `rescale(1 / 255)` brings the bytes of an image to [0, 1].
 *
 * Directly behind an input it is done while the rows are gathered, so images stay one byte a pixel.
 *
 * @throws OptionError for a scale or offset that is not finite
 */
export function rescale(scale: number, options: RescaleOptions = {}): Layer {
  checkSurplus("rescale", arguments, 2);
  const who = layerTitle("rescale", options?.name);
  const settled = take(who, options, { ...NAME, offset: finite(0) });
  const { offset } = settled;
  finite()(who, "scale", scale);
  return makeLayer({
    kind: "rescale",
    given: [scale],
    options: settled,
    arity: "one",
    layout: "elementwise",
    shape: ([x]) => x as Shape,
    parameters: () => [],
    build: ([x]) => affine(x as Value, { scale, offset }),
  });
}
