import { oneOf } from "../check/kinds.js";
import { type Kind, take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import type { Callback } from "./callback.js";

/** What a log has a line for. Whoever wants each step makes the engine stop after each. */
export type LogUnit = "epoch" | "step";

/** The kind of such an option. */
export const unitOption: () => Kind<LogUnit, LogUnit | undefined> = () =>
  oneOf({ epoch: 0, step: 0 }, "epoch", "unit of per");

/** What `learningRateLog` makes. */
export interface LearningRateLog extends Callback {
  /** Of the last training: the rate of each step, or of each epoch's last. */
  readonly rates: readonly { readonly epoch: number; readonly step: number; readonly learningRate: number }[];
}

/** Notes the learning rate of each epoch's last step, or of each step. @throws OptionError */
export function learningRateLog(options: { readonly per?: LogUnit } = {}): LearningRateLog {
  checkSurplus("learningRateLog", arguments, 1);
  const { per } = take("learningRateLog", options, { per: unitOption() });
  const rates: { readonly epoch: number; readonly step: number; readonly learningRate: number }[] = [];
  const log: LearningRateLog = {
    name: "learningRateLog",
    rates,
    onTrainBegin() {
      rates.length = 0;
    },
  };
  if (per === "step") {
    log.onStepEnd = ({ epoch, step, learningRate }) => rates.push({ epoch, step, learningRate });
  } else {
    log.onEpochEnd = ({ epoch, learningRate }, training) =>
      rates.push({ epoch, step: training.step - 1, learningRate });
  }
  return log;
}
