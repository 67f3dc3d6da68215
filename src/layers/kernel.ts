/** What layers with a kernel and a bias share, whatever the kernel's shape and what it is multiplied by. */
import { flag } from "../check/kinds.js";
import type { Settled } from "../check/schema.js";
import { add } from "../graph/primitives/elementwise/binary.js";
import type { Shape } from "../graph/shape.js";
import type { Value } from "../graph/value.js";
import { type BuildContext, type ParameterDeclaration, TRAINABLE, type TrainableOptions } from "./layer.js";
import { type ConstraintOption, constraintOption } from "./parameters/constraints.js";
import { type Fans, type InitializerOption, initializerOption } from "./parameters/initializers.js";
import { parameterOf } from "./parameters/parameter.js";
import {
  penalties,
  type RegularizerOptions,
  regularizerOption,
  toRegularizer,
} from "./parameters/regularizers.js";

/** Options of the kernel and the bias of a layer. */
export interface KernelOptions extends TrainableOptions, RegularizerOptions {
  /** Whether to add a bias; default true. */
  readonly useBias?: boolean;
  /** Default by the activation: see `dense`. */
  readonly kernelInitializer?: InitializerOption;
  /** Default `zeros`. */
  readonly biasInitializer?: InitializerOption;
  /** What the kernel is kept to after each step; default nothing. */
  readonly kernelConstraint?: ConstraintOption;
  /** What the bias is kept to after each step; default nothing. */
  readonly biasConstraint?: ConstraintOption;
}

/** The schema of such options. @param kernelInitializer where a kernel starts that is not told */
export const kernelSchema = (kernelInitializer: InitializerOption) => ({
  useBias: flag(true),
  kernelInitializer: initializerOption(kernelInitializer),
  biasInitializer: initializerOption("zeros"),
  kernelConstraint: constraintOption,
  biasConstraint: constraintOption,
  kernelRegularizer: regularizerOption,
  biasRegularizer: regularizerOption,
  activityRegularizer: regularizerOption,
  ...TRAINABLE,
});

/** A kernel and, unless the options leave it out, a bias: one number for each place of the kernel's last axis. */
export interface Kernel {
  /** @param fans by which both start @param width shape of the bias, where the kernel's last axis is not it */
  declare(shape: Shape, fans: Fans, width?: Shape): ParameterDeclaration[];
  /** y = activate(product + bias), and the penalties of both parameters and of y. */
  apply(
    product: (kernel: Value) => Value,
    parameters: readonly Value[],
    context: BuildContext,
    activate: (x: Value) => Value,
  ): Value;
}

export function kernelOf(who: string, options: Settled<ReturnType<typeof kernelSchema>>): Kernel {
  const kernel = parameterOf(who, "kernel", options);
  const bias = parameterOf(who, "bias", options);
  const activity = toRegularizer(`${who}: activityRegularizer`, options.activityRegularizer);
  const { ofActivity } = penalties();
  return {
    declare: (shape, fans, width = shape.slice(-1)) => [
      kernel.declare(shape, fans),
      ...(options.useBias ? [bias.declare(width, fans)] : []),
    ],
    apply: (product, [weights, offsets], context, activate) => {
      const x = product(weights as Value);
      const y = activate(offsets === undefined ? x : add(x, offsets));
      kernel.penalize(context, weights);
      bias.penalize(context, offsets);
      ofActivity(context, y, activity);
      return y;
    },
  };
}
