import type { Configured } from "../check/schema.js";

/** What a schedule is beside its rates. */
export interface ScheduleFacts extends Configured {
  /** Name of the function that made it. */
  readonly kind: string;
  /** Steps after which it no longer changes; without it, it has no end. */
  readonly steps?: number;
  /** Steps of its warm-up, if it has one. */
  readonly warmupSteps?: number;
}

/**
 * A learning rate that depends on the step, counted from 0 over the life of the model: give it to an optimizer, as
 * `adam({ learningRate: cosineDecay({ … }) })`. Its bits are the same in every engine.
 */
export interface Schedule extends ScheduleFacts {
  (step: number): number;
}

export const makeSchedule = (facts: ScheduleFacts, rate: (step: number) => number): Schedule =>
  Object.assign(rate, facts);
