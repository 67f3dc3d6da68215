/** The gradient of the loss, by whatever it is asked by. */
import { flag, integer, later, optional } from "../../check/kinds.js";
import { checkData } from "../../check/options.js";
import { take } from "../../check/schema.js";
import { chainRule } from "../../compile/chainRule.js";
import { backward } from "../../graph/backward.js";
import { elements, ROWS, type Shape } from "../../graph/shape.js";
import type { Value } from "../../graph/value.js";
import { type Examples, type ExampleTables, isExamples } from "../../rows/examples.js";
import { formsKey } from "../../rows/target.js";
import { checkSignal, type Signal, unlessAborted } from "../../train/abort.js";
import { batches } from "../../train/feed/late.js";
import type { Batches } from "../../train/feed/slabs.js";
import { Slices } from "../../train/feed/slices.js";
import { training as trainingPart } from "../../train/late.js";
import { reductionOf } from "../../train/scoring/outputs.js";
import type { ModelState } from "../state.js";
import { readWeights, type Weight, type Weights } from "../weights.js";
import { calculate, opened } from "./calculators.js";
import { lossGraph } from "./lossGraph.js";
import { checkSubjects, subjectsIn } from "./subjects.js";

/** How `model.gradients` is asked. */
export interface GradientsOptions<L extends string = string> {
  /**
   * What the loss is differentiated by; default all parameters that are trained.
   *
   * - a parameter, as `weights()` names it: `"dense/kernel"`
   * - a layer: its output, `[rows, …]`, a row for each of the data: the textbooks' delta behind its activation
   * - a layer and `/preActivation`: what it gives to its activation, as the weighted sums of a dense layer: the delta
   *   before it
   * - an input, by its name; `"input"` where there is one without a name
   *
   * Of a layer that is used several times, its first use.
   */
  readonly of?: readonly L[];
  /**
   * Whether the loss is that of a training step, with dropout and the statistics of the batch, or that of `evaluate`.
   * Default true.
   */
  readonly training?: boolean;
  /**
   * Adds, by their names, what running averages, as those of `batchNorm`, move towards in this step, which is no gradient:
   * `applyGradients` moves them. Default false.
   */
  readonly averages?: boolean;
  /**
   * Rows that are computed at once; default all of them. The gradient is the same to rounding, in less memory; what
   * looks across rows, as `batchNorm` does in training, sees those of its part. Not for batches, which come as they are.
   */
  readonly batchSize?: number;
  /** Ends the call, which then rejects with the signal's reason. */
  readonly signal?: Signal | undefined;
}

/** Gradients by the names of what the loss was differentiated by. */
export type NamedGradients<L extends string = string> = { readonly [K in L]: Weight };

type Data = Examples | Batches | (() => Batches);

/** See Model.gradients. */
export async function gradients(
  state: ModelState,
  data: Data,
  options: GradientsOptions = {},
): Promise<NamedGradients> {
  const who = "gradients";
  checkData(who, options);
  const settled = take(who, options, {
    of: later<GradientsOptions["of"]>(),
    training: flag(true),
    averages: flag(false),
    batchSize: optional(integer(1)),
    signal: later<Signal | undefined>(),
  });
  const { signal, batchSize = Number.POSITIVE_INFINITY } = settled;
  state.machine(who);
  state.checkLoss(who);
  checkSignal(who, signal);
  const names = checkSubjects(who, state, settled.of);
  const adding: Adding = { state, who, names, options: settled, sums: [], rows: 0 };
  const slices = new Slices();
  const weights = readWeights(state);
  const { step } = state.standing;
  for await (const examples of examplesOf(who, state, data, signal)) {
    for (let first = 0; first < examples.rows; first += batchSize) {
      signal?.throwIfAborted();
      const rows = Math.min(batchSize, examples.rows - first);
      await addBatch(adding, examples, [first, rows], { weights, step });
      if (slices.isOver) await slices.yield();
    }
  }
  return finished(adding);
}

/** The batches of the data, checked; of arrays one. */
export async function* examplesOf(
  who: string,
  { shapes }: ModelState,
  data: Data,
  signal: Signal | undefined,
): AsyncGenerator<ExampleTables> {
  const { toExamples } = await trainingPart.load(who);
  if (isExamples(data)) {
    yield toExamples(who, data, shapes);
    return;
  }
  const { BatchStream } = await unlessAborted(batches.load(who), signal);
  const stream = new BatchStream(who, data, shapes, signal, 1);
  stream.start();
  try {
    for (let batch = await stream.next(); batch !== undefined; batch = await stream.next()) yield batch;
  } finally {
    await stream.close();
  }
}

interface Wanted {
  readonly name: string;
  readonly shape: Shape;
  /** Which of the results of the calculation it is; undefined: zeros, whatever the data is. */
  readonly result: number | undefined;
  /** Of a running average, what it moves towards: a mean, whatever the loss is. */
  readonly isAverage: boolean;
}

interface GradientPlan {
  readonly results: readonly Value[];
  readonly wanted: readonly Wanted[];
}

/** What the batches add up to, each counting by its rows; in f64. */
interface Sum extends Wanted {
  /** Of what has rows, those of each batch. */
  readonly parts: { readonly values: Float32Array; readonly rows: number }[];
  total: Float64Array | undefined;
}

/** What is asked for, and what has been added up so far. */
interface Adding {
  readonly state: ModelState;
  readonly who: string;
  readonly names: readonly string[];
  readonly options: { readonly training: boolean; readonly averages: boolean };
  sums: Sum[];
  rows: number;
}

const isMean = ({ settings }: ModelState) => reductionOf(settings) === "mean";

/** Adds the gradients of some rows, at those weights. */
async function addBatch(
  adding: Adding,
  examples: ExampleTables,
  [first, rows]: readonly [first: number, rows: number],
  { weights, step }: { readonly weights: Weights; readonly step: number },
): Promise<void> {
  const { state, who, names, options } = adding;
  const { tables, forms } = examples;
  const key = JSON.stringify(["gradients", options.training, options.averages, formsKey(forms), names]);
  const { calculator, plan } = await opened(who, state, key, { tables, rows }, () =>
    planGradients(who, state, names, { forms, ...options }),
  );
  calculate(calculator, state, weights, step, { tables, first, rows });
  if (adding.sums.length === 0) {
    adding.sums = plan.wanted.map((one) => ({ ...one, parts: [], total: undefined }));
  }
  adding.rows += rows;
  for (const one of adding.sums) {
    const { shape, result, isAverage, parts } = one;
    const values =
      result === undefined ? new Float32Array(elements(shape, rows)) : calculator.result(result, rows);
    const weight = isMean(state) || isAverage ? rows : 1;
    if (shape.includes(ROWS)) parts.push({ values, rows: weight });
    else if (one.total === undefined) one.total = Float64Array.from(values, (value) => value * weight);
    else for (let i = 0; i < values.length; i++) (one.total[i] as number) += (values[i] as number) * weight;
  }
}

function finished({ state, sums, rows }: Adding): NamedGradients {
  const entries = sums.map(({ name, shape, parts, total, isAverage }) => {
    const divisor = isMean(state) || isAverage ? rows : 1;
    const data =
      total !== undefined ? Float32Array.from(total, (value) => value / divisor) : joined(parts, divisor);
    return [name, { shape: shape.map((axis) => (axis === ROWS ? rows : axis)), data }] as const;
  });
  return Object.fromEntries(entries);
}

/** The rows of all batches, one behind the other: each of a batch is of the mean over that, and becomes one over all. */
function joined(parts: Sum["parts"], divisor: number): Float32Array {
  const data = new Float32Array(parts.reduce((count, { values }) => count + values.length, 0));
  let to = 0;
  for (const { values, rows } of parts) {
    for (const value of values) data[to++] = (value * rows) / divisor;
  }
  return data;
}

/** Gradients as values of one graph. */
async function planGradients(
  who: string,
  state: ModelState,
  names: readonly string[],
  options: Parameters<typeof lossGraph>[2] & { readonly averages: boolean },
): Promise<GradientPlan> {
  const graph = await lossGraph(who, state, options);
  const subjects = subjectsIn(who, state, names, graph);
  const values = subjects.flatMap(({ value }) => value ?? []);
  const found = backward(graph.loss, values, chainRule);
  const results: Value[] = [];
  const wanted = subjects.map(({ name, shape, value }): Wanted => {
    const gradient = value === undefined ? null : (found[values.indexOf(value)] ?? null);
    const result = gradient === null ? undefined : results.push(gradient) - 1;
    return { name, shape, result, isAverage: false };
  });
  if (!options.averages) return { results, wanted };
  const { averagesOf } = await trainingPart.load(who);
  const moved = averagesOf(graph.built)
    .filter(({ parameter }) => state.isTrained(parameter))
    .map(({ parameter: { name, shape }, value }): Wanted => {
      return { name, shape, result: results.push(value) - 1, isAverage: true };
    });
  return { results, wanted: [...wanted, ...moved] };
}
