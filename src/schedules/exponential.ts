/** Schedules that fall for ever. */

import { flag, integer, positive } from "../check/kinds.js";
import { take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import { powersOf } from "../numeric/exactMath.js";
import { makeSchedule, type Schedule } from "./schedule.js";

export interface DecayOptions {
  readonly initialLearningRate: number;
  /** Steps that one decay takes; default 1. */
  readonly decaySteps?: number;
  readonly decayRate: number;
  /** true: ⌊step / decaySteps⌋ decays, all at once; default false. */
  readonly staircase?: boolean;
}

/** A schedule of how many decays there were so far. */
function decaying(
  kind: string,
  given: DecayOptions,
  make: (initialLearningRate: number, decayRate: number) => (decays: number) => number,
): Schedule {
  const options = take(kind, given, {
    initialLearningRate: positive(),
    decaySteps: integer(1, 1),
    decayRate: positive(),
    staircase: flag(false),
  });
  const { initialLearningRate, decaySteps, decayRate, staircase } = options;
  const rate = make(initialLearningRate, decayRate);
  return makeSchedule({ kind, options }, (step) =>
    rate(staircase ? Math.floor(step / decaySteps) : step / decaySteps),
  );
}

/**
 * initialLearningRate · decayRate^(step / decaySteps), as Keras' ExponentialDecay; with decaySteps: 1, torch's
 * ExponentialLR (gamma).
 *
 * @throws OptionError for options that do not exist or lie outside their domain
 */
export function exponentialDecay(options: DecayOptions): Schedule {
  checkSurplus("exponentialDecay", arguments, 1);
  return decaying("exponentialDecay", options, (initial, decayRate) => {
    const decayed = powersOf(decayRate);
    return (decays) => initial * decayed(decays);
  });
}

/**
 * initialLearningRate / (1 + decayRate · step / decaySteps), as Keras' InverseTimeDecay.
 *
 * @throws OptionError for options that do not exist or lie outside their domain
 */
export function inverseTimeDecay(options: DecayOptions): Schedule {
  checkSurplus("inverseTimeDecay", arguments, 1);
  return decaying(
    "inverseTimeDecay",
    options,
    (initial, decayRate) => (decays) => initial / (1 + decayRate * decays),
  );
}

export interface InverseSquareRootOptions {
  readonly initialLearningRate: number;
  /** Steps k that the decay is measured in; default 1. */
  readonly decaySteps?: number;
}

/**
 * initialLearningRate · √(k / (step + k)), with k = decaySteps.
 *
 * After a `warmup` of as many steps it is the schedule of the Transformer: linear up to k, then ∝ 1 / √step
 * (Vaswani et al. 2017, eq. 3, whose initialLearningRate is 1 / √(width · k)).
 *
 * @throws OptionError for options that do not exist or lie outside their domain
 */
export function inverseSquareRoot(options: InverseSquareRootOptions): Schedule {
  checkSurplus("inverseSquareRoot", arguments, 1);
  const kind = "inverseSquareRoot";
  const settled = take(kind, options, { initialLearningRate: positive(), decaySteps: integer(1, 1) });
  const { initialLearningRate, decaySteps } = settled;
  const rate = (step: number) => initialLearningRate * Math.sqrt(decaySteps / (step + decaySteps));
  return makeSchedule({ kind, options: settled }, rate);
}
