/** Which learning rates a model can be trained with: Smith 2017, "Cyclical learning rates for training neural networks", §3.3. */
import type { Examples } from "../data/examples.js";
import { DivergedError, OptionError } from "../errors.js";
import { log, power } from "../exactMath.js";
import type { Node } from "../layers/layer.js";
import { Model } from "../model.js";
import type { Ends } from "../network/ends.js";
import { checkData, checkInteger, checkKeys, checkNumber, describe } from "../options.js";
import type { Callback } from "./callbacks/callback.js";
import { fitState } from "./fit.js";
import type { Batches } from "./slabs.js";
import { restoreSnapshot, takeSnapshot } from "./snapshot.js";

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
  readonly signal?: AbortSignal;
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
  /** Learning rate at which the smoothed loss falls fastest, over the logarithm of the rate; undefined if it never falls. */
  readonly steepest: number | undefined;
  /** Learning rate at which the smoothed loss is least. */
  readonly minimum: number | undefined;
  /** The smaller of `steepest` and a tenth of `minimum`; undefined if the loss never falls. */
  readonly suggestion: number | undefined;
}

const NAMES = ["from", "to", "steps", "batchSize", "smoothing", "stopFactor", "signal"];

/**
 * Trains with rates that grow from step to step, from · (to / from)^(i / (steps − 1)), and notes the loss; the test ends
 * early where the loss leaves its least behind, or the training diverges. Afterwards the model is as before, to the bit:
 * weights, what the optimizer keeps, counts and learning rate, after an error too.
 *
 * smoothed is Σ s^(i−j) lossⱼ / Σ s^(i−j) over j ≤ i, with s = smoothing.
 *
 * @param data as for `fit`; of a stream the function that makes it, which is called again when it ends
 * @throws OptionError, DataError, BusyError; the signal's reason
 */
export async function learningRateRangeTest<M extends string, O extends Ends = Node>(
  model: Model<M, O>,
  data: Examples | Batches | (() => Batches),
  options: RangeTestOptions = {},
): Promise<RangeTest> {
  const who = "learningRateRangeTest";
  if (!(model instanceof Model)) {
    throw new OptionError(`${who}: the model is ${describe(model)}; needs what compile(…) returns.`);
  }
  checkData(who, options);
  checkKeys(who, options, NAMES);
  const { from = 1e-7, to = 1, steps = 100, batchSize, smoothing = 0.98, stopFactor = 4, signal } = options;
  checkNumber(who, "from", from, "a positive number", (rate) => rate > 0);
  checkNumber(who, "to", to, `a number above from, ${from}`, (rate) => rate > Math.fround(from));
  checkInteger(who, "steps", steps, 2);
  if (batchSize !== undefined) checkInteger(who, "batchSize", batchSize, 1);
  checkNumber(who, "smoothing", smoothing, "a number in [0, 1)", (share) => share >= 0 && share < 1);
  checkNumber(who, "stopFactor", stopFactor, "a number above 1", (factor) => factor > 1);
  const { state } = model;
  state.machine(who);
  state.checkIdle(who);
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
    if (!(error instanceof DivergedError)) throw error;
  } finally {
    if (!state.disposed) restoreSnapshot(state, before);
  }
  return { curve, ...suggest(curve) };
}

/** What a curve says. */
function suggest(curve: readonly RangePoint[]): Omit<RangeTest, "curve"> {
  let minimum: RangePoint | undefined;
  let steepest: number | undefined;
  let fall = 0;
  curve.forEach((point, i) => {
    if (minimum === undefined || point.smoothed < minimum.smoothed) minimum = point;
    const [before, after] = [curve[i - 1] ?? point, curve[i + 1] ?? point];
    // One point has no slope: 0 / 0, which is below nothing.
    const slope = (after.smoothed - before.smoothed) / log(after.learningRate / before.learningRate);
    if (!(slope < fall)) return;
    fall = slope;
    steepest = point.learningRate;
  });
  const best = minimum?.learningRate;
  const suggestion = steepest !== undefined && best !== undefined ? Math.min(steepest, best / 10) : undefined;
  return { steepest, minimum: best, suggestion };
}
