/** Schedules that stay as they are for many steps. */

import { OptionError } from "../check/errors.js";
import { checkInteger, checkKeys, describe } from "../check/options.js";
import { power, powersOf } from "../numeric/exactMath.js";
import { checkFactor, checkRate, checkSteps, type Schedule } from "./schedule.js";

/** @throws OptionError unless it is a list of whole numbers, each above the one before */
function checkAscending(who: string, name: string, steps: readonly number[]): void {
  if (!Array.isArray(steps)) {
    throw new OptionError(
      `${who}: ${name} are ${describe(steps)}; needs an array of steps, as [1000, 2000].`,
    );
  }
  steps.forEach((step, i) => {
    checkInteger(who, `${name}[${i}]`, step, i === 0 ? 0 : (steps[i - 1] as number) + 1);
  });
}

/** The same rate at every step, as a schedule: what `warmup` may be put before. @throws OptionError */
export function constantRate(learningRate: number): Schedule {
  checkRate("constantRate", "learningRate", learningRate);
  return () => learningRate;
}

export interface StepDecayOptions {
  readonly initialLearningRate: number;
  /** Steps between two decays. */
  readonly decaySteps: number;
  /** What each decay multiplies by; default 0.1. */
  readonly decayRate?: number;
}

/**
 * initialLearningRate · decayRate^⌊step / decaySteps⌋, as torch's StepLR (step_size, gamma).
 *
 * @throws OptionError for options that do not exist or lie outside their domain
 */
export function stepDecay(options: StepDecayOptions): Schedule {
  const who = "stepDecay";
  checkKeys(who, options, ["initialLearningRate", "decaySteps", "decayRate"]);
  const { initialLearningRate, decaySteps, decayRate = 0.1 } = options;
  checkRate(who, "initialLearningRate", initialLearningRate);
  checkSteps(who, "decaySteps", decaySteps);
  checkFactor(who, "decayRate", decayRate);
  const decayed = powersOf(decayRate);
  return (step) => initialLearningRate * decayed(Math.floor(step / decaySteps));
}

export interface MultiStepDecayOptions {
  readonly initialLearningRate: number;
  /** Steps from which on the rate is lower, in ascending order. */
  readonly milestones: readonly number[];
  /** What each decay multiplies by; default 0.1. */
  readonly decayRate?: number;
}

/**
 * initialLearningRate · decayRate^(milestones that `step` has reached), as torch's MultiStepLR (gamma).
 *
 * @throws OptionError for options that do not exist or lie outside their domain
 */
export function multiStepDecay(options: MultiStepDecayOptions): Schedule {
  const who = "multiStepDecay";
  checkKeys(who, options, ["initialLearningRate", "milestones", "decayRate"]);
  const { initialLearningRate, decayRate = 0.1 } = options;
  checkRate(who, "initialLearningRate", initialLearningRate);
  checkAscending(who, "milestones", options.milestones);
  checkFactor(who, "decayRate", decayRate);
  const milestones = [...options.milestones];
  const rates = Array.from(
    { length: milestones.length + 1 },
    (_, i) => initialLearningRate * power(decayRate, i),
  );
  return (step) => {
    const reached = milestones.findIndex((one) => step < one);
    return rates[reached < 0 ? milestones.length : reached] as number;
  };
}

export interface PiecewiseConstantDecayOptions {
  /** Last steps of all values but the last, in ascending order. */
  readonly boundaries: readonly number[];
  /** Learning rates: one more than there are boundaries. */
  readonly values: readonly number[];
}

/**
 * values[i], where i counts the boundaries that lie before `step`: the step of a boundary still has the value before
 * it, as Keras' PiecewiseConstantDecay has it. (A milestone of multiStepDecay is the first step of the next value.)
 *
 * @throws OptionError for options that do not exist or lie outside their domain
 */
export function piecewiseConstantDecay(options: PiecewiseConstantDecayOptions): Schedule {
  const who = "piecewiseConstantDecay";
  checkKeys(who, options, ["boundaries", "values"]);
  checkAscending(who, "boundaries", options.boundaries);
  const boundaries = [...options.boundaries];
  if (!Array.isArray(options.values) || options.values.length !== boundaries.length + 1) {
    throw new OptionError(
      `${who}: values are ${describe(options.values)}; needs an array of ${boundaries.length + 1}, one more than boundaries.`,
    );
  }
  const values = [...options.values];
  values.forEach((value, i) => checkRate(who, `values[${i}]`, value));
  return (step) => {
    const reached = boundaries.findIndex((one) => step <= one);
    return values[reached < 0 ? boundaries.length : reached] as number;
  };
}
