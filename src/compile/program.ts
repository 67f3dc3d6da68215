import { FillRecord, GradientNormRecord, Method, Op, UniformRecord } from "../../assembly/isa.js";
import { sizeOf } from "../graph/shape.js";
import type { Value } from "../graph/value.js";
import { type Parameter, parameter } from "../ops/source.js";
import { copy } from "../ops/unary.js";
import { type Graphs, parameterElements } from "./graphs.js";
import {
  align,
  type Instruction,
  type Place,
  type Segment,
  type SegmentBytes,
  WHOLE_SEGMENT,
} from "./instruction.js";
import { lower } from "./lower.js";
import { type Lifetime, plan, viewed } from "./plan.js";
import { scratchBytes } from "./scratch.js";
import { verify } from "./verify.js";

/** ‖update‖ ≤ learningRate · (amplification · ‖gradient‖ + constant + decay · ‖parameter‖) */
export interface UpdateBound {
  readonly amplification: number;
  readonly constant: number;
  readonly decay: number;
}

/** What updates the parameters: `train/optimizers.ts` gives it. */
export interface Update {
  readonly slots: number;
  readonly bound: UpdateBound;
  instruction(places: { parameters: Place; gradients: Place; slots: readonly Place[] }): Instruction;
}

export interface ProgramOptions {
  readonly parameters: readonly Parameter[];
  readonly update: Update;
  /** Norm that the gradient is clipped to; 0 leaves it as it is. */
  readonly clipNorm: number;
  /** Rows that a step takes at most. */
  readonly rows: number;
  /** Numbers in one row of each source. */
  readonly sourceColumns: readonly number[];
}

/** Instructions of all methods, and the memory that they need. */
export interface Program {
  /** By Method. */
  readonly methods: readonly (readonly Instruction[])[];
  readonly segments: SegmentBytes;
  /** Where each parameter lies in the parameter segment; its gradient and slots lie alike in theirs. */
  readonly parameters: ReadonlyMap<Parameter, Place>;
  /** Where `predict` leaves its result. */
  readonly output: Place;
  readonly rows: number;
  /** Bytes for as many rows of each source: they pass through on their way into `evaluate` and `predict`. */
  readonly chunks: readonly number[];
  /** Lives of the buffers of the training step. */
  readonly lifetimes: readonly Lifetime[];
}

export function makeProgram(graphs: Graphs, options: ProgramOptions): Program {
  const { rows, update } = options;
  const parameters = placeParameters(options.parameters);
  const parameterBytes = [...parameters.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  const isTrained = graphs.train.length > 0;
  const trainedBytes = isTrained ? parameterBytes : 0;

  const train = trainOrder(graphs);
  const trainPlan = planMethod(train.order, { parameters, gradients: train.gradients, kept: [], rows });
  const evaluatePlan = planMethod(graphs.evaluate, { parameters, gradients: new Map(), kept: [], rows });
  const predictPlan = planMethod(graphs.predict, {
    parameters,
    gradients: new Map(),
    kept: [graphs.output],
    rows,
  });

  const whole = (segment: Segment, offset = 0): Place => ({
    segment,
    offset,
    bytes: parameterBytes,
    size: sizeOf([parameterBytes / 4]),
    content: WHOLE_SEGMENT,
  });
  const slots = Array.from({ length: update.slots }, (_, i) => whole("slots", i * parameterBytes));
  const gradients = whole("gradients");
  const updates = [
    gradientNorm(whole("parameters"), gradients, options),
    update.instruction({ parameters: whole("parameters"), gradients, slots }),
  ];
  const methods: Instruction[][] = [];
  methods[Method.Train] = [...lower(train.order, trainPlan.places), ...(isTrained ? updates : [])];
  methods[Method.Evaluate] = lower(graphs.evaluate, evaluatePlan.places);
  methods[Method.Predict] = lower(graphs.predict, predictPlan.places);
  methods[Method.Initialise] = [...parameters].map(([one, place], node) => initialise(one, place, node));

  const segments: SegmentBytes = {
    parameters: parameterBytes,
    gradients: trainedBytes,
    slots: trainedBytes * update.slots,
    arena: Math.max(...[trainPlan, evaluatePlan, predictPlan].map(({ arenaBytes }) => arenaBytes)),
    scratch: Math.max(...methods.map((method) => scratchBytes(method, rows))),
  };
  [trainPlan, evaluatePlan, predictPlan].forEach(({ places }, i) => {
    const initial = [...places].flatMap(([value, place]) =>
      (value.op as unknown) === parameter ? [place] : [],
    );
    verify(methods[i] as Instruction[], segments, initial);
  });
  verify(methods[Method.Initialise] as Instruction[], segments, []);
  const output = predictPlan.places.get(graphs.output) as Place;
  const chunks = options.sourceColumns.map((columns) => align(rows * columns * 4));
  return { methods, segments, parameters, output, rows, chunks, lifetimes: trainPlan.lifetimes };
}

function placeParameters(parameters: readonly Parameter[]): Map<Parameter, Place> {
  let offset = 0;
  return new Map(
    parameters.map((one) => {
      const bytes = align(parameterElements(one) * 4);
      const size = sizeOf(one.shape);
      const place: Place = { segment: "parameters", offset, bytes, size, content: WHOLE_SEGMENT };
      offset += bytes;
      return [one, place];
    }),
  );
}

/** The training step in order, and whose gradient each value is that is to lie in the gradient segment. */
function trainOrder(graphs: Graphs): { order: readonly Value[]; gradients: ReadonlyMap<Value, Parameter> } {
  const order = [...graphs.train];
  const gradients = new Map<Value, Parameter>();
  for (const [one, gradient] of graphs.gradients) {
    // A view lies where its base does. What is another's gradient too, or is no result, needs a copy of its own.
    const base = viewed(gradient);
    const own = isSource(base) || gradients.has(base) ? copy(gradient) : base;
    if (own !== base) order.push(own);
    gradients.set(own, one);
  }
  return { order, gradients };
}

const isSource = ({ op }: Value) => (op as unknown) === parameter;

interface MethodInput {
  readonly parameters: ReadonlyMap<Parameter, Place>;
  readonly gradients: ReadonlyMap<Value, Parameter>;
  readonly kept: readonly Value[];
  readonly rows: number;
}

function planMethod(order: readonly Value[], { parameters, gradients, kept, rows }: MethodInput) {
  const pinned = new Map<Value, Place>();
  for (const value of order) {
    if (isSource(value)) pinned.set(value, parameters.get(value.attributes as Parameter) as Place);
    const owner = gradients.get(value);
    if (owner !== undefined) pinned.set(value, { ...(parameters.get(owner) as Place), segment: "gradients" });
  }
  return plan({ order, pinned, kept: new Set(kept), rows });
}

/** Parameters are told apart by their number in the network. */
function initialise({ name, initial: { low, high } }: Parameter, y: Place, node: number): Instruction {
  const count = { count: y.size };
  return low === high
    ? { op: Op.Fill, record: FillRecord, layer: name, operands: { y, count, value: { real: low } } }
    : {
        op: Op.Uniform,
        record: UniformRecord,
        layer: name,
        operands: { y, count, low: { real: low }, high: { real: high }, node },
      };
}

const gradientNorm = (
  parameters: Place,
  gradients: Place,
  { clipNorm, update: { bound } }: ProgramOptions,
): Instruction => ({
  op: Op.GradientNorm,
  record: GradientNormRecord,
  layer: "gradient",
  operands: {
    gradient: gradients,
    parameter: parameters,
    count: { count: sizeOf([gradients.bytes / 4]) },
    maximum: { real: clipNorm },
    amplification: { real: bound.amplification },
    constant: { real: bound.constant },
    decay: { real: bound.decay },
  },
});
