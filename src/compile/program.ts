import { Method } from "../../assembly/isa/control.js";
import type { Parameter } from "../graph/primitives/step/source.js";
import { elementwiseKinds } from "./facts/elementwise.js";
import { noiseKinds } from "./facts/noise.js";
import { randomKinds } from "./facts/random.js";
import type { Graphs } from "./graphs.js";
import { align, type Instruction, instruction, type Place, type SegmentBytes } from "./instruction.js";
import { lower } from "./lower.js";
import type { Lifetime } from "./memory/plan.js";
import { scratchBytes } from "./memory/scratch.js";
import type { PlacedConstant } from "./memory/segments.js";
import type { Measured, Observed } from "./observe.js";
import { type PlannedMethod, type PlanOptions, type Plans, planMethods } from "./plans.js";
import type { UpdateOptions } from "./update.js";
import { verification } from "./verify/late.js";

export interface ProgramOptions extends PlanOptions, Omit<UpdateOptions, "averaged"> {
  /** Numbers in one row of each source. */
  readonly sourceColumns: readonly number[];
  /** Whether a training step can be observed, and the updates of the weights with it. */
  readonly observes?: "results" | "updates";
  /** Makes the methods of a training step of its lowered graph: needed with a loss only, see trainingMethods.ts. */
  trainingMethods?(
    graphs: Graphs,
    plans: Plans,
    train: readonly Instruction[],
    options: ProgramOptions,
  ): TrainingMethods;
}

/** What follows the graph in a training step, and the step once more as it is observed. */
export interface TrainingMethods {
  readonly train: readonly Instruction[];
  readonly observed: Observed | undefined;
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

/** Plans the methods, lowers them, and places what they need beside the plan. */
export function makeProgram(graphs: Graphs, options: ProgramOptions): Program {
  const plans = planMethods(graphs, options);
  const trained = trainedPlaces(graphs, plans, options);
  const { methods, measured } = lowerMethods(graphs, plans, options);
  const segments = segmentsOf(plans, methods, trained, options);
  verification.loaded?.verifyMethods(plans, methods, segments);
  const { train, predict } = plans;
  return {
    methods,
    segments,
    parameters: plans.parameters.places,
    trained: trained.places,
    constants: plans.constants,
    results: graphs.results.map((value) => predict.plan.places.get(value) as Place),
    rows: options.rows,
    accumulates: options.accumulates,
    measured,
    chunks: options.sourceColumns.map((columns) => align(options.rows * columns * 4)),
    lifetimes: (isTrained(graphs) ? train : predict).plan.lifetimes,
  };
}

/** Whether there is a training step. */
const isTrained = ({ train }: Graphs) => train.length > 0;

interface TrainedPlaces {
  /** Bytes of the parameters that the optimizer updates, and of these with the running averages. */
  readonly trainedBytes: number;
  readonly movedBytes: number;
  readonly places: Program["trained"];
}

/** Slots lie as the parameters do, one copy of their segment behind the other. */
function trainedPlaces(graphs: Graphs, { parameters }: Plans, options: ProgramOptions): TrainedPlaces {
  const { trainedBytes, averagedBytes } = parameters;
  const slots = isTrained(graphs) ? options.update.slots : 0;
  const trained = options.parameters.filter(
    (one) => options.since(one) !== undefined && one.average === undefined,
  );
  const slotOf = (one: Parameter, i: number): Place => {
    const place = parameters.places.get(one) as Place;
    return { ...place, segment: "slots", offset: i * trainedBytes + place.offset };
  };
  return {
    trainedBytes: isTrained(graphs) ? trainedBytes : 0,
    movedBytes: isTrained(graphs) ? trainedBytes + averagedBytes : 0,
    places: new Map(
      trained.map((one) => [one, { slots: Array.from({ length: slots }, (_, i) => slotOf(one, i)) }]),
    ),
  };
}

function lowerMethods(graphs: Graphs, plans: Plans, options: ProgramOptions) {
  const { parameters, train, evaluate, predict } = plans;
  const lowered = ({ order, plan }: PlannedMethod) => lower(order, plan.places);
  const methods: Instruction[][] = [];
  const graph = lowered(train);
  const training = isTrained(graphs) ? options.trainingMethods?.(graphs, plans, graph, options) : undefined;
  methods[Method.Train] = [...(training?.train ?? graph)];
  methods[Method.Evaluate] = lowered(evaluate);
  methods[Method.Predict] = lowered(predict);
  methods[Method.Initialize] = options.parameters.map((one, node) =>
    initialize(one, parameters.places.get(one) as Place, node),
  );
  methods[Method.Observe] = [...(training?.observed?.method ?? [])];
  return { methods, measured: training?.observed?.measured ?? [] };
}

function segmentsOf(
  { parameterBytes, train, evaluate, predict }: Plans,
  methods: readonly (readonly Instruction[])[],
  { trainedBytes, movedBytes }: TrainedPlaces,
  { rows, accumulates, update, observes }: ProgramOptions,
): SegmentBytes {
  // The arena is idle when weights are updated: there is room in it for a copy of them.
  const copiedBytes = observes === "updates" ? trainedBytes : 0;
  return {
    parameters: parameterBytes,
    gradients: movedBytes * (accumulates ? 2 : 1),
    slots: trainedBytes * update.slots,
    arena: Math.max(copiedBytes, ...[train, evaluate, predict].map(({ plan }) => plan.arenaBytes)),
    scratch: Math.max(...methods.map((method) => scratchBytes(method, rows))),
  };
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
