import { OptionError } from "../check/errors.js";
import { integer, numberOf, positive } from "../check/kinds.js";
import { describe } from "../check/options.js";
import { take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import type { LearningRate } from "../optimizers/optimizer.js";
import { makeSchedule, type Schedule, type ScheduleFacts } from "./schedule.js";

export interface WarmupOptions {
  /** Steps that it takes: no more than the schedule behind it, and than the training, have. */
  readonly steps: number;
  /** Where it begins, as a share of the rate that it leads to, in [0, 1]; default 0. */
  readonly from?: number;
}

/**
 * A line from `from` · r to r, the first rate of `schedule`, which begins behind it:
 * r · (from + (1 − from) · step / steps) before step `steps`, schedule(step − steps) from there on (Goyal et al. 2017,
 * §2.2). As Keras' warmup_steps, and as torch's LinearLR (start_factor is `from`) followed by the schedule in a
 * SequentialLR.
 *
 * `fit` refuses a warm-up that would not be over when its training ends. Whoever calls it for one epoch after the
 * other gives `(step) => schedule(step)`, which says nothing of its length.
 *
 * @param schedule a schedule, a function of the step, or one rate
 * @throws OptionError for options outside their domain, and a warm-up that is longer than the schedule
 */
export function warmup(schedule: LearningRate | Schedule, options: WarmupOptions): Schedule {
  checkSurplus("warmup", arguments, 2);
  const who = "warmup";
  const settled = take(who, options, {
    steps: integer(1),
    from: numberOf("a number in [0, 1]", (share) => share >= 0 && share <= 1)(0),
  });
  const { steps, from } = settled;
  if (typeof schedule !== "function") {
    if (typeof schedule !== "number") {
      throw new OptionError(
        `${who}: the schedule is ${describe(schedule)}; needs a schedule, as cosineDecay({ … }), or a learning rate.`,
      );
    }
    positive()(who, "the learning rate", schedule);
  }
  const behind: ((step: number) => number) & Partial<ScheduleFacts> =
    typeof schedule === "number" ? () => schedule : schedule;
  if (behind.steps !== undefined && steps > behind.steps) {
    throw new OptionError(
      `${who}: steps is ${steps}, and the schedule behind it has ${behind.steps}; needs at most as many.`,
    );
  }
  const rate = (step: number) =>
    step < steps ? behind(0) * (from + ((1 - from) * step) / steps) : behind(step - steps);
  const warmupSteps = steps + (behind.warmupSteps ?? 0);
  const facts = { kind: who, given: [schedule], options: settled, warmupSteps };
  return makeSchedule(behind.steps === undefined ? facts : { ...facts, steps: steps + behind.steps }, rate);
}

/**
 * @param end steps over the life of the model when the training that begins will be over
 * @throws OptionError when a schedule is still warming up then
 */
export function checkWarmup(learningRate: LearningRate, end: number): void {
  const { warmupSteps = 0 } = typeof learningRate === "function" ? (learningRate as Schedule) : {};
  if (warmupSteps <= end) return;
  throw new OptionError(
    `fit: the warm-up of the learning rate takes ${warmupSteps} steps, and training ends after ${end}; needs at most as ` +
      "many. Shorten the warm-up, or train for more epochs.",
  );
}
