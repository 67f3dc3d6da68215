import { checkKeys, choose } from "../check/options.js";
import type { Callback } from "./callback.js";

/** What a log has a line for. Whoever wants each step makes the engine stop after each. */
export type LogUnit = "epoch" | "step";

/** @throws OptionError for what there are no reports of */
export const chooseUnit = (who: string, per: LogUnit): LogUnit =>
  choose(who, "unit of per", per, { epoch: "epoch", step: "step" } as const);

/** What `learningRateLog` makes. */
export interface LearningRateLog extends Callback {
  /** Of the last training: the rate of each step, or of each epoch's last. */
  readonly rates: readonly { readonly epoch: number; readonly step: number; readonly learningRate: number }[];
}

/** Notes the learning rate of each epoch's last step, or of each step. @throws OptionError */
export function learningRateLog(options: { readonly per?: LogUnit } = {}): LearningRateLog {
  checkKeys("learningRateLog", options, ["per"]);
  const per = chooseUnit("learningRateLog", options.per === undefined ? "epoch" : options.per);
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
