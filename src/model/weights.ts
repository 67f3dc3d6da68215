import { DataError, OptionError, ShapeError } from "../check/errors.js";
import { choose, describe } from "../check/options.js";
import { parameterElements } from "../compile/graphs.js";
import type { Place } from "../compile/instruction.js";
import type { Parameter } from "../graph/primitives/step/source.js";
import { formatShape, type Shape, sameShape } from "../graph/shape.js";
import { isList, isNestedAs, nestingOf } from "../rows/nesting.js";
import { type Tensor, toTable } from "../rows/table.js";
import type { Lease } from "./lease.js";
import type { ModelState } from "./state.js";
import type { Weights } from "./weight.js";

/** What a parameter may be set to: numbers alone, or with their shape, as `weights` gives them. */
export type NewWeight = Tensor | { readonly shape: Shape; readonly data: Tensor };

export type { Weight, Weights } from "./weight.js";

/** A copy of all parameters. */
export const readWeights = (state: ModelState): Weights => copyOf(state, "weights", () => undefined);

/**
 * A copy of the averages that the optimizer keeps: of parameters without one, which are frozen, running averages or not
 * trained for a step yet, their weights.
 *
 * @throws OptionError when it keeps none
 */
export function readAverages(state: ModelState): Weights {
  const { name, averageSlot } = state.settings.optimizer;
  const { trained } = state.machine("averagedWeights").program;
  if (averageSlot === undefined) {
    throw new OptionError(
      `averagedWeights: ${name} keeps no average; needs a model that is compiled with ` +
        `{ optimizer: exponentialMovingAverage("${name}") }.`,
    );
  }
  const { step } = state.standing;
  const isAveraged = (one: Parameter) => step > (state.programs.since(one) ?? Number.POSITIVE_INFINITY);
  return copyOf(state, "averagedWeights", (one) =>
    isAveraged(one) ? trained.get(one)?.slots[averageSlot] : undefined,
  );
}

/** A copy of what lies at a place for each parameter; where there is none, of the parameter. */
function copyOf(state: ModelState, who: string, placeOf: (one: Parameter) => Place | undefined): Weights {
  const machine = state.machine(who);
  return Object.fromEntries(
    state.parameters.map((one) => {
      const place = placeOf(one) ?? machine.program.parameters.get(one);
      if (place === undefined) throw new Error(`${who}: ${one.name} has no place.`);
      return [
        one.name,
        { shape: [...one.shape], data: machine.floats(place, parameterElements(one)).slice() },
      ];
    }),
  );
}

/**
 * Sets the parameters that are named; checks all of them before it changes the first.
 *
 * @param lease of the `fit` that runs, from whom it lets
 * @throws BusyError while another `fit` runs, OptionError for a name that there is not, ShapeError for a wrong shape, DataError for what is not finite
 */
export function writeWeights(
  state: ModelState,
  weights: Readonly<Record<string, NewWeight>>,
  lease?: Lease,
): void {
  const machine = state.machine("setWeights");
  state.access.check("setWeights", { lease, instead: "setWeights" });
  for (const { one, values } of checkedWeights("setWeights", state, weights)) {
    const place = machine.program.parameters.get(one);
    if (place !== undefined) machine.write(place, values);
  }
}

/** The numbers of those that are named. @throws OptionError, ShapeError, DataError */
export function checkedWeights(
  who: string,
  { parameters }: Pick<ModelState, "parameters">,
  weights: Readonly<Record<string, NewWeight>>,
): { readonly one: Parameter; readonly values: Float32Array | Uint8Array }[] {
  if (typeof weights !== "object" || weights === null || Symbol.iterator in weights) {
    throw new OptionError(
      `${who}: got ${describe(weights)}; needs an object of weights by name, as weights() gives.`,
    );
  }
  const known = Object.fromEntries(parameters.map((one) => [one.name, one]));
  return Object.entries(weights).map(([name, weight]) => {
    const one = choose(who, "parameter", name, known);
    return { one, values: checkedValues(who, one, weight) };
  });
}

/** The numbers of one parameter. @throws ShapeError, DataError */
function checkedValues(caller: string, one: Parameter, weight: NewWeight): Float32Array | Uint8Array {
  const who = `${caller}: ${one.name}`;
  const needs = `needs ${formatShape(one.shape)}`;
  const isRecord = typeof weight === "object" && weight !== null && "data" in weight;
  const data = isRecord ? weight.data : weight;
  if (!isList(data)) {
    const mend = isRecord ? ". JSON keeps the numbers of a typed array as Array.from(data)" : "";
    throw new DataError(
      `${who}${isRecord ? ": data" : ""} is ${describe(data)}; ${needs}, as numbers or { shape, data }${mend}.`,
    );
  }
  if (isRecord && !(Array.isArray(weight.shape) && sameShape(weight.shape, one.shape))) {
    const got = Array.isArray(weight.shape)
      ? formatShape(weight.shape)
      : `of shape ${describe(weight.shape)}`;
    throw new ShapeError(`${who} is ${got}; ${needs}. Transpose it, or take the layer that it belongs to.`);
  }
  const nesting = nestingOf(who, [data]);
  if (!isNestedAs(one.shape, nesting)) {
    const [length] = nesting;
    const got =
      nesting.length > 1
        ? `is ${formatShape(nesting)}`
        : `has ${length} ${length === 1 ? "number" : "numbers"}`;
    const mend = sameShape([...nesting].reverse(), one.shape) ? " Transpose it." : "";
    throw new ShapeError(`${who} ${got}; ${needs}.${mend}`);
  }
  return toTable(who, [data] as Tensor, one.shape).values;
}
