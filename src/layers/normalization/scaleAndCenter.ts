/** What follows a normalization: gamma · y + beta, one of each for what the layer normalizes as one. */

import { checkType } from "../../check/options.js";
import { add, multiply } from "../../graph/primitives/elementwise/binary.js";
import { reshape } from "../../graph/primitives/move/reshape.js";
import type { Shape } from "../../graph/shape.js";
import type { Value } from "../../graph/value.js";
import type { BuildContext, ParameterDeclaration, TrainableOptions } from "../layer.js";
import { type ConstraintOption, toConstraint } from "../parameters/constraints.js";
import { fansOf, type Initializer, type InitializerName, initialOf } from "../parameters/initializers.js";
import { penalties, type RegularizerOption, toRegularizer } from "../parameters/regularizers.js";

export interface ScaleOptions extends TrainableOptions {
  /** Whether the result is multiplied by gamma, which is trained. */
  readonly scale?: boolean;
  /** Where gamma starts; default `ones`. */
  readonly gammaInitializer?: InitializerName | Initializer;
  /** Penalty of gamma; default none. */
  readonly gammaRegularizer?: RegularizerOption;
  /** What gamma is kept to after each step; default nothing. */
  readonly gammaConstraint?: ConstraintOption;
}

export interface ScaleAndCenterOptions extends ScaleOptions {
  /** Whether beta, which is trained, is added to the result. */
  readonly center?: boolean;
  /** Where beta starts; default `zeros`. */
  readonly betaInitializer?: InitializerName | Initializer;
  /** Penalty of beta; default none. */
  readonly betaRegularizer?: RegularizerOption;
  /** What beta is kept to after each step; default nothing. */
  readonly betaConstraint?: ConstraintOption;
}

const namesOf = (parameter: string) =>
  ["Initializer", "Regularizer", "Constraint"].map((what) => `${parameter}${what}`);

export const SCALE_OPTIONS = ["scale", ...namesOf("gamma"), "name", "trainable"];
export const SCALE_AND_CENTER_OPTIONS = ["center", ...namesOf("beta"), ...SCALE_OPTIONS];

/** One use of gamma and beta. */
interface Use {
  /** Those that were declared. */
  readonly parameters: readonly Value[];
  /** Of the value that they are applied to: along these they have its sizes. */
  readonly axes: readonly number[];
  readonly context: BuildContext;
  /** What the value is multiplied by beside gamma, of its shape. */
  readonly factor?: Value;
}

/** A layer's gamma and beta, of which it may have either, both or none. */
export interface ScaleAndCenter {
  declare(shape: Shape): ParameterDeclaration[];
  /** factor · gamma · y + beta */
  apply(y: Value, use: Use): Value;
}

/** One of the two: how it is declared, and what it costs. */
function parameterOf(
  who: string,
  name: "gamma" | "beta",
  options: ScaleAndCenterOptions,
  start: InitializerName,
) {
  const { [`${name}Initializer` as const]: given = start } = options;
  const initial = (shape: Shape) => initialOf(who, given, fansOf(shape), shape);
  initial([1]);
  const constraint = toConstraint(`${who}: ${name}Constraint`, options[`${name}Constraint`]);
  const regularizer = toRegularizer(`${who}: ${name}Regularizer`, options[`${name}Regularizer`]);
  const { ofParameter } = penalties();
  return {
    declare: (shape: Shape): ParameterDeclaration => ({ name, shape, initial: initial(shape), constraint }),
    penalize: (context: BuildContext, value: Value) => ofParameter(context, value, regularizer),
  };
}

/** @throws OptionError for what is no initializer, regularizer or constraint, or switches that are neither true nor false */
export function scaleAndCenter(
  who: string,
  options: ScaleAndCenterOptions,
  defaults: { readonly scale: boolean; readonly center: boolean },
): ScaleAndCenter {
  const { scale = defaults.scale, center = defaults.center } = options;
  checkType(who, "scale", scale, "boolean");
  checkType(who, "center", center, "boolean");
  const gamma = parameterOf(who, "gamma", options, "ones");
  const beta = parameterOf(who, "beta", options, "zeros");
  const chosen = [...(scale ? [gamma] : []), ...(center ? [beta] : [])];
  return {
    declare: (shape) => chosen.map((one) => one.declare(shape)),
    apply: (y, { parameters, axes, context, factor }) => {
      chosen.forEach((one, i) => {
        one.penalize(context, parameters[i] as Value);
      });
      const [byGamma, byBeta] = scale ? parameters : [undefined, ...parameters];
      const scales = [factor, byGamma].filter((one) => one !== undefined);
      const along = (one: Value) => alongAxes(one, y.shape, axes);
      const scaled = scales.length === 0 ? y : multiply(y, along(scales.reduce((a, b) => multiply(a, b))));
      return center ? add(scaled, along(byBeta as Value)) : scaled;
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
