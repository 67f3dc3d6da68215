/** What follows a normalisation: gamma · y + beta, one of each for what the layer normalises as one. */
import type { Shape } from "../graph/shape.js";
import type { Value } from "../graph/value.js";
import { add, multiply } from "../ops/binary.js";
import { reshape } from "../ops/reshape.js";
import { checkType } from "../options.js";
import { type InitializerName, initialiser } from "./initialisers.js";
import { type Layer, makeLayer, type ParameterDeclaration, type TrainableOptions } from "./layer.js";

export interface ScaleOptions extends TrainableOptions {
  /** Whether the result is multiplied by gamma, which is trained. */
  readonly scale?: boolean;
  /** Where gamma starts; default `ones`. */
  readonly gammaInitializer?: InitializerName;
}

export interface ScaleAndCentreOptions extends ScaleOptions {
  /** Whether beta, which is trained, is added to the result. */
  readonly center?: boolean;
  /** Where beta starts; default `zeros`. */
  readonly betaInitializer?: InitializerName;
}

export const SCALE_OPTIONS = ["scale", "gammaInitializer", "name", "trainable"];
export const SCALE_AND_CENTRE_OPTIONS = ["center", "betaInitializer", ...SCALE_OPTIONS];

/** A layer's gamma and beta, of which it may have either, both or none. */
export interface ScaleAndCentre {
  declare(shape: Shape): ParameterDeclaration[];
  /**
   * factor · gamma · y + beta: the parameters are those declared, and have the sizes of y along the axes, as the factor
   * has, if there is one.
   */
  apply(y: Value, parameters: readonly Value[], axes: readonly number[], factor?: Value): Value;
}

/** @throws OptionError for initialisers that there are not, or switches that are neither true nor false */
export function scaleAndCentre(
  who: string,
  options: ScaleAndCentreOptions,
  defaults: { readonly scale: boolean; readonly center: boolean },
): ScaleAndCentre {
  const { scale = defaults.scale, center = defaults.center } = options;
  const { gammaInitializer = "ones", betaInitializer = "zeros" } = options;
  checkType(who, "scale", scale, "boolean");
  checkType(who, "center", center, "boolean");
  const initial = (name: InitializerName, shape: Shape) => {
    const fan = shape.reduce((product, size) => product * size, 1);
    return initialiser(who, name, { fanIn: fan, fanOut: fan });
  };
  initial(gammaInitializer, [1]);
  initial(betaInitializer, [1]);
  return {
    declare: (shape) => [
      ...(scale ? [{ name: "gamma", shape, initial: initial(gammaInitializer, shape) }] : []),
      ...(center ? [{ name: "beta", shape, initial: initial(betaInitializer, shape) }] : []),
    ],
    apply: (y, parameters, axes, factor) => {
      const [gamma, beta] = scale ? parameters : [undefined, ...parameters];
      const scales = [factor, gamma].filter((one) => one !== undefined);
      const along = (one: Value) => alongAxes(one, y.shape, axes);
      const scaled = scales.length === 0 ? y : multiply(y, along(scales.reduce((a, b) => multiply(a, b))));
      return center ? add(scaled, along(beta as Value)) : scaled;
    },
  };
}

/** A parameter that lines up with the axes of a value, and repeats along the others. */
export function alongAxes(parameter: Value, shape: Shape, axes: readonly number[]): Value {
  // Leading axes of size 1 go without saying.
  const first = Math.min(...axes);
  return reshape(parameter, {
    shape: shape.slice(first).map((size, i) => (axes.includes(first + i) ? size : 1)),
  });
}

/** How a layer that goes by the statistics of each row alone is made. */
export interface RowNorm {
  readonly kind: string;
  readonly options: ScaleAndCentreOptions;
  readonly scaling: ScaleAndCentre;
  /** Axes that gamma and beta go along, of an input that fits. @throws ShapeError */
  axesOf(input: Shape): readonly number[];
  normalise(x: Value): Value;
}

/** gamma · normalise(x) + beta, in training and without. */
export function rowNorm({ kind, options, scaling, axesOf, normalise }: RowNorm): Layer {
  return makeLayer({
    kind,
    name: options.name,
    trainable: options.trainable,
    arity: "one",
    shape: ([x]) => {
      axesOf(x as Shape);
      return x as Shape;
    },
    parameters: ([x]) => {
      const input = x as Shape;
      return scaling.declare(axesOf(input).map((axis) => input[axis] as number));
    },
    build: ([x], parameters) => {
      const input = x as Value;
      return scaling.apply(normalise(input), parameters, axesOf(input.shape));
    },
  });
}
