import { checkInteger, checkNumber } from "../check/options.js";

/**
 * A learning rate that depends on the step, counted from 0 over the life of the model: give it to an optimizer, as
 * `adam({ learningRate: cosineDecay({ … }) })`. Its bits are the same in every engine.
 */
export interface Schedule {
  (step: number): number;
  /** Steps after which it no longer changes; without it, it has no end. */
  readonly steps?: number;
  /** Steps of its warm-up, if it has one. */
  readonly warmupSteps?: number;
}

/** A rate that no longer changes after so many steps. */
export const lasting = (steps: number, rate: (step: number) => number): Schedule =>
  Object.assign(rate, { steps });

/** @throws OptionError unless it is a rate to begin with */
export const checkRate = (who: string, name: string, rate: number): number =>
  checkNumber(who, name, rate, "a positive number", (r) => r > 0);

/** @throws OptionError unless it is a rate to end with */
export const checkEnd = (who: string, name: string, rate: number): number =>
  checkNumber(who, name, rate, "a number of at least 0", (r) => r >= 0);

/** @throws OptionError unless it is what a rate can be multiplied by */
export const checkFactor = (who: string, name: string, factor: number): number =>
  checkNumber(who, name, factor, "a positive number", (f) => f > 0);

/** @throws OptionError unless it is a number of steps */
export const checkSteps = (who: string, name: string, steps: number): number =>
  checkInteger(who, name, steps, 1);
