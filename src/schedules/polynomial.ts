/** Schedules that fall to an end, along a power. */

import { checkKeys, checkType } from "../check/options.js";
import { power } from "../numeric/exactMath.js";
import { checkEnd, checkFactor, checkRate, checkSteps, lasting, type Schedule } from "./schedule.js";

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

const LINEAR_NAMES = ["initialLearningRate", "decaySteps", "endLearningRate"];

function polynomial(who: string, options: PolynomialDecayOptions): Schedule {
  const {
    initialLearningRate,
    decaySteps,
    endLearningRate = 0,
    power: exponent = 1,
    cycle = false,
  } = options;
  checkRate(who, "initialLearningRate", initialLearningRate);
  checkSteps(who, "decaySteps", decaySteps);
  checkEnd(who, "endLearningRate", endLearningRate);
  checkFactor(who, "power", exponent);
  checkType(who, "cycle", cycle, "boolean");
  const range = initialLearningRate - endLearningRate;
  const rate = (step: number, steps: number) => range * power(1 - step / steps, exponent) + endLearningRate;
  if (cycle) return (step) => rate(step, decaySteps * Math.max(1, Math.ceil(step / decaySteps)));
  return lasting(decaySteps, (step) => rate(Math.min(step, decaySteps), decaySteps));
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
  checkKeys("polynomialDecay", options, [...LINEAR_NAMES, "power", "cycle"]);
  return polynomial("polynomialDecay", options);
}

/** A straight line from initialLearningRate to endLearningRate: polynomialDecay of power 1. @throws OptionError */
export function linearDecay(options: LinearDecayOptions): Schedule {
  checkKeys("linearDecay", options, LINEAR_NAMES);
  return polynomial("linearDecay", options);
}
