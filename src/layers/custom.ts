import { inContext, OptionError, ShapeError } from "../check/errors.js";
import { checkInteger, checkKeys, checkNumber, checkType, describe } from "../check/options.js";
import { isValue } from "../graph/op.js";
import { type Initial, type Parameter, parameter, placeholder } from "../graph/primitives/step/source.js";
import { formatShape, type Shape, sameShape } from "../graph/shape.js";
import { inBuild, inLayer, type Value } from "../graph/value.js";
import { type BuildContext, type Layer, layerTitle, makeLayer, type TrainableOptions } from "./layer.js";
import { type ConstraintOption, toConstraint } from "./parameters/constraints.js";
import { fansOf, type Initializer, type InitializerName, initialOf } from "./parameters/initializers.js";
import {
  penalties,
  type Regularizer,
  type RegularizerOption,
  toRegularizer,
} from "./parameters/regularizers.js";

/** A tensor that a custom layer trains. */
export interface CustomParameter {
  readonly shape: Shape;
  /** Where it starts: an initializer, or one number everywhere. Default `glorotUniform`, for a vector `zeros`. */
  readonly initializer?: InitializerName | Initializer | number;
  /** Whether training changes it; default true. */
  readonly trainable?: boolean;
  /** Whether weight decay applies to it; default true. */
  readonly decay?: boolean;
  /**
   * Makes it a running average, in place of a tensor that is trained: the share, in (0, 1], of what `context.setAverage`
   * gives that it takes over in each step.
   */
  readonly average?: number;
  /** What it is kept to after each step; default nothing. */
  readonly constraint?: ConstraintOption;
  /** What it adds to the loss; default nothing. */
  readonly regularizer?: RegularizerOption;
}

/** As many values as the layer is called with: those that there are, in order. */
export type LayerInputs = readonly [Value, Value, Value, Value, ...Value[]];

export interface CustomLayerOptions<P extends string = string> extends TrainableOptions {
  /** What it is called unless it has a name: `attention`. */
  readonly kind: string;
  /** Its parameters, from the shapes of its inputs, in which −1 stands for the rows. */
  readonly parameters?: (...inputs: Shape[]) => { readonly [name in P]: CustomParameter };
  /**
   * Makes its result of its inputs and parameters, with the functions of `wasmgrad/ops`. It is called each time a
   * graph is built, so it must depend on nothing else.
   */
  readonly build: (
    inputs: LayerInputs,
    parameters: { readonly [name in P]: Value },
    context: BuildContext,
  ) => Value;
  /** Shape of the result, from those of the inputs: checked when it is given, else it is what `build` makes. */
  readonly shape?: (...inputs: Shape[]) => Shape;
}

const OPTION_NAMES = ["kind", "name", "trainable", "parameters", "build", "shape"];

/**
 * A layer from a function of values: it owns the parameters that it declares, and its gradients follow from the ops.
 *
 * @throws OptionError for options that do not exist; when it is called, ShapeError when its ops do not fit its inputs
 *   or the result is not of the shape that it says
 */
export function customLayer<const P extends string = never>(options: CustomLayerOptions<P>): Layer {
  checkKeys("customLayer", options, OPTION_NAMES);
  const { kind, name, trainable, parameters, build, shape } = options;
  checkType("customLayer", "kind", kind, "string");
  const who = layerTitle(kind, name);
  checkType(who, "build", build, "function");
  if (parameters !== undefined) checkType(who, "parameters", parameters, "function");
  if (shape !== undefined) checkType(who, "shape", shape, "function");
  const declare = (inputs: readonly Shape[]) =>
    Object.entries<CustomParameter>(parameters?.(...inputs) ?? {}).map(([key, one]) =>
      declaration(who, key, one),
    );
  const run = (
    inputs: readonly Value[],
    values: readonly Value[],
    names: readonly string[],
    context: BuildContext,
  ) => {
    const named = Object.fromEntries(names.map((key, i) => [key, values[i] as Value]));
    const result = inBuild({ isUsers: true }, () =>
      inContext(who, () => build(inputs as LayerInputs, named as { readonly [K in P]: Value }, context)),
    );
    if (isValue(result)) return result;
    throw new ShapeError(
      `${who}: build returns ${describe(result)}; needs a value. Write it with functions of wasmgrad/ops: add(x, 1).`,
    );
  };
  const { ofParameter } = penalties();
  return makeLayer({
    kind,
    name,
    trainable,
    arity: "many",
    shape: (inputs) => {
      const declared = declare(inputs);
      const context = {
        training: true,
        node: 0,
        addLoss: () => undefined,
        frozen: false,
        setAverage: () => undefined,
      };
      const result = inLayer(who, () =>
        inBuild({ node: 0 }, () =>
          run(
            inputs.map((one, slot) => placeholder(one, slot)),
            declared.map((one) => parameter(one)),
            declared.map((one) => one.name),
            context,
          ),
        ),
      );
      const said: unknown = shape?.(...inputs);
      if (said === undefined) return result.shape;
      if (!Array.isArray(said)) {
        throw new ShapeError(`${who}: shape returns ${describe(said)}; needs an array of sizes.`);
      }
      if (sameShape(said, result.shape)) return result.shape;
      throw new ShapeError(
        `${who}: build returns ${formatShape(result.shape)}; needs ${formatShape(said)}, as its shape says.`,
      );
    },
    parameters: declare,
    build: (inputs, values, context) => {
      const declared = declare(inputs.map((one) => one.shape));
      declared.forEach(({ regularizer }, i) => {
        ofParameter(context, values[i], regularizer);
      });
      return run(
        inputs,
        values,
        declared.map((one) => one.name),
        context,
      );
    },
  });
}

type Declaration = Parameter & { readonly regularizer: Regularizer | undefined };

function declaration(who: string, name: string, given: CustomParameter): Declaration {
  const title = `${who}: parameter "${name}"`;
  if (name === "" || name.includes("/")) {
    throw new OptionError(
      `${title}: needs a name of at least one letter and without "/", which joins names.`,
    );
  }
  if (typeof given !== "object" || given === null) {
    throw new OptionError(`${title} is ${describe(given)}; needs { shape } and options.`);
  }
  checkKeys(title, given, [
    "shape",
    "initializer",
    "trainable",
    "decay",
    "average",
    "constraint",
    "regularizer",
  ]);
  const { shape, trainable, decay, average } = given;
  if (!Array.isArray(shape)) {
    throw new OptionError(`${title}: shape is ${describe(shape)}; needs an array of sizes.`);
  }
  for (const axis of shape) checkInteger(title, "an axis of its shape", axis, 1);
  if (trainable !== undefined) checkType(title, "trainable", trainable, "boolean");
  if (decay !== undefined) checkType(title, "decay", decay, "boolean");
  if (average !== undefined) {
    checkNumber(title, "average", average, "a number in (0, 1]", (share) => share > 0 && share <= 1);
  }
  return {
    name,
    shape: [...shape],
    initial: ownInitial(title, shape, given.initializer),
    ...(trainable === undefined ? {} : { trainable }),
    ...(decay === undefined ? {} : { decay }),
    ...(average === undefined ? {} : { average }),
    constraint: toConstraint(`${title}: constraint`, given.constraint),
    regularizer: toRegularizer(`${title}: regularizer`, given.regularizer),
  };
}

function ownInitial(title: string, shape: Shape, given: CustomParameter["initializer"]): Initial {
  if (typeof given === "number") {
    if (Number.isFinite(Math.fround(given))) return { low: given, high: given };
    throw new OptionError(`${title}: initializer is ${given}; needs a finite number or a name.`);
  }
  return initialOf(title, given ?? (shape.length < 2 ? "zeros" : "glorotUniform"), fansOf(shape), shape);
}
