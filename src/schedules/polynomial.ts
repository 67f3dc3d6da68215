/** Schedules that fall to an end, along a power. */

import { flag, integer, notNegative, positive } from "../check/kinds.js";
import { type Settled, take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import { power } from "../numeric/exactMath.js";
import { makeSchedule, type Schedule } from "./schedule.js";

export interface LinearDecayOptions {
  readonly initialLearningRate: number;
  /** Steps that the decay takes. */
  readonly decaySteps: number;
  /** Rate from then on; default 0, as torch has it (Keras: 0.0001). */
  readonly endLearningRate?: number;
}

export interface PolynomialDecayOptions extends LinearDecayOptions {
  /** Default 1. */
  readonly power?: number;
  /** Decays anew, over a longer time, whenever the end is reached, as in Keras; default false. */
  readonly cycle?: boolean;
}

const linear = () => ({
  initialLearningRate: positive(),
  decaySteps: integer(1),
  endLearningRate: notNegative(0),
});

function polynomial(
  kind: string,
  options: Settled<ReturnType<typeof linear>>,
  exponent: number,
  cycle: boolean,
): Schedule {
  const { initialLearningRate, decaySteps, endLearningRate } = options;
  const range = initialLearningRate - endLearningRate;
  const rate = (step: number, steps: number) => range * power(1 - step / steps, exponent) + endLearningRate;
  if (cycle) {
    return makeSchedule({ kind, options }, (step) =>
      rate(step, decaySteps * Math.max(1, Math.ceil(step / decaySteps))),
    );
  }
  return makeSchedule({ kind, options, steps: decaySteps }, (step) =>
    rate(Math.min(step, decaySteps), decaySteps),
  );
}

/**
 * (initialLearningRate − endLearningRate) · (1 − step / decaySteps)^power + endLearningRate, and endLearningRate from
 * decaySteps on: Keras' PolynomialDecay, torch's PolynomialLR (total_iters).
 *
 * With `cycle`, decaySteps · ⌈step / decaySteps⌉ stands in place of decaySteps.
 *
 * @throws OptionError for options that do not exist or lie outside their domain
 */
export function polynomialDecay(options: PolynomialDecayOptions): Schedule {
  checkSurplus("polynomialDecay", arguments, 1);
  const kind = "polynomialDecay";
  const settled = take(kind, options, { ...linear(), power: positive(1), cycle: flag(false) });
  return polynomial(kind, settled, settled.power, settled.cycle);
}

/** A straight line from initialLearningRate to endLearningRate: polynomialDecay of power 1. @throws OptionError */
export function linearDecay(options: LinearDecayOptions): Schedule {
  checkSurplus("linearDecay", arguments, 1);
  return polynomial("linearDecay", take("linearDecay", options, linear()), 1, false);
}
