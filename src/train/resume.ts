import { OptionError } from "../check/errors.js";
import type { FitPlan, Progress } from "./progress.js";

/** A stream does not say how many there are. */
const rowsOf = (rows: number | boolean) => (rows === 0 ? "a stream" : `arrays of ${rows} rows`);

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
        ? ["the data is", "Give the same data."]
        : [`${name} is`, `Give ${name}: ${before}, or leave resume out.`];
    const [is, was] = name === "rows" ? [now, before].map(rowsOf) : [now, before];
    throw new OptionError(`fit: resume: ${what} ${is}, and was ${was} when training stopped. ${mend}`);
  }
  return progress;
}
