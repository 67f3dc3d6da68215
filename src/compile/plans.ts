/** Where everything lies that the methods of a program work on: parameters, constants, and the values of each method. */
import { copy } from "../graph/primitives/elementwise/unary.js";
import { type Parameter, parameter } from "../graph/primitives/step/source.js";
import type { Value } from "../graph/value.js";
import type { Graphs } from "./graphs.js";
import type { Place } from "./instruction.js";
import { type Plan, type PlanInput, plan, viewed } from "./memory/plan.js";
import {
  isConstant,
  type ParameterPlaces,
  type PlacedConstant,
  placeConstants,
  placeParameters,
  type Since,
  type Treatment,
} from "./memory/segments.js";
import type { PlanWithin } from "./recompute/within.js";

export interface PlanOptions {
  readonly parameters: readonly Parameter[];
  /** The step at which a parameter's training began; undefined for one that is frozen. */
  readonly since: Since;
  treatmentOf(parameter: Parameter): Treatment;
  /** Rows that a step, or each of its micro-batches, takes at most. */
  readonly rows: number;
  /** Bytes that the arena of the training step may take: values are computed again where it would take more. */
  readonly arenaLimit?: number;
  /** How they are: needed with a limit only. */
  readonly planWithin?: PlanWithin;
}

/** The values of a method in the order of computation, and where they lie. */
export interface PlannedMethod {
  readonly order: readonly Value[];
  readonly plan: Plan;
}

export interface Plans {
  readonly parameters: ParameterPlaces;
  readonly constants: readonly PlacedConstant[];
  /** Bytes of parameters and constants. */
  readonly parameterBytes: number;
  readonly train: PlannedMethod;
  readonly evaluate: PlannedMethod;
  readonly predict: PlannedMethod;
}

export function planMethods(graphs: Graphs, options: PlanOptions): Plans {
  const { rows } = options;
  const parameters = placeParameters(options.parameters, options.since, (one) => options.treatmentOf(one));
  const train = trainOrder(graphs);
  const orders = [train.order, graphs.evaluate, graphs.predict];
  const { constants, end } = placeConstants(orders, parameters.bytes);
  const inputOf = (order: readonly Value[], kept: readonly Value[], gradients: MethodInput["gradients"]) =>
    planInput(order, { parameters: parameters.places, constants, gradients, kept, rows });
  const planned = (order: readonly Value[], kept: readonly Value[]): PlannedMethod => ({
    order,
    plan: plan(inputOf(order, kept, new Map())),
  });
  return {
    parameters,
    constants: [...new Set(constants.values())],
    parameterBytes: end,
    train: planTraining(inputOf(train.order, [], train.gradients), options),
    evaluate: planned(graphs.evaluate, []),
    predict: planned(graphs.predict, graphs.results),
  };
}

/** The training step in order, and whose gradient each value is that is to lie in the gradient segment. */
function trainOrder(graphs: Graphs): { order: readonly Value[]; gradients: Map<Value, Parameter> } {
  const order = [...graphs.train];
  const gradients = new Map<Value, Parameter>();
  for (const [one, gradient] of [...graphs.gradients, ...graphs.averages]) {
    // A view lies where its base does. What is another's gradient too, or is no result, needs a copy of its own.
    const base = viewed(gradient);
    const own = isGiven(base) || gradients.has(base) ? copy(gradient) : base;
    if (own !== base) order.push(own);
    gradients.set(own, one);
  }
  return { order, gradients };
}

/** Whether a value lies in memory before the method runs. */
export const isGiven = (value: Value) => (value.op as unknown) === parameter || isConstant(value);

interface MethodInput {
  readonly parameters: ReadonlyMap<Parameter, Place>;
  readonly constants: ReadonlyMap<Value, PlacedConstant>;
  readonly gradients: ReadonlyMap<Value, Parameter>;
  readonly kept: readonly Value[];
  readonly rows: number;
}

function planInput(
  order: readonly Value[],
  { parameters, constants, gradients, kept, rows }: MethodInput,
): PlanInput {
  const pinned = new Map<Value, Place>();
  for (const value of order) {
    const placed = constants.get(value)?.place ?? parameters.get(value.attributes as Parameter);
    if (isGiven(value) && placed !== undefined) pinned.set(value, placed);
    const owner = gradients.get(value);
    if (owner !== undefined) pinned.set(value, { ...(parameters.get(owner) as Place), segment: "gradients" });
  }
  return { order, pinned, kept: new Set(kept), rows };
}

/** The plan of the training step, within a limit if one can be found; the smallest if none is small enough. */
function planTraining(input: PlanInput, { arenaLimit, planWithin }: PlanOptions): PlannedMethod {
  const whole = { order: input.order, plan: plan(input) };
  if (arenaLimit === undefined || planWithin === undefined || whole.plan.arenaBytes <= arenaLimit)
    return whole;
  const found = planWithin(input, arenaLimit);
  if (found.fits) return found;
  const smallest = planWithin(input, found.needsBytes);
  return smallest.fits ? smallest : whole;
}
