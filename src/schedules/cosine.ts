/** Schedules along half a wave of the cosine (Loshchilov & Hutter 2017, SGDR, eq. 5). */

import { integer, notNegative, numberOf, positive } from "../check/kinds.js";
import { take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import { cosinePi, power } from "../numeric/exactMath.js";
import { makeSchedule, type Schedule } from "./schedule.js";

export interface CosineDecayOptions {
  readonly initialLearningRate: number;
  /** Steps that the decay takes. */
  readonly decaySteps: number;
  /** Rate from then on; default 0. It is torch's eta_min, and alpha · initialLearningRate of Keras. */
  readonly endLearningRate?: number;
}

/** From `initial` to `end` while `share` goes from 0 to 1. */
export const cosineBetween = (initial: number, end: number, share: number): number =>
  end + ((initial - end) * (1 + cosinePi(share))) / 2;

/**
 * end + (initial − end) · (1 + cos(π · step / decaySteps)) / 2, and `end` from decaySteps on, as Keras' CosineDecay.
 * Up to there it is torch's CosineAnnealingLR, which would rise again.
 *
 * @throws OptionError for options that do not exist or lie outside their domain
 */
export function cosineDecay(options: CosineDecayOptions): Schedule {
  checkSurplus("cosineDecay", arguments, 1);
  const kind = "cosineDecay";
  const settled = take(kind, options, {
    initialLearningRate: positive(),
    decaySteps: integer(1),
    endLearningRate: notNegative(0),
  });
  const { initialLearningRate, decaySteps, endLearningRate } = settled;
  return makeSchedule({ kind, options: settled, steps: decaySteps }, (step) =>
    cosineBetween(initialLearningRate, endLearningRate, Math.min(step, decaySteps) / decaySteps),
  );
}

export interface CosineDecayRestartsOptions {
  readonly initialLearningRate: number;
  /** Steps of the first decay: T₀. */
  readonly firstDecaySteps: number;
  /** How much longer each decay is than the one before, at least 1: T_mult. Default 1, as torch has it (Keras: 2). */
  readonly stepsMultiplier?: number;
  /** What each restart multiplies the rate to begin with by: m_mul of Keras. Default 1. */
  readonly rateMultiplier?: number;
  /** Rate that each decay falls to; default 0. */
  readonly endLearningRate?: number;
}

/**
 * Cosine decays, one after the other, each from the start: stochastic gradient descent with warm restarts
 * (Loshchilov & Hutter 2017); torch's CosineAnnealingWarmRestarts, Keras' CosineDecayRestarts.
 *
 * @throws OptionError for options that do not exist or lie outside their domain
 */
export function cosineDecayRestarts(options: CosineDecayRestartsOptions): Schedule {
  checkSurplus("cosineDecayRestarts", arguments, 1);
  const kind = "cosineDecayRestarts";
  const settled = take(kind, options, {
    initialLearningRate: positive(),
    firstDecaySteps: integer(1),
    stepsMultiplier: numberOf("a number of at least 1", (m) => m >= 1)(1),
    rateMultiplier: positive(1),
    endLearningRate: notNegative(0),
  });
  const { initialLearningRate, firstDecaySteps, stepsMultiplier, rateMultiplier, endLearningRate } = settled;
  return makeSchedule({ kind, options: settled }, (step) => {
    let [cycle, since, length] = [0, step, firstDecaySteps];
    if (stepsMultiplier === 1) {
      cycle = Math.floor(step / length);
      since = step - cycle * length;
    }
    for (; since >= length; length *= stepsMultiplier) {
      since -= length;
      cycle++;
    }
    const initial = initialLearningRate * power(rateMultiplier, cycle);
    return cosineBetween(initial, endLearningRate, since / length);
  });
}
