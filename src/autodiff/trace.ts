/** From a plain function of values to a graph: its inputs are parameters, so that they have fixed shapes and places. */

import { OptionError, ShapeError } from "../check/errors.js";
import { checkInteger, choose, describe } from "../check/options.js";
import { siteOf } from "../check/site.js";
import { chainRule } from "../compile/chainRule.js";
import { backward } from "../graph/backward.js";
import { isValue } from "../graph/op.js";
import { multiply } from "../graph/primitives/elementwise/binary.js";
import { fill } from "../graph/primitives/elementwise/fill.js";
import { sum } from "../graph/primitives/reduce/sum.js";
import { type Parameter, parameter, source } from "../graph/primitives/step/source.js";
import { schedule } from "../graph/schedule.js";
import { formatShape, ROWS, type Shape, sizeOf } from "../graph/shape.js";
import { inBuild, inLayer, type Value } from "../graph/value.js";
import { type Around, LayersOnValues, type Provide } from "../layers/onValues.js";

/** An input, or the seed of an output: numbers that each call brings. */
export interface Argument {
  readonly name: string;
  readonly shape: Shape;
  readonly parameter: Parameter;
  readonly value: Value;
}

export interface Output {
  readonly name: string;
  readonly value: Value;
}

export interface Trace {
  /** What errors call the function. */
  readonly who: string;
  /** The layer of all its values. */
  readonly layer: string;
  readonly inputs: readonly Argument[];
  /** Parameters of the layers that it calls. */
  readonly weights: readonly Argument[];
  readonly outputs: readonly Output[];
  /** Whether there is one input, or output, that goes without a name. */
  readonly single: { readonly input: boolean; readonly output: boolean };
}

/**
 * Calls a function once, on values for its inputs.
 *
 * @param training whether layers are those of a training step
 * @throws ShapeError, OptionError for shapes that are none, or what it returns
 */
export function traceFunction(caller: string, build: unknown, shapes: unknown, training = true): Trace {
  if (typeof build !== "function") {
    throw new OptionError(`${caller}: got ${describe(build)}; needs a function of values.`);
  }
  const layer = build.name || "function";
  const who = build.name ? `${caller} "${build.name}"` : caller;
  const single = Array.isArray(shapes);
  if (typeof shapes !== "object" || shapes === null) {
    throw new OptionError(
      `${who}: inputs is ${describe(shapes)}; needs the shape of its input, as [2, 3], or of each by its name.`,
    );
  }
  const named: [string, unknown][] = single ? [["input", shapes]] : Object.entries(shapes);
  return inLayer(layer, () => {
    const inputs = named.map(([name, shape]) => argument(name, checkShape(who, name, shape)));
    const values = single
      ? inputs[0]?.value
      : Object.fromEntries(inputs.map(({ name, value }) => [name, value]));
    const called: Argument[] = [];
    const provide: Provide = (declared) => {
      const own = declared.map((one) => argumentOf({ ...one }));
      called.push(...own);
      return own.map(({ value }) => value);
    };
    const layers = new LayersOnValues(provide, UNHEARD);
    const result: unknown = inBuild({ node: 0, training, isUsers: true }, () =>
      layers.within(() => build(values)),
    );
    const outputs = outputsOf(who, result);
    const weights = layers.declarations().map(({ name }, i) => renamed(called[i] as Argument, name));
    const trace = {
      who,
      layer,
      inputs,
      weights,
      outputs,
      single: { input: single, output: isValue(result) },
    };
    checkValues(trace);
    return trace;
  });
}

/** A function has no loss that layers could add to, and no step after which averages move. */
const UNHEARD: Around = { addLoss: () => undefined, setAverage: () => undefined, frozen: false };

const argumentOf = (one: Parameter): Argument => ({
  name: one.name,
  shape: one.shape,
  parameter: one,
  value: parameter(one),
});

const argument = (name: string, shape: Shape): Argument =>
  argumentOf({ name, shape, initial: { low: 0, high: 0 } });

/** The name is known when all layers have been called: its parameter gets it too. */
const renamed = (one: Argument, name: string): Argument => ({
  ...one,
  name,
  parameter: Object.assign(one.parameter, { name }),
});

function checkShape(who: string, name: string, shape: unknown): Shape {
  if (!Array.isArray(shape)) {
    throw new OptionError(`${who}: the shape of "${name}" is ${describe(shape)}; needs an array of sizes.`);
  }
  for (const axis of shape) checkInteger(who, `an axis of "${name}"`, axis, 0);
  return [...shape];
}

function outputsOf(who: string, result: unknown): Output[] {
  if (isValue(result)) return [{ name: "output", value: result }];
  const needs = "needs a value, or an object of values by name";
  if (typeof result !== "object" || result === null || Object.getPrototypeOf(result) !== Object.prototype) {
    const mend = result instanceof Promise ? " It must not be async." : "";
    throw new ShapeError(`${who}: the function returns ${describe(result)}; ${needs}.${mend}`);
  }
  const entries: [string, unknown][] = Object.entries(result);
  if (entries.length === 0) throw new ShapeError(`${who}: the function returns {}; ${needs}.`);
  return entries.map(([name, value]) => {
    if (isValue(value)) return { name, value };
    throw new ShapeError(`${who}: the function returns ${describe(value)} as "${name}"; ${needs}.`);
  });
}

/** @throws ShapeError for values that another graph made, and for those that have rows: a function has none */
function checkValues({ who, inputs, weights, outputs }: Trace): void {
  const own = new Set([...inputs, ...weights].map(({ value }) => value));
  for (const value of schedule(outputs.map((output) => output.value))) {
    const { op, shape } = value as { op: unknown; shape: Shape };
    if (op === source || (op === parameter && !own.has(value))) {
      throw new ShapeError(
        `${who}: the function uses a value that it was not given, of ${describeOrigin(value)}; needs one of its inputs. ` +
          "Make it an input, or fixed numbers with constant().",
      );
    }
    if (shape.includes(ROWS)) {
      throw new ShapeError(
        `${who}: ${value.op.name}${siteOf(value)} makes ${formatShape(shape)}; a function has no rows: needs a size.`,
      );
    }
  }
}

const describeOrigin = ({ layer, attributes }: Value) =>
  `"${(attributes as Partial<Parameter>).name ?? layer}"`;

export interface Derivative {
  /** What is differentiated: the output, or Σ seed · output. */
  readonly loss: Value;
  /** Inputs by which it is. */
  readonly wanted: readonly Argument[];
  /** Parameters of layers by which it is. */
  readonly weights: readonly Argument[];
  /** One for each of `wanted` and of `weights`; zeros where the loss does not depend on it. */
  readonly gradients: readonly Value[];
  readonly seeds: readonly Argument[];
}

export interface DerivativeOptions {
  /** Names of inputs; true: all. */
  readonly gradients: unknown;
  /** Name of the output that is differentiated. */
  readonly of: string | undefined;
  readonly seeds: boolean;
  /** Whether it is differentiated by the parameters of layers too. */
  readonly weights?: boolean;
}

/** @throws GradientError for an op without a gradient, ShapeError for an output that is no scalar, OptionError */
export function differentiate(trace: Trace, options: DerivativeOptions): Derivative {
  const wanted = options.gradients === undefined ? [] : wantedInputs(trace, options.gradients);
  const isTrained = ({ parameter: { trainable, average } }: Argument) =>
    trainable !== false && average === undefined;
  const weights = options.weights ? trace.weights.filter(isTrained) : [];
  const all = [...wanted, ...weights];
  return inLayer(trace.layer, () => {
    const chosen = chosenOutputs(trace, options);
    const seeds = options.seeds ? chosen.map(({ name, value }) => argument(name, value.shape)) : [];
    const loss = options.seeds
      ? chosen
          .map(({ value }, i) => total(multiply(value, (seeds[i] as Argument).value)))
          .reduce((all, one) => chainRule.add(all, one))
      : (chosen[0] as Output).value;
    const found = backward(
      loss,
      all.map(({ value }) => value),
      chainRule,
    );
    const gradients = all.map(({ shape }, i) => found[i] ?? fill({ shape, value: 0 }));
    return { loss, wanted, weights, gradients, seeds };
  });
}

export const total = (x: Value): Value => sum(x, { axes: x.shape.map((_, axis) => axis) });

function wantedInputs({ who, inputs, single }: Trace, gradients: unknown): readonly Argument[] {
  if (gradients === true) return inputs;
  if (single.input || !Array.isArray(gradients)) {
    throw new OptionError(
      `${who}: gradients is ${describe(gradients)}; needs true${single.input ? "" : ", or an array of names of inputs"}.`,
    );
  }
  const known = Object.fromEntries(inputs.map((one) => [one.name, one]));
  return gradients.map((name) => choose(who, "input", name, known));
}

function chosenOutputs({ who, outputs, single }: Trace, { of, seeds }: DerivativeOptions): readonly Output[] {
  if (of !== undefined && single.output) {
    throw new OptionError(`${who}: of is ${describe(of)}; the one output has no name. Leave it out.`);
  }
  const known = Object.fromEntries(outputs.map((one) => [one.name, one]));
  const chosen = of === undefined ? outputs : [choose(who, "output", of, known)];
  if (seeds) return chosen;
  const [first, second] = chosen as [Output, Output?];
  const names = outputs.map(({ name }) => name).join(", ");
  if (second !== undefined) {
    throw new OptionError(
      `${who}: there are several outputs, ${names}; needs to know which to differentiate: { of: "${first.name}" }, ` +
        "or { seeds: true } for all.",
    );
  }
  if (sizeOf(first.value.shape).factor === 1) return chosen;
  throw new ShapeError(
    `${who}: the output${single.output ? "" : ` "${first.name}"`} is ${formatShape(first.value.shape)}; needs a scalar to ` +
      "differentiate. Sum it with sum(), or compile with { seeds: true } and give the vector of the vector-Jacobian " +
      "product with each call.",
  );
}
