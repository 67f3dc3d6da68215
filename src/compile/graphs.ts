import { GradientError } from "../check/errors.js";
import { backward } from "../graph/backward.js";
import { scale } from "../graph/primitives/elementwise/affine.js";
import { add } from "../graph/primitives/elementwise/binary.js";
import { fill } from "../graph/primitives/elementwise/fill.js";
import { rewrites } from "../graph/primitives/fuse.js";
import { report } from "../graph/primitives/step/report.js";
import { type Parameter, parameter, source } from "../graph/primitives/step/source.js";
import { rewrite } from "../graph/rewrite.js";
import { schedule } from "../graph/schedule.js";
import { type Shape, sizeOf } from "../graph/shape.js";
import { inLayer, type Value } from "../graph/value.js";

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
  readonly inputs: readonly { readonly name: string; readonly shape: Shape }[];
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

export const chainRule = { add, onesLike: ({ shape }: Value) => fill({ shape, value: 1 }) };

const sourceValue = (slot: number, row: Shape) => source({ slot, row, scale: 1, offset: 0 });
const isParameter = ({ op }: Value) => (op as unknown) === parameter;

export function buildGraphs<B extends BuiltGraph>(
  network: Buildable<B>,
  objective: Objective<B> | undefined,
  { isTrained, observed }: GraphOptions,
): Graphs {
  const forward = (training: boolean) =>
    network.build(
      network.inputs.map(({ name, shape }, slot) => inLayer(name, () => sourceValue(slot, shape.slice(1)))),
      training,
      isTrained,
    );
  const built = forward(false);
  const wanted = [...built.outputs, ...observed.map((name) => built.results.get(name) as Value)];
  const results = rewrite(wanted, rewrites());
  const predict = { inputs: network.inputs.length, predict: schedule(results), results };
  if (objective === undefined)
    return {
      ...predict,
      train: [],
      evaluate: [],
      gradients: new Map(),
      averages: new Map(),
      scores: NO_SCORES,
    };

  const reported = (graph: B, isTraining: boolean) => {
    const targets = objective.targets.map((row, i) =>
      inLayer("target", () => sourceValue(network.inputs.length + i, row)),
    );
    const { reports, losses, ...shown } = objective.build(graph, targets, isTraining);
    const roots = reports.map(({ value, weighted, divisor }, slot) =>
      inLayer(slot === 0 ? "loss" : "metrics", () => report(value, { slot, weighted, divisor })),
    );
    const scores = { slots: reports.length, ...shown };
    return { loss: (reports[0] as Reported).value, losses, roots, scores };
  };
  const evaluate = schedule(rewrite(reported(forward(false), false).roots, rewrites()));
  const training = forward(true);
  const { loss, losses, roots, scores } = reported(training, true);
  const isChanged = (value: Value) =>
    isParameter(value) && isLearned(value.attributes as Parameter, isTrained);
  const trained = schedule([loss]).filter(isChanged);
  if (trained.length > 0 || schedule(training.outputs).some(isChanged)) checkPaths(losses, trained);
  const found = backward(loss, trained, chainRule);
  // Last layer first: each gradient is used up before the next is made.
  const pairs = trained
    .flatMap((value, i) =>
      found[i] ? [{ parameter: value.attributes as Parameter, gradient: found[i] }] : [],
    )
    .reverse();
  const moved = averagesOf(training).filter((one) => isTrained(one.parameter));
  const wantedValues = [...pairs.map(({ gradient }) => gradient), ...moved.map(({ value }) => value)];
  const rewritten = rewrite([...roots, ...wantedValues], rewrites());
  const valuesOf = (some: readonly { readonly parameter: Parameter }[], first: number) =>
    new Map(some.map(({ parameter }, i) => [parameter, rewritten[first + i] as Value] as const));
  return {
    ...predict,
    evaluate,
    train: schedule(rewritten),
    gradients: valuesOf(pairs, roots.length),
    averages: valuesOf(moved, roots.length + pairs.length),
    scores,
  };
}

/** Whether training finds a parameter by its gradient. */
export const isLearned = (one: Parameter, isTrained: GraphOptions["isTrained"]): boolean =>
  one.average === undefined && isTrained(one);

/** One value for each running average: the mean of those that the uses of its layer give. */
function averagesOf({ averages = [] }: BuiltGraph): { parameter: Parameter; value: Value }[] {
  const given = new Map<Parameter, Value[]>();
  for (const { parameter: one, value } of averages) given.set(one, [...(given.get(one) ?? []), value]);
  return [...given].map(([one, values]) => {
    const total = (values as [Value, ...Value[]]).reduce((sum, value) => add(sum, value));
    return { parameter: one, value: values.length === 1 ? total : scale(total, 1 / values.length) };
  });
}

/** @throws GradientError for a loss that no trained parameter can change */
function checkPaths(losses: readonly NamedLoss[], trained: readonly Value[]): void {
  const changed = new Set(trained);
  const isFrozen = (value: Value) => isParameter(value) && !changed.has(value);
  for (const { name, value, byLayer } of losses) {
    if (backward(value, trained, chainRule).some((gradient) => gradient !== null)) continue;
    if (byLayer && schedule([value]).some(isFrozen)) continue;
    throw new GradientError(
      `compile: no trained parameter changes the loss of ${name}: there is no gradient path from it to one. ` +
        "Leave its loss out, unfreeze a layer before it, or wire it through a layer that is trained.",
    );
  }
}

/** Elements of a parameter. */
export const parameterElements = ({ shape }: Parameter) => sizeOf(shape).factor;
