/** What follows a normalization: gamma · y + beta, one of each for what the layer normalizes as one. */

import { flag } from "../../check/kinds.js";
import type { Settled } from "../../check/schema.js";
import { add, multiply } from "../../graph/primitives/elementwise/binary.js";
import { reshape } from "../../graph/primitives/move/reshape.js";
import type { Shape } from "../../graph/shape.js";
import type { Value } from "../../graph/value.js";
import { type BuildContext, type ParameterDeclaration, TRAINABLE, type TrainableOptions } from "../layer.js";
import { type ConstraintOption, constraintOption } from "../parameters/constraints.js";
import { type InitializerOption, initializerOption } from "../parameters/initializers.js";
import { parameterOf } from "../parameters/parameter.js";
import { type RegularizerOption, regularizerOption } from "../parameters/regularizers.js";

export interface ScaleOptions extends TrainableOptions {
  /** Whether the result is multiplied by gamma, which is trained. */
  readonly scale?: boolean;
  /** Where gamma starts; default `ones`. */
  readonly gammaInitializer?: InitializerOption;
  /** Penalty of gamma; default none. */
  readonly gammaRegularizer?: RegularizerOption;
  /** What gamma is kept to after each step; default nothing. */
  readonly gammaConstraint?: ConstraintOption;
}

export interface ScaleAndCenterOptions extends ScaleOptions {
  /** Whether beta, which is trained, is added to the result. */
  readonly center?: boolean;
  /** Where beta starts; default `zeros`. */
  readonly betaInitializer?: InitializerOption;
  /** Penalty of beta; default none. */
  readonly betaRegularizer?: RegularizerOption;
  /** What beta is kept to after each step; default nothing. */
  readonly betaConstraint?: ConstraintOption;
}

/** The schema of gamma. @param scale whether there is one unless the options say */
export const scaleSchema = (scale: boolean) => ({
  scale: flag(scale),
  gammaInitializer: initializerOption("ones"),
  gammaRegularizer: regularizerOption,
  gammaConstraint: constraintOption,
  ...TRAINABLE,
});

/** The schema of gamma and beta. @param both whether they are there unless the options say */
export const centerSchema = (both: boolean) => ({
  center: flag(both),
  betaInitializer: initializerOption("zeros"),
  betaRegularizer: regularizerOption,
  betaConstraint: constraintOption,
  ...scaleSchema(both),
});

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

/** @throws OptionError for an initializer that is not for vectors */
export function scaleAndCenter(
  who: string,
  options: Settled<ReturnType<typeof scaleSchema>> | Settled<ReturnType<typeof centerSchema>>,
): ScaleAndCenter {
  const { scale } = options;
  const gamma = parameterOf(who, "gamma", options);
  const beta = "center" in options ? parameterOf(who, "beta", options) : undefined;
  gamma.declare([1]);
  beta?.declare([1]);
  const center = "center" in options && options.center;
  const chosen = [...(scale ? [gamma] : []), ...(center && beta ? [beta] : [])];
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
