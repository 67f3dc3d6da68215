import { inContext, OptionError, ShapeError } from "../check/errors.js";
import { flag, functionOf, integer, numberOf, optional, text } from "../check/kinds.js";
import { checkKeys, describe } from "../check/options.js";
import { type Kind, take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import { isValue } from "../graph/op.js";
import { type Initial, type Parameter, parameter, placeholder } from "../graph/primitives/step/source.js";
import { formatShape, type Shape, sameShape } from "../graph/shape.js";
import { inBuild, inLayer, type Value } from "../graph/value.js";
import {
  type BuildContext,
  type Layer,
  layerTitle,
  makeLayer,
  type ParameterDeclaration,
  TRAINABLE,
  type TrainableOptions,
} from "./layer.js";
import { LayersOnValues, type Provide } from "./onValues.js";
import { type ConstraintOption, constraintOption, toConstraint } from "./parameters/constraints.js";
import { fansOf, type InitializerOption, initializerOption, initialOf } from "./parameters/initializers.js";
import {
  penalties,
  type Regularizer,
  type RegularizerOption,
  regularizerOption,
  toRegularizer,
} from "./parameters/regularizers.js";

/** A tensor that a custom layer trains. */
export interface CustomParameter {
  readonly shape: Shape;
  /** Where it starts: an initializer, or one number everywhere. Default `glorotUniform`, for a vector `zeros`. */
  readonly initializer?: InitializerOption | number;
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
   * Makes its result of its inputs and parameters, with the functions of `wasmgrad/ops`, and by layers and networks made
   * outside of it, which it calls on values: their parameters are the layer's, by their names: `block/dense/kernel`. It
   * is called each time a graph is built, so it must depend on nothing else.
   */
  readonly build: (
    inputs: LayerInputs,
    parameters: { readonly [name in P]: Value },
    context: BuildContext,
  ) => Value;
  /**
   * What the function that makes such layers was given, as `{ units: 3 }`: plain data, by which `fromJSON` and `load` of
   * `wasmgrad/io` call it again.
   */
  readonly configuration?: { readonly [name: string]: unknown };
  /** Shape of the result, from those of the inputs: checked when it is given, else it is what `build` makes. */
  readonly shape?: (...inputs: Shape[]) => Shape;
}

const configuration: Kind<{ readonly [name: string]: unknown } | undefined> = (who, name, given) => {
  if (given === undefined || (typeof given === "object" && given !== null && !Array.isArray(given)))
    return given;
  throw new OptionError(`${who}: ${name} is ${describe(given)}; needs an object of plain data.`);
};

/**
 * A layer from a function of values: it owns the parameters that it declares, and its gradients follow from the ops.
 *
 * @throws OptionError for options that do not exist; when it is called, ShapeError when its ops do not fit its inputs
 *   or the result is not of the shape that it says
 */
export function customLayer<const P extends string = never>(options: CustomLayerOptions<P>): Layer {
  checkSurplus("customLayer", arguments, 1);
  const isNamed = typeof options?.kind === "string";
  const who = isNamed ? layerTitle(options.kind, options.name) : "customLayer";
  type Options = CustomLayerOptions<P>;
  const schema = {
    kind: text(),
    ...TRAINABLE,
    parameters: optional(functionOf<Options["parameters"] & {}>()),
    build: functionOf<Options["build"]>(),
    shape: optional(functionOf<Options["shape"] & {}>()),
    configuration,
  };
  // A name that there is none of may be that of the kind.
  checkKeys("customLayer", options, Object.keys(schema));
  const settled = take(who, options, schema);
  const { kind, parameters, build, shape } = settled;
  const declare = (inputs: readonly Shape[]) =>
    Object.entries<CustomParameter>(parameters?.(...inputs) ?? {}).map(([key, one]) =>
      declaration(who, key, one),
    );
  const run = (
    inputs: readonly Value[],
    values: readonly Value[],
    names: readonly string[],
    context: BuildContext,
    layers: LayersOnValues,
  ) => {
    const named = Object.fromEntries(names.map((key, i) => [key, values[i] as Value]));
    const result = inBuild({ isUsers: true }, () =>
      layers.within(() =>
        inContext(who, () => build(inputs as LayerInputs, named as { readonly [K in P]: Value }, context)),
      ),
    );
    if (isValue(result)) return result;
    throw new ShapeError(
      `${who}: build returns ${describe(result)}; needs a value. Write it with functions of wasmgrad/ops: add(x, 1).`,
    );
  };
  const { ofParameter } = penalties();
  /** Parameters of layers that its build calls, by the shapes of its inputs. */
  const within = new Map<string, readonly ParameterDeclaration[]>();
  /** Builds it on placeholders, to see what it makes and which layers it calls. */
  const tried = (inputs: readonly Shape[]): Value => {
    const declared = declare(inputs);
    const context = {
      training: true,
      node: 0,
      addLoss: () => undefined,
      frozen: false,
      setAverage: () => undefined,
    };
    const layers = new LayersOnValues((some) => some.map((one) => parameter(one)), context);
    const result = inLayer(who, () =>
      inBuild({ node: 0, isTrial: true }, () =>
        run(
          inputs.map((one, slot) => placeholder(one, slot)),
          declared.map((one) => parameter(one)),
          declared.map((one) => one.name),
          context,
          layers,
        ),
      ),
    );
    within.set(
      JSON.stringify(inputs),
      inContext(who, () => layers.declarations()),
    );
    return result;
  };
  const withinOf = (inputs: readonly Shape[]): readonly ParameterDeclaration[] => {
    const key = JSON.stringify(inputs);
    if (!within.has(key)) tried(inputs);
    return within.get(key) ?? [];
  };
  return makeLayer({
    kind,
    options: settled,
    arity: "many",
    layout: "own",
    shape: (inputs) => {
      const result = tried(inputs);
      if (shape === undefined) return result.shape;
      const said: unknown = shape(...inputs);
      if (!Array.isArray(said)) {
        throw new ShapeError(`${who}: shape returns ${describe(said)}; needs an array of sizes.`);
      }
      if (sameShape(said, result.shape)) return result.shape;
      throw new ShapeError(
        `${who}: build returns ${formatShape(result.shape)}; needs ${formatShape(said)}, as its shape says.`,
      );
    },
    parameters: (inputs) => [...declare(inputs), ...withinOf(inputs)],
    build: (inputs, values, context) => {
      const declared = declare(inputs.map((one) => one.shape));
      declared.forEach(({ regularizer }, i) => {
        ofParameter(context, values[i], regularizer);
      });
      const layers = new LayersOnValues(providerOf(values.slice(declared.length)), context);
      return run(
        inputs,
        values,
        declared.map((one) => one.name),
        context,
        layers,
      );
    },
  });
}

/** Gives the layers that a build calls their values, one after the other. */
function providerOf(values: readonly Value[]): Provide {
  let next = 0;
  return (declared, title) => {
    const own = values.slice(next, next + declared.length);
    next += declared.length;
    if (own.length === declared.length && declared.every((one, i) => sameShape(one.shape, shapeOf(own[i])))) {
      return own;
    }
    throw new ShapeError(
      `its build calls ${title} where it called another layer before; needs the same layers in the same order, in ` +
        "training and without.",
    );
  };
}

const shapeOf = (value: Value | undefined): Shape => value?.shape ?? [];

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
  const { shape, initializer, trainable, decay, average, constraint, regularizer } = take(title, given, {
    shape: sizes,
    initializer: optional(startOf),
    trainable: optional(flag()),
    decay: optional(flag()),
    average: optional(numberOf("a number in (0, 1]", (part) => part > 0 && part <= 1)()),
    constraint: constraintOption,
    regularizer: regularizerOption,
  });
  return {
    name,
    shape,
    initial: ownInitial(title, shape, initializer),
    ...(trainable === undefined ? {} : { trainable }),
    ...(decay === undefined ? {} : { decay }),
    ...(average === undefined ? {} : { average }),
    constraint: toConstraint(`${title}: constraint`, constraint),
    regularizer: toRegularizer(`${title}: regularizer`, regularizer),
  };
}

const sizes: Kind<Shape> = (who, name, given) => {
  if (Array.isArray(given)) return given.map((axis) => integer(1)(who, "an axis of its shape", axis));
  throw new OptionError(`${who}: ${name} is ${describe(given)}; needs an array of sizes.`);
};

const startOf: Kind<InitializerOption | number> = (who, name, given) => {
  if (typeof given !== "number") return initializerOption("zeros")(who, name, given);
  if (Number.isFinite(Math.fround(given))) return given;
  throw new OptionError(`${who}: ${name} is ${given}; needs a finite number or a name.`);
};

function ownInitial(title: string, shape: Shape, given: CustomParameter["initializer"]): Initial {
  if (typeof given === "number") return { low: given, high: given };
  return initialOf(title, given ?? (shape.length < 2 ? "zeros" : "glorotUniform"), fansOf(shape), shape);
}
