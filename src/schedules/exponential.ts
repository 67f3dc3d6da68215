/** Schedules that fall for ever. */

import { checkKeys, checkType } from "../check/options.js";
import { powersOf } from "../numeric/exactMath.js";
import { checkFactor, checkRate, checkSteps, type Schedule } from "./schedule.js";

export interface DecayOptions {
  readonly initialLearningRate: number;
  /** Steps that one decay takes; default 1. */
  readonly decaySteps?: number;
  readonly decayRate: number;
  /** true: ⌊step / decaySteps⌋ decays, all at once; default false. */
  readonly staircase?: boolean;
}

/** Decays so far, as a function of the step, and the checked rest. */
function decays(who: string, options: DecayOptions) {
  checkKeys(who, options, ["initialLearningRate", "decaySteps", "decayRate", "staircase"]);
  const { initialLearningRate, decaySteps = 1, decayRate, staircase = false } = options;
  checkRate(who, "initialLearningRate", initialLearningRate);
  checkSteps(who, "decaySteps", decaySteps);
  checkFactor(who, "decayRate", decayRate);
  checkType(who, "staircase", staircase, "boolean");
  const count = (step: number) => (staircase ? Math.floor(step / decaySteps) : step / decaySteps);
  return { initialLearningRate, decayRate, count };
}

/**
 * initialLearningRate · decayRate^(step / decaySteps), as Keras' ExponentialDecay; with decaySteps: 1, torch's
 * ExponentialLR (gamma).
 *
 * @throws OptionError for options that do not exist or lie outside their domain
 */
export function exponentialDecay(options: DecayOptions): Schedule {
  const { initialLearningRate, decayRate, count } = decays("exponentialDecay", options);
  const decayed = powersOf(decayRate);
  return (step) => initialLearningRate * decayed(count(step));
}

/**
 * initialLearningRate / (1 + decayRate · step / decaySteps), as Keras' InverseTimeDecay.
 *
 * @throws OptionError for options that do not exist or lie outside their domain
 */
export function inverseTimeDecay(options: DecayOptions): Schedule {
  const { initialLearningRate, decayRate, count } = decays("inverseTimeDecay", options);
  return (step) => initialLearningRate / (1 + decayRate * count(step));
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
  const who = "inverseSquareRoot";
  checkKeys(who, options, ["initialLearningRate", "decaySteps"]);
  const { initialLearningRate, decaySteps = 1 } = options;
  checkRate(who, "initialLearningRate", initialLearningRate);
  checkSteps(who, "decaySteps", decaySteps);
  return (step) => initialLearningRate * Math.sqrt(decaySteps / (step + decaySteps));
}
