/** A parameter as the options of its layer say: how it starts, what it is kept to, and what it costs. */
import type { Shape } from "../../graph/shape.js";
import type { Value } from "../../graph/value.js";
import type { BuildContext, ParameterDeclaration } from "../layer.js";
import { type ConstraintOption, toConstraint } from "./constraints.js";
import { type Fans, fansOf, type InitializerOption, initialOf } from "./initializers.js";
import { penalties, type RegularizerOption, toRegularizer } from "./regularizers.js";

/** The options of a parameter of that name, settled. */
export type ParameterSettings<P extends string> = { readonly [K in `${P}Initializer`]: InitializerOption } & {
  readonly [K in `${P}Constraint`]: ConstraintOption | undefined;
} & { readonly [K in `${P}Regularizer`]: RegularizerOption | undefined };

export interface OwnParameter {
  declare(shape: Shape, fans?: Fans): ParameterDeclaration;
  /** Adds its penalty to the loss, once in each graph. */
  penalize(context: BuildContext, value: Value | undefined): void;
}

/** @throws OptionError where an initializer does not fit the number of axes; see the kinds of the options */
export function parameterOf<P extends string>(
  who: string,
  name: P,
  options: ParameterSettings<P>,
): OwnParameter {
  const settled = options as Readonly<Record<string, unknown>> as ParameterSettings<"own">;
  const { [`${name}Initializer` as "ownInitializer"]: initializer } = settled;
  const { [`${name}Constraint` as "ownConstraint"]: givenConstraint } = settled;
  const { [`${name}Regularizer` as "ownRegularizer"]: givenRegularizer } = settled;
  const constraint = toConstraint(`${who}: ${name}Constraint`, givenConstraint);
  const regularizer = toRegularizer(`${who}: ${name}Regularizer`, givenRegularizer);
  const { ofParameter } = penalties();
  return {
    declare: (shape, fans = fansOf(shape)) => ({
      name,
      shape,
      initial: initialOf(who, initializer, fans, shape),
      constraint,
    }),
    penalize: (context, value) => ofParameter(context, value, regularizer),
  };
}
