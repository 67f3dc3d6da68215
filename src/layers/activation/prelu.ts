import { OptionError, ShapeError } from "../../check/errors.js";
import { integer, oneOf, optional } from "../../check/kinds.js";
import { describe } from "../../check/options.js";
import { type Kind, take } from "../../check/schema.js";
import { checkSurplus } from "../../check/surplus.js";
import { formatShape, ROWS, type Shape } from "../../graph/shape.js";
import type { Value } from "../../graph/value.js";
import { prelu as preluOf } from "../../ops/gates.js";
import { type Layer, layerTitle, makeLayer, TRAINABLE, type TrainableOptions } from "../layer.js";
import { constant } from "../parameters/initializerOptions.js";
import { type InitializerOption, initializerOption, initialOf } from "../parameters/initializers.js";

export interface PreluOptions extends TrainableOptions {
  /**
   * How many slopes there are: `one` for all, as in PyTorch; one for each `channel`, the last axis; or one for each
   * `element` of a row, as in Keras. Default `one`.
   */
  readonly slopes?: "one" | "channel" | "element";
  /** Instead of `slopes`: the axes along which a slope is shared, the rows being axis 0; `[1, 2]` on images. */
  readonly sharedAxes?: readonly number[];
  /** Where slopes start: an initializer, or a number; default 0.25, as in PyTorch, where Keras has 0. */
  readonly initializer?: InitializerOption | number;
}

const SLOPES = {
  one: () => [1],
  channel: (features: Shape) => features.slice(-1),
  element: (features: Shape) => features,
} as const;

const axes: Kind<readonly number[]> = (who, name, given) => {
  if (Array.isArray(given)) return given.map((axis) => integer(1)(who, "a shared axis", axis));
  throw new OptionError(`${who}: ${name} is ${describe(given)}; needs an array of axes.`);
};

const startOf: Kind<InitializerOption | number, InitializerOption | number | undefined> = (
  who,
  name,
  given = 0.25,
) => (typeof given === "number" ? given : initializerOption("zeros")(who, name, given));

/**
 * y = x > 0 ? x : slope · x, with slopes that are learned: the parametric ReLU (He et al. 2015). Without weight decay,
 * which would drive the slopes to 0, as the paper says.
 *
 * x is [rows, …, channels], the parameter `slope` [1], [channels], or [1 or size, …] for each axis behind the rows.
 *
 * @throws OptionError for options that do not exist or do not go together; when it is called, ShapeError for an input
 *   without features, or without the axes that are shared
 */
export function prelu(options: PreluOptions = {}): Layer {
  checkSurplus("prelu", arguments, 1);
  const who = layerTitle("prelu", options?.name);
  const settled = take(who, options, {
    slopes: optional(oneOf(SLOPES, undefined, "number of slopes")),
    sharedAxes: optional(axes),
    initializer: startOf,
    ...TRAINABLE,
  });
  const { sharedAxes, initializer } = settled;
  if (settled.slopes !== undefined && sharedAxes !== undefined) {
    throw new OptionError(`${who}: slopes and sharedAxes are given; needs one of them at most.`);
  }
  const slopes = settled.slopes ?? "one";
  const start = typeof initializer === "number" ? constant(initializer) : initializer;
  const shapeOf = (x: Shape): Shape => {
    const features = x.slice(1);
    if (features.length === 0 || features.includes(ROWS)) {
      throw new ShapeError(`${who}: input is ${formatShape(x)}; needs [rows, …, channels].`);
    }
    if (sharedAxes === undefined) return SLOPES[slopes](features);
    const odd = sharedAxes.find((axis) => axis >= x.length);
    if (odd === undefined) return features.map((size, i) => (sharedAxes.includes(i + 1) ? 1 : size));
    throw new ShapeError(
      `${who}: axis ${odd} is shared, of an input ${formatShape(x)}; needs axes that it has.`,
    );
  };
  // Names and shapes that do not fit are refused before the layer is called.
  initialOf(who, start, { fanIn: 1, fanOut: 1 });
  return makeLayer({
    kind: "prelu",
    options: sharedAxes === undefined ? { ...settled, slopes } : settled,
    arity: "one",
    layout: "slopes",
    shape: ([x]) => {
      shapeOf(x as Shape);
      return x as Shape;
    },
    parameters: ([x]) => {
      const shape = shapeOf(x as Shape);
      const fan = shape.reduce((product, axis) => product * axis, 1);
      const initial = initialOf(who, start, { fanIn: fan, fanOut: fan }, shape);
      return [{ name: "slope", shape, initial, decay: false }];
    },
    build: ([x], [slope]) => preluOf(x as Value, slope as Value),
  });
}
