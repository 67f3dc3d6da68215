import { OptionError } from "../check/errors.js";
import { share } from "../check/kinds.js";
import { take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import { optimizerKinds } from "../compile/facts/optimizer.js";
import { instruction } from "../compile/instruction.js";
import { chooseOptimizer, type OptimizerName } from "./index.js";
import { floats, type Optimizer, placesOf, real } from "./optimizer.js";
import { RARE } from "./rare.js";

export interface ExponentialMovingAverageOptions {
  /** Share of the average that a step keeps, in [0, 1); default 0.999. */
  readonly decay?: number;
}

/**
 * Keeps an average of the weights beside any optimizer, which trains as it would without it:
 *
 *     average = w                                      after the first step
 *     average = decay · average + (1 − decay) · w      after each further one, constraints applied
 *
 * As torch.optim.swa_utils.AveragedModel with that rule (Polyak & Juditsky 1992 for why: the average of the last
 * weights often predicts better than any of them). `model.averagedWeights()` gives it, and
 * `model.setWeights(model.averagedWeights())` puts it in place, as Keras' SwapEMAWeights does. Running averages of
 * normalization layers are none of it. It takes one more copy of the weights.
 *
 * @param optimizer a name, or one that is configured
 * @throws OptionError for options that do not exist or lie outside their domain, or an optimizer that keeps an average
 */
export function exponentialMovingAverage(
  optimizer: OptimizerName | Optimizer,
  options: ExponentialMovingAverageOptions = {},
): Optimizer {
  checkSurplus("exponentialMovingAverage", arguments, 2);
  const who = "exponentialMovingAverage";
  const inner = chooseOptimizer(optimizer, RARE, who);
  const settled = take(who, options, { decay: share(0.999) });
  const { decay } = settled;
  if (inner.averageSlot !== undefined) {
    throw new OptionError(`${who}: ${inner.name} keeps an average; needs an optimizer that keeps none.`);
  }
  return {
    ...inner,
    name: `${who}(${inner.name})`,
    given: [optimizer],
    options: settled,
    slots: inner.slots + 1,
    averageSlot: inner.slots,
    instructions: (places, group) => inner.instructions(placesOf(inner, places), group),
    after: (places, group) => [
      ...(inner.after?.(placesOf(inner, places), group) ?? []),
      instruction(optimizerKinds.MovingAverage, who, {
        average: places.slots[inner.slots] ?? null,
        parameter: places.parameters,
        count: floats(places.parameters),
        share: real(1 - decay),
        since: group.since,
      }),
    ],
  };
}
