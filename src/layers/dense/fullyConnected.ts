/** What layers with a kernel [in, width] and a bias [width] share: dense, and maxout. */
import { Form } from "../../../assembly/isa/matmul.js";
import { ShapeError } from "../../check/errors.js";
import { checkInteger, checkType } from "../../check/options.js";
import { add } from "../../graph/primitives/elementwise/binary.js";
import { matmul } from "../../graph/primitives/matmul/matmul.js";
import { formatShape, ROWS, type Shape } from "../../graph/shape.js";
import type { Value } from "../../graph/value.js";
import { type Layer, makeLayer, type ParameterDeclaration, type TrainableOptions } from "../layer.js";
import { type ConstraintOption, toConstraint } from "../parameters/constraints.js";
import { type Initializer, type InitializerName, initialOf } from "../parameters/initializers.js";
import {
  penalties,
  REGULARIZER_OPTIONS,
  type RegularizerOptions,
  toRegularizer,
} from "../parameters/regularizers.js";

/** Options of the kernel and the bias of a layer. */
export interface KernelOptions extends TrainableOptions, RegularizerOptions {
  /** Whether to add a bias; default true. */
  readonly useBias?: boolean;
  /** Default by the activation: see `dense`. */
  readonly kernelInitializer?: InitializerName | Initializer;
  /** Default `zeros`. */
  readonly biasInitializer?: InitializerName | Initializer;
  /** What the kernel is kept to after each step; default nothing. */
  readonly kernelConstraint?: ConstraintOption;
  /** What the bias is kept to after each step; default nothing. */
  readonly biasConstraint?: ConstraintOption;
}

export const KERNEL_OPTIONS = [
  "useBias",
  "kernelInitializer",
  "biasInitializer",
  "kernelConstraint",
  "biasConstraint",
  ...REGULARIZER_OPTIONS,
  "name",
  "trainable",
] as const;

/** A layer of its kind. */
export interface FullyConnected {
  readonly kind: string;
  /** How errors call it. */
  readonly who: string;
  /** Numbers that it makes of each row. */
  readonly units: number;
  /** Columns of the kernel for each unit. */
  readonly pieces: number;
  readonly kernelInitializer: InitializerName | Initializer;
  /** What becomes of x · kernel + bias. */
  apply(product: Value): Value;
}

/** y = apply(x · kernel + bias). @throws OptionError; when it is called, ShapeError for an input without features */
export function fullyConnected(layer: FullyConnected, given: KernelOptions): Layer {
  const { kind, who, units, pieces, apply } = layer;
  checkInteger(who, "units", units, 1);
  if (given.useBias !== undefined) checkType(who, "useBias", given.useBias, "boolean");
  const { kernelInitializer = layer.kernelInitializer, useBias = true, biasInitializer = "zeros" } = given;
  const width = units * pieces;
  initialOf(who, kernelInitializer, { fanIn: 1, fanOut: units }, [1, width]);
  initialOf(who, biasInitializer, { fanIn: 1, fanOut: units }, [width]);

  const kernelConstraint = toConstraint(`${who}: kernelConstraint`, given.kernelConstraint);
  const biasConstraint = toConstraint(`${who}: biasConstraint`, given.biasConstraint);
  const kernelRegularizer = toRegularizer(`${who}: kernelRegularizer`, given.kernelRegularizer);
  const biasRegularizer = toRegularizer(`${who}: biasRegularizer`, given.biasRegularizer);
  const activityRegularizer = toRegularizer(`${who}: activityRegularizer`, given.activityRegularizer);
  const { ofParameter, ofActivity } = penalties();

  return makeLayer({
    kind,
    name: given.name,
    trainable: given.trainable,
    arity: "one",
    shape: ([x]) => {
      const input = x as Shape;
      // Rank 3 is [rows, time, features]; images are meant to be flattened, not mixed channel by channel.
      if (input.length < 2 || input.length > 3) {
        const mend = input.length > 3 ? " Add flatten() before it." : "";
        throw new ShapeError(`${who}: input is ${formatShape(input)}; needs [rows, features].${mend}`);
      }
      if (input.at(-1) === ROWS) {
        throw new ShapeError(
          `${who}: input is ${formatShape(input)}; needs features as its last axis, whose number is known.`,
        );
      }
      return [...input.slice(0, -1), units];
    },
    parameters: ([x]) => {
      const fans = { fanIn: (x as Shape).at(-1) as number, fanOut: units };
      const shape = [fans.fanIn, width];
      const kernel: ParameterDeclaration = {
        name: "kernel",
        shape,
        initial: initialOf(who, kernelInitializer, fans, shape),
        constraint: kernelConstraint,
      };
      const offsets: ParameterDeclaration = {
        name: "bias",
        shape: [width],
        initial: initialOf(who, biasInitializer, fans, [width]),
        constraint: biasConstraint,
      };
      return useBias ? [kernel, offsets] : [kernel];
    },
    build: ([x], [kernel, offsets], context) => {
      const product = matmul(x as Value, kernel as Value, { form: Form.AB });
      const y = apply(offsets === undefined ? product : add(product, offsets));
      ofParameter(context, kernel, kernelRegularizer);
      ofParameter(context, offsets, biasRegularizer);
      ofActivity(context, y, activityRegularizer);
      return y;
    },
  });
}
