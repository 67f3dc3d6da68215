import { parameterElements } from "../compile/graphs.js";
import { type Tensor, toTable } from "../data/table.js";
import { OptionError, ShapeError } from "../errors.js";
import { formatShape, type Shape } from "../graph/shape.js";
import { checkKeys } from "../options.js";
import type { ModelState } from "./state.js";

/** A parameter's values, row-major. */
export interface Weight {
  readonly shape: Shape;
  readonly data: Float32Array;
}

/** Parameters by name: `dense/kernel`, `dense/bias`. */
export type Weights = Readonly<Record<string, Weight>>;

/** A copy of all parameters. */
export function readWeights(state: ModelState): Weights {
  const machine = state.machine("weights");
  return Object.fromEntries(
    state.parameters.map((one) => {
      const place = machine.program.parameters.get(one);
      if (place === undefined) throw new Error(`weights: ${one.name} has no place.`);
      return [one.name, { shape: one.shape, data: machine.floats(place, parameterElements(one)).slice() }];
    }),
  );
}

/**
 * Sets the parameters that are named; checks all of them before it changes the first.
 *
 * @throws OptionError for a name that there is not, ShapeError for a wrong shape, DataError for what is not finite
 */
export function writeWeights(state: ModelState, weights: Readonly<Record<string, Weight | Tensor>>): void {
  const machine = state.machine("setWeights");
  state.checkIdle("setWeights");
  checkKeys(
    "setWeights",
    weights,
    state.parameters.map(({ name }) => name),
  );
  const checked = Object.entries(weights).map(([name, weight]) => {
    const one = state.parameters.find((parameter) => parameter.name === name);
    if (one === undefined) throw new OptionError(`setWeights: there is no parameter "${name}".`);
    const data = "data" in weight ? weight.data : weight;
    const { values } = toTable(`setWeights: ${name}`, [data] as Tensor, [parameterElements(one)]);
    if ("shape" in weight && String(weight.shape) !== String(one.shape)) {
      throw new ShapeError(
        `setWeights: ${name} is ${formatShape(weight.shape)}; needs ${formatShape(one.shape)}.`,
      );
    }
    return { one, values };
  });
  for (const { one, values } of checked) {
    const place = machine.program.parameters.get(one);
    if (place !== undefined) machine.floats(place, values.length).set(values);
  }
}
