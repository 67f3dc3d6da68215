/** Schedules that stay as they are for many steps. */

import { OptionError } from "../check/errors.js";
import { integer, positive } from "../check/kinds.js";
import { describe } from "../check/options.js";
import { type Kind, take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import { power, powersOf } from "../numeric/exactMath.js";
import { makeSchedule, type Schedule } from "./schedule.js";

/** Lists of whole numbers, each above the one before. */
const ascending: Kind<readonly number[]> = (who, name, steps) => {
  if (!Array.isArray(steps)) {
    throw new OptionError(
      `${who}: ${name} are ${describe(steps)}; needs an array of steps, as [1000, 2000].`,
    );
  }
  return steps.map((step, i) =>
    integer(i === 0 ? 0 : (steps[i - 1] as number) + 1)(who, `${name}[${i}]`, step),
  );
};

/** The same rate at every step, as a schedule: what `warmup` may be put before. @throws OptionError */
export function constantRate(learningRate: number): Schedule {
  checkSurplus("constantRate", arguments, 1);
  positive()("constantRate", "learningRate", learningRate);
  return makeSchedule({ kind: "constantRate", given: [learningRate], options: {} }, () => learningRate);
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
  checkSurplus("stepDecay", arguments, 1);
  const kind = "stepDecay";
  const settled = take(kind, options, {
    initialLearningRate: positive(),
    decaySteps: integer(1),
    decayRate: positive(0.1),
  });
  const { initialLearningRate, decaySteps, decayRate } = settled;
  const decayed = powersOf(decayRate);
  const rate = (step: number) => initialLearningRate * decayed(Math.floor(step / decaySteps));
  return makeSchedule({ kind, options: settled }, rate);
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
  checkSurplus("multiStepDecay", arguments, 1);
  const kind = "multiStepDecay";
  const settled = take(kind, options, {
    initialLearningRate: positive(),
    milestones: ascending,
    decayRate: positive(0.1),
  });
  const { initialLearningRate, milestones, decayRate } = settled;
  const rates = Array.from(
    { length: milestones.length + 1 },
    (_, i) => initialLearningRate * power(decayRate, i),
  );
  return makeSchedule({ kind, options: settled }, (step) => {
    const reached = milestones.findIndex((one) => step < one);
    return rates[reached < 0 ? milestones.length : reached] as number;
  });
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
  checkSurplus("piecewiseConstantDecay", arguments, 1);
  const kind = "piecewiseConstantDecay";
  const rates: Kind<readonly number[]> = (who, name, values) => {
    const count = options.boundaries.length + 1;
    if (Array.isArray(values) && values.length === count) {
      return values.map((value, i) => positive()(who, `${name}[${i}]`, value));
    }
    throw new OptionError(
      `${who}: ${name} are ${describe(values)}; needs an array of ${count}, one more than boundaries.`,
    );
  };
  const settled = take(kind, options, { boundaries: ascending, values: rates });
  const { boundaries, values } = settled;
  return makeSchedule({ kind, options: settled }, (step) => {
    const reached = boundaries.findIndex((one) => step <= one);
    return values[reached < 0 ? boundaries.length : reached] as number;
  });
}
