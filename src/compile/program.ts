import { Method } from "../../assembly/isa/control.js";
import { copy } from "../graph/primitives/elementwise/unary.js";
import { type Parameter, parameter } from "../graph/primitives/step/source.js";
import type { Value } from "../graph/value.js";
import { elementwiseKinds } from "./facts/elementwise.js";
import { noiseKinds } from "./facts/noise.js";
import { randomKinds } from "./facts/random.js";
import type { Graphs } from "./graphs.js";
import { align, type Instruction, instruction, type Place, type SegmentBytes } from "./instruction.js";
import { lower } from "./lower.js";
import { type Lifetime, type Plan, type PlanInput, plan, viewed } from "./memory/plan.js";
import { scratchBytes } from "./memory/scratch.js";
import {
  isConstant,
  type ParameterPlaces,
  type PlacedConstant,
  placeConstants,
  placeParameters,
  type Since,
  type Treatment,
} from "./memory/segments.js";
import { type Measured, observe } from "./observe.js";
import { planWithin } from "./recompute/within.js";
import { type UpdateOptions, updateInstructions } from "./update.js";
import { verify } from "./verify/verify.js";

export interface ProgramOptions extends Omit<UpdateOptions, "averaged"> {
  readonly parameters: readonly Parameter[];
  /** The step at which a parameter's training began; undefined for one that is frozen. */
  readonly since: Since;
  treatmentOf(parameter: Parameter): Treatment;
  /** Rows that a step, or each of its micro-batches, takes at most. */
  readonly rows: number;
  /** Numbers in one row of each source. */
  readonly sourceColumns: readonly number[];
  /** Whether a training step can be observed, and the updates of the weights with it. */
  readonly observes?: "results" | "updates";
  /** Bytes that the arena of the training step may take: values are computed again where it would take more. */
  readonly arenaLimit?: number;
}

/** Instructions of all methods, and the memory that they need. */
export interface Program {
  /** By Method. */
  readonly methods: readonly (readonly Instruction[])[];
  readonly segments: SegmentBytes;
  /** Where each parameter lies in the parameter segment. */
  readonly parameters: ReadonlyMap<Parameter, Place>;
  /** Where its gradient and its slots lie, if it is trained. */
  readonly trained: ReadonlyMap<Parameter, { readonly slots: readonly Place[] }>;
  readonly constants: readonly PlacedConstant[];
  /** Where `predict` leaves its results: the outputs, and behind them what is observed. */
  readonly results: readonly Place[];
  readonly rows: number;
  readonly accumulates: boolean;
  /** What an observed step measures, entry by entry. */
  readonly measured: readonly Measured[];
  /** Bytes for as many rows of each source: they pass through on their way into `evaluate` and `predict`. */
  readonly chunks: readonly number[];
  /** Lives of the buffers of the training step; of `predict` when there is none. */
  readonly lifetimes: readonly Lifetime[];
}

export function makeProgram(graphs: Graphs, options: ProgramOptions): Program {
  const { rows, update, accumulates } = options;
  const parameters = placeParameters(options.parameters, options.since, (one) => options.treatmentOf(one));
  const isTrained = graphs.train.length > 0;
  const trainedBytes = isTrained ? parameters.trainedBytes : 0;
  const movedBytes = isTrained ? trainedBytes + parameters.averagedBytes : 0;
  const averaged = [...graphs.averages.keys()];
  const train = trainOrder(graphs);
  const { constants, end } = placeConstants([train.order, graphs.evaluate, graphs.predict], parameters.bytes);
  const inputOf = (
    order: readonly Value[],
    kept: readonly Value[],
    gradients = new Map<Value, Parameter>(),
  ) => planInput(order, { parameters: parameters.places, constants, gradients, kept, rows });
  const plans: Plan[] = [];
  const trained = planTraining(inputOf(train.order, [], train.gradients), options.arenaLimit);
  plans[Method.Train] = trained.plan;
  plans[Method.Evaluate] = plan(inputOf(graphs.evaluate, []));
  plans[Method.Predict] = plan(inputOf(graphs.predict, graphs.results));

  const methods: Instruction[][] = [];
  methods[Method.Train] = [
    ...lower(trained.order, trained.plan.places),
    ...(isTrained ? updateInstructions(parameters, { ...options, averaged }) : []),
  ];
  methods[Method.Evaluate] = lower(graphs.evaluate, (plans[Method.Evaluate] as Plan).places);
  methods[Method.Predict] = lower(graphs.predict, (plans[Method.Predict] as Plan).places);
  methods[Method.Initialize] = options.parameters.map((one, node) =>
    initialize(one, parameters.places.get(one) as Place, node),
  );

  const observed =
    isTrained && options.observes !== undefined
      ? observe({
          train: methods[Method.Train],
          order: trained.order,
          inputs: graphs.inputs,
          places: trained.plan.places,
          gradients: summed(parameters, movedBytes, accumulates),
          updates: options.observes === "updates",
        })
      : { method: [], measured: [] };
  methods[Method.Observe] = [...observed.method];
  // The arena is idle when weights are updated.
  const copiedBytes = options.observes === "updates" ? trainedBytes : 0;
  const segments: SegmentBytes = {
    parameters: end,
    gradients: movedBytes * (accumulates ? 2 : 1),
    slots: trainedBytes * update.slots,
    arena: plans.reduce((most, { arenaBytes }) => Math.max(most, arenaBytes), copiedBytes),
    scratch: Math.max(...methods.map((method) => scratchBytes(method, rows))),
  };
  plans.forEach(({ places }, i) => {
    const initial = [...places].flatMap(([value, place]) => (isGiven(value) ? [place] : []));
    verify(methods[i] as Instruction[], segments, initial);
  });
  verify(methods[Method.Initialize] as Instruction[], segments, []);
  const predictPlaces = (plans[Method.Predict] as Plan).places;
  return {
    methods,
    segments,
    parameters: parameters.places,
    trained: new Map(
      options.parameters.flatMap((one) => {
        if (options.since(one) === undefined || one.average !== undefined) return [];
        const place = parameters.places.get(one) as Place;
        const slot = (i: number): Place => ({
          ...place,
          segment: "slots",
          offset: i * parameters.trainedBytes + place.offset,
        });
        return [
          [one, { slots: Array.from({ length: isTrained ? update.slots : 0 }, (_, i) => slot(i)) }] as const,
        ];
      }),
    ),
    constants: [...new Set(constants.values())],
    results: graphs.results.map((value) => predictPlaces.get(value) as Place),
    rows,
    accumulates,
    measured: observed.measured,
    chunks: options.sourceColumns.map((columns) => align(rows * columns * 4)),
    lifetimes: (plans[isTrained ? Method.Train : Method.Predict] as Plan).lifetimes,
  };
}

/** Each trained parameter, and where its gradient is when all micro-batches have added to it. */
function summed({ places, trainedBytes }: ParameterPlaces, movedBytes: number, accumulates: boolean) {
  const start = accumulates ? movedBytes : 0;
  return [...places].flatMap(([one, weight]) => {
    if (weight.offset >= trainedBytes) return [];
    const gradient: Place = { ...weight, segment: "gradients", offset: start + weight.offset };
    return [{ one, weight, gradient }];
  });
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
const isGiven = (value: Value) => (value.op as unknown) === parameter || isConstant(value);

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
function planTraining(
  input: PlanInput,
  arenaLimit = Number.POSITIVE_INFINITY,
): { order: readonly Value[]; plan: Plan } {
  const found = planWithin(input, arenaLimit);
  if (found.fits) return found;
  const smallest = planWithin(input, found.needsBytes);
  return smallest.fits ? smallest : { order: input.order, plan: plan(input) };
}

/** Parameters are told apart by their number in the network. */
function initialize({ name, initial }: Parameter, y: Place, node: number): Instruction {
  const count = { count: y.size };
  if ("deviation" in initial) {
    const { mean, deviation, limit } = initial;
    const reals = { mean: { real: mean }, deviation: { real: deviation }, limit: { real: limit } };
    return instruction(noiseKinds.Normal, name, { y, count, ...reals, node });
  }
  const { low, high } = initial;
  return low === high
    ? instruction(elementwiseKinds.Fill, name, { y, count, value: { real: low } })
    : instruction(randomKinds.Uniform, name, { y, count, low: { real: low }, high: { real: high }, node });
}
