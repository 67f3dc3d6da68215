/** Callbacks that end training when it has had enough. */
import { integer, positive } from "../check/kinds.js";
import { take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import { Timer } from "../runtime/timer.js";
import type { Callback, Training } from "./callback.js";

/**
 * Stops training after so many seconds, validation included, in the midst of an epoch if need be; `resume` goes on.
 * Where clocks stand still while code runs, as in workerd, use `stepBudget`.
 *
 * @throws OptionError unless `seconds` is a positive number
 */
export function timeBudget(options: { readonly seconds: number }): Callback {
  checkSurplus("timeBudget", arguments, 1);
  const { seconds } = take("timeBudget", options, { seconds: positive() });
  const timer = new Timer(seconds * 1000);
  const look = (training: Training) => {
    if (timer.isDue) training.stop(`timeBudget: ${seconds} seconds are over`);
  };
  return {
    name: "timeBudget",
    onTrainBegin: () => timer.restart(),
    onSlice: look,
    onEpochEnd: (_, training) => look(training),
  };
}

/**
 * Stops training after so many steps of this `fit`, in the midst of an epoch if need be; `resume` goes on. As
 * `maxSteps`, but that the training counts as stopped, so that `earlyStopping` puts the best weights back.
 *
 * @throws OptionError unless `steps` is a whole number of at least 1
 */
export function stepBudget(options: { readonly steps: number }): Callback {
  checkSurplus("stepBudget", arguments, 1);
  const { steps } = take("stepBudget", options, { steps: integer(1) });
  return {
    name: "stepBudget",
    onTrainBegin: (training) => training.stopAfter(steps, `stepBudget: ${steps} steps are done`),
  };
}
