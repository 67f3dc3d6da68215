import { OptionError } from "../check/errors.js";

/** What two calls of `fit` must have in common for the second to go on where the first stopped. */
export interface FitPlan {
  readonly batchSize: number;
  readonly accumulate: number;
  readonly shuffle: boolean;
  /** Rows of the data; 0 for a stream, which does not say. */
  readonly rows: number;
}

/** How far the last `fit` has come. */
export interface Progress {
  readonly plan: FitPlan;
  /** Epochs that it has finished. */
  epochs: number;
  /** Rows of the epoch after these that were trained on, and in how many steps. */
  rows: number;
  steps: number;
  /** Sums of that epoch so far: see Pass. */
  rowsSeen: number;
  sums: ArrayLike<number>;
}

/** How far training had come when the weights were known last: what belongs to them in a snapshot. */
export interface Standing {
  readonly step: number;
  readonly epochs: number;
  readonly progress: Progress | undefined;
}

export const startProgress = (plan: FitPlan): Progress => ({
  plan,
  epochs: 0,
  rows: 0,
  steps: 0,
  rowsSeen: 0,
  sums: [],
});

/** @throws OptionError when there is nothing to go on with, or the data or options are not those of before */
export function checkProgress(progress: Progress | undefined, plan: FitPlan): Progress {
  if (progress === undefined) {
    throw new OptionError("fit: there is no training to resume: none was begun. Leave resume out.");
  }
  for (const name of ["rows", "batchSize", "accumulate", "shuffle"] as const) {
    const [now, before] = [plan[name], progress.plan[name]];
    if (now === before) continue;
    const [what, mend] =
      name === "rows"
        ? ["the data has", "Give the same data."]
        : [`${name} is`, `Give ${name}: ${before}, or leave resume out.`];
    throw new OptionError(`fit: resume: ${what} ${now}, and was ${before} when training stopped. ${mend}`);
  }
  return progress;
}
