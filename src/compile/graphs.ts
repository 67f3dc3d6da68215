import { rewrites } from "../graph/primitives/fuse.js";
import { type Parameter, source } from "../graph/primitives/step/source.js";
import { rewrite } from "../graph/rewrite.js";
import { schedule } from "../graph/schedule.js";
import { type Shape, sizeOf } from "../graph/shape.js";
import { type Entry, inLayer, type Value } from "../graph/value.js";

/** What a network makes of values for its inputs. */
export interface BuiltGraph {
  readonly outputs: readonly Value[];
  /** What each layer made, by its name. */
  readonly results: ReadonlyMap<string, Value>;
  /** What running averages move towards in a step. */
  readonly averages?: readonly { readonly parameter: Parameter; readonly value: Value }[];
}

/** A network, as the compiler sees it: something that builds its graph on values for its inputs. */
export interface Buildable<B extends BuiltGraph = BuiltGraph> {
  readonly inputs: readonly {
    readonly name: string;
    readonly shape: Shape;
    readonly entry?: Entry | undefined;
  }[];
  build(inputs: readonly Value[], training: boolean, isTrained?: (one: Parameter) => boolean): B;
}

/** What a report shows, of the sums of a pass by their slots and the number of its rows. */
export type Finish = (sums: ArrayLike<number>, rows: number) => number;

/** What a report shows of an output and its targets, row after row, once all rows of a pass are there. */
export type CollectedFinish = (
  outputs: ArrayLike<number>,
  targets: ArrayLike<number>,
  rows: number,
) => number;

/** Where a report shows a number, and what it is. */
export interface Score {
  /** `["loss"]`, `["outputs", "kind", "accuracy"]` */
  readonly path: readonly string[];
  readonly finish: Finish;
}

/** As a score, of all rows of an output and of a target, by their places. */
export interface CollectedScore {
  readonly path: readonly string[];
  readonly output: number;
  readonly target: number;
  readonly finish: CollectedFinish;
}

/** What reports show. */
export interface Scoreboard {
  /** How many sums there are. */
  readonly slots: number;
  readonly scores: readonly Score[];
  /** Of a pass without training: between steps of training, what was collected would not go together. */
  readonly collected: readonly CollectedScore[];
}

export const NO_SCORES: Scoreboard = { slots: 0, scores: [], collected: [] };

/** A scalar that a step adds to one of the sums that the host reads. */
export interface Reported {
  readonly value: Value;
  /** Added to the same sum: what one f32 would not hold. */
  readonly more?: readonly Value[];
  /** Whether it is a mean over the rows of the step, which counts as often as there are rows. */
  readonly weighted: boolean;
  /** Divides it, in f64. */
  readonly divisor: number;
}

/** What is asked of a network beside its outputs. */
export interface Objective<B extends BuiltGraph = BuiltGraph> {
  /** Shapes of one row of each target: their sources follow those of the inputs. */
  readonly targets: readonly Shape[];
  /** What is reported, by slot and the loss first, what reports show of it, and the losses that it is made of. */
  build(
    built: B,
    targets: readonly Value[],
    training: boolean,
  ): { reports: readonly Reported[]; losses: readonly NamedLoss[] } & Omit<Scoreboard, "slots">;
}

/** A part of the loss that training must be able to make smaller. */
export interface NamedLoss {
  readonly name: string;
  readonly value: Value;
  /** Whether a layer adds it: with the layer frozen, it may be what it is. */
  readonly byLayer?: boolean;
}

export interface GraphOptions {
  /** Whether training changes a parameter. */
  isTrained(parameter: Parameter): boolean;
  /** Layers whose results `predict` leaves beside the outputs. */
  readonly observed: readonly string[];
}

/** The fused graphs of the three methods, each as its values in the order of computation. */
export interface Graphs {
  /** How many sources are inputs; those of targets and weights of rows follow. */
  readonly inputs: number;
  readonly train: readonly Value[];
  /** Gradient of each trained parameter that the loss depends on: a value of `train`. */
  readonly gradients: ReadonlyMap<Parameter, Value>;
  /** What each running average moves towards in a step: a value of `train`. */
  readonly averages: ReadonlyMap<Parameter, Value>;
  readonly evaluate: readonly Value[];
  readonly predict: readonly Value[];
  /** Results of `predict`: the outputs, and behind them what is observed. */
  readonly results: readonly Value[];
  readonly scores: Scoreboard;
}

const sourceValue = (slot: number, row: Shape) => source({ slot, row, scale: 1, offset: 0 });

/** A source for each input of a network, and for each target behind them. */
export const inputValues = ({ inputs }: Buildable): Value[] =>
  inputs.map(({ name, shape, entry }, slot) =>
    inLayer(name, () => entry?.value(slot) ?? sourceValue(slot, shape.slice(1))),
  );

export const targetValues = ({ inputs }: Buildable, targets: readonly Shape[]): Value[] =>
  targets.map((row, i) => inLayer("target", () => sourceValue(inputs.length + i, row)));

/** The graph of a network that only predicts. */
export function predictionGraphs(network: Buildable, { isTrained, observed }: GraphOptions): Graphs {
  const built = network.build(inputValues(network), false, isTrained);
  const wanted = [...built.outputs, ...observed.map((name) => built.results.get(name) as Value)];
  const results = rewrite(wanted, rewrites());
  return {
    inputs: network.inputs.length,
    predict: schedule(results),
    results,
    train: [],
    evaluate: [],
    gradients: new Map(),
    averages: new Map(),
    scores: NO_SCORES,
  };
}

/** Whether training finds a parameter by its gradient. */
export const isLearned = (one: Parameter, isTrained: GraphOptions["isTrained"]): boolean =>
  one.average === undefined && isTrained(one);

/** Elements of a parameter. */
export const parameterElements = ({ shape }: Parameter) => sizeOf(shape).factor;
