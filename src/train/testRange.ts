/** Which learning rates a model can be trained with: Smith 2017, "Cyclical learning rates for training neural networks", §3.3. */

import type { Callback } from "../callbacks/callback.js";
import { DivergedError } from "../check/errors.js";
import { integer, later, numberOf, optional, positive, share } from "../check/kinds.js";
import { checkData, describe } from "../check/options.js";
import { take } from "../check/schema.js";
import { restoreSnapshot } from "../io/snapshot/restore.js";
import { takeSnapshot } from "../io/snapshot/take.js";
import type { ModelState } from "../model/state.js";
import { power } from "../numeric/exactMath.js";
import type { Examples } from "../rows/examples.js";
import type { Signal } from "./abort.js";
import type { Batches } from "./feed/slabs.js";
import { fitState } from "./fit.js";

export interface RangeTestOptions {
  /** Learning rate of the first step; default 1e-7. */
  readonly from?: number;
  /** Learning rate of the last step; default 1. */
  readonly to?: number;
  /** Default 100. */
  readonly steps?: number;
  /** Rows of a step, as for `fit`. */
  readonly batchSize?: number;
  /** Share of the running mean of the loss that each step keeps, in [0, 1); default 0.98. */
  readonly smoothing?: number;
  /** The test ends when the smoothed loss is above its least by this factor; default 4. */
  readonly stopFactor?: number;
  /** Ends the test; it then rejects with the signal's reason. */
  readonly signal?: Signal | undefined;
}

/** A step of the test. */
export interface RangePoint {
  readonly learningRate: number;
  /** Loss of the step's rows, before its update. */
  readonly loss: number;
  /** Running mean of the losses so far. */
  readonly smoothed: number;
}

export interface RangeTest {
  readonly curve: readonly RangePoint[];
  /**
   * Learning rate at which the loss falls fastest, over the logarithm of the rate: in the middle of the steepest line
   * through the losses of a quarter of the steps; undefined if none falls.
   */
  readonly steepest: number | undefined;
  /** Learning rate in the middle of the quarter of the steps whose mean loss is least. */
  readonly minimum: number | undefined;
  /** The smaller of `steepest` and a tenth of `minimum`; undefined if the loss never falls. */
  readonly suggestion: number | undefined;
}

/** See learningRateRangeTest. */
export async function testRange(
  who: string,
  state: ModelState,
  data: Examples | Batches | (() => Batches),
  options: RangeTestOptions,
): Promise<RangeTest> {
  checkData(who, options);
  const { from: start = 1e-7 } = options ?? {};
  const { from, to, steps, batchSize, smoothing, stopFactor, signal } = take(who, options, {
    from: positive(1e-7),
    to: numberOf(`a number above from, ${describe(start)}`, (rate) => rate > Math.fround(start))(1),
    steps: integer(2, 100),
    batchSize: optional(integer(1)),
    smoothing: share(0.98),
    stopFactor: numberOf("a number above 1", (factor) => factor > 1)(4),
    signal: later<Signal | undefined>(),
  });
  state.machine(who);
  state.access.check(who);
  const before = takeSnapshot(state);
  const first = state.step;
  const rateOf = (step: number) => from * power(to / from, (step - first) / (steps - 1));
  const curve: RangePoint[] = [];
  let [sum, weights, least] = [0, 0, Number.POSITIVE_INFINITY];
  const recorder: Callback = {
    name: who,
    onStepEnd({ loss, learningRate }, training) {
      sum = smoothing * sum + loss;
      weights = smoothing * weights + 1;
      const smoothed = sum / weights;
      curve.push({ learningRate, loss, smoothed });
      least = Math.min(least, smoothed);
      if (least > 0 && smoothed > stopFactor * least) training.stop();
    },
  };
  const fitOptions = {
    // Each epoch has a step at least.
    epochs: steps,
    maxSteps: steps,
    // It is meant to go wrong.
    health: false,
    callbacks: [recorder],
    ...(batchSize === undefined ? {} : { batchSize }),
    ...(signal === undefined ? {} : { signal }),
  };
  try {
    await fitState(state, data, fitOptions, rateOf);
  } catch (error) {
    if (!(error instanceof DivergedError)) throw renamed(error, who);
  } finally {
    if (!state.disposed) restoreSnapshot(state, before);
  }
  return { curve, ...suggest(curve, steps) };
}

/** An error of `fit`, told as of the call that was made. */
function renamed(error: unknown, who: string): unknown {
  if (error instanceof Error && error.message.startsWith("fit:")) {
    const { message } = error;
    error.message = who + message.slice("fit".length);
    if (error.stack) error.stack = error.stack.replace(message, error.message);
  }
  return error;
}

/** Steps to either side of one, as a share of all, whose losses say how its own stands and where it goes. */
const NEIGHBORS = 1 / 8;

/**
 * What a curve says: by the losses themselves, a quarter of the steps at a time. The running mean is of few losses where
 * it begins, so that it falls fastest there by chance; and behind later, so that it is least where training has failed.
 */
function suggest(curve: readonly RangePoint[], steps: number): Omit<RangeTest, "curve"> {
  const wanted = Math.max(1, Math.round(steps * NEIGHBORS));
  const reach = Math.max(0, Math.min(wanted, Math.floor((curve.length - 1) / 2)));
  let minimum: number | undefined;
  let steepest: number | undefined;
  let [least, fall] = [Number.POSITIVE_INFINITY, 0];
  curve.slice(reach, curve.length - reach).forEach(({ learningRate }, i) => {
    const { mean, slope } = lineThrough(curve.slice(i, i + 2 * reach + 1));
    if (mean < least) {
      least = mean;
      minimum = learningRate;
    }
    // One point has no slope: 0 / 0, which is below nothing.
    if (slope < fall) {
      fall = slope;
      steepest = learningRate;
    }
  });
  const suggestion =
    steepest !== undefined && minimum !== undefined ? Math.min(steepest, minimum / 10) : undefined;
  return { steepest, minimum, suggestion };
}

/** The line of least squares through losses: their mean, and what they change by from step to step, as the logarithm of the rate does. */
function lineThrough(points: readonly RangePoint[]): { readonly mean: number; readonly slope: number } {
  const mean = points.reduce((sum, { loss }) => sum + loss, 0) / points.length;
  const middle = (points.length - 1) / 2;
  let [products, squares] = [0, 0];
  points.forEach(({ loss }, i) => {
    products += (i - middle) * (loss - mean);
    squares += (i - middle) * (i - middle);
  });
  return { mean, slope: products / squares };
}
