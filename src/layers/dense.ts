import { Form } from "../../assembly/isa.js";
import { ShapeError } from "../errors.js";
import { formatShape, ROWS, type Shape } from "../graph/shape.js";
import type { Value } from "../graph/value.js";
import { add } from "../ops/binary.js";
import { matmul } from "../ops/matmul.js";
import { checkInteger, checkKeys, checkType } from "../options.js";
import { type ActivationOption, isActivationOption, toActivation } from "./activations.js";
import { type ConstraintOption, toConstraint } from "./constraints.js";
import { type Initializer, type InitializerName, initialiser } from "./initialisers.js";
import {
  type Layer,
  layerTitle,
  makeLayer,
  type ParameterDeclaration,
  type TrainableOptions,
} from "./layer.js";
import { penalties, REGULARIZER_OPTIONS, type RegularizerOptions, toRegularizer } from "./regularisers.js";

export interface DenseOptions extends TrainableOptions, RegularizerOptions {
  /** Applied to the result; default `linear`. */
  readonly activation?: ActivationOption;
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

/**
 * y = activation(x · kernel + bias): a fully connected layer.
 *
 * x is [rows, in] or [rows, time, in], kernel [in, units], bias [units].
 *
 * The kernel starts as fits the activation, unless `kernelInitializer` says how:
 *
 * - `heUniform` before relu, relu6, elu, celu, gelu, silu, mish and hardSwish, and before leakyRelu with the variance
 *   2 / ((1 + slope²) fanIn): what keeps the variance behind a ReLU (He et al. 2015, eq. 10 and 15). Of z ~ N(0, 1) the
 *   others leave E f(z)² between 0.33 and 0.65, which its factor 2 makes up for nearer than the 1 of Glorot. Deep stacks
 *   of gelu, silu, mish and hardSwish lose signal in spite of it, and want normalisation
 * - `lecunNormal` before selu, which normalises itself from there (Klambauer et al. 2017)
 * - `glorotUniform` before all others and functions of one's own (Glorot & Bengio 2010)
 *
 * @param units outputs, at least 1
 * @param options an activation, or all options
 * @throws OptionError for options that do not exist, ShapeError when it is called on an input without features
 */
export function dense(units: number, options: ActivationOption | DenseOptions = {}): Layer {
  const given: DenseOptions = isActivationOption(options) ? { activation: options } : options;
  const who = layerTitle("dense", given?.name);
  checkKeys(who, given, [
    "activation",
    "useBias",
    "kernelInitializer",
    "biasInitializer",
    "kernelConstraint",
    "biasConstraint",
    ...REGULARIZER_OPTIONS,
    "name",
    "trainable",
  ]);
  checkInteger(who, "units", units, 1);
  if (given.useBias !== undefined) checkType(who, "useBias", given.useBias, "boolean");
  const { activation = "linear", useBias = true, biasInitializer = "zeros" } = given;
  const activate = toActivation(who, activation);
  const { kernelInitializer = activate.initializer } = given;
  initialiser(who, kernelInitializer, { fanIn: 1, fanOut: units }, [1, units]);
  initialiser(who, biasInitializer, { fanIn: 1, fanOut: units }, [units]);

  const kernelConstraint = toConstraint(`${who}: kernelConstraint`, given.kernelConstraint);
  const biasConstraint = toConstraint(`${who}: biasConstraint`, given.biasConstraint);
  const kernelRegularizer = toRegularizer(`${who}: kernelRegularizer`, given.kernelRegularizer);
  const biasRegularizer = toRegularizer(`${who}: biasRegularizer`, given.biasRegularizer);
  const activityRegularizer = toRegularizer(`${who}: activityRegularizer`, given.activityRegularizer);
  const { ofParameter, ofActivity } = penalties();

  return makeLayer({
    kind: "dense",
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
      const shape = [fans.fanIn, units];
      const kernel: ParameterDeclaration = {
        name: "kernel",
        shape,
        initial: initialiser(who, kernelInitializer, fans, shape),
        constraint: kernelConstraint,
      };
      const offsets: ParameterDeclaration = {
        name: "bias",
        shape: [units],
        initial: initialiser(who, biasInitializer, fans, [units]),
        constraint: biasConstraint,
      };
      return useBias ? [kernel, offsets] : [kernel];
    },
    build: ([x], [kernel, offsets], context) => {
      const product = matmul(x as Value, kernel as Value, { form: Form.AB });
      const y = activate.apply(offsets === undefined ? product : add(product, offsets));
      ofParameter(context, kernel, kernelRegularizer);
      ofParameter(context, offsets, biasRegularizer);
      ofActivity(context, y, activityRegularizer);
      return y;
    },
  });
}
