import { OptionError } from "../check/errors.js";
import { describe } from "../check/options.js";
import { checkSurplus } from "../check/surplus.js";
import { Late } from "../late.js";
import type { Node } from "../layers/layer.js";
import { Model } from "../model/model.js";
import type { Ends } from "../network/ends.js";
import type { Examples } from "../rows/examples.js";
import type { Batches } from "./feed/slabs.js";
import type { RangeTest, RangeTestOptions } from "./testRange.js";

export type { RangePoint, RangeTest, RangeTestOptions } from "./testRange.js";

export const rangeTest = new Late("rangeTest", () => import("./testRange.js"));

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
  checkSurplus("learningRateRangeTest", arguments, 3);
  const who = "learningRateRangeTest";
  if (!(model instanceof Model)) {
    throw new OptionError(`${who}: the model is ${describe(model)}; needs what compile(…) returns.`);
  }
  const { testRange } = await rangeTest.load(who);
  return testRange(who, model.state, data, options);
}
