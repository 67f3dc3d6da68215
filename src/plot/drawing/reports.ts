import { DataError } from "../../check/errors.js";
import { describe } from "../../check/options.js";
import type { EpochReport } from "../../train/scoring/reports.js";

/** A list of reports as `fit` gives them. @throws DataError for anything else */
export function checkReports(who: string, reports: unknown): readonly EpochReport[] {
  if (!Array.isArray(reports) || reports.length === 0) {
    const got = Array.isArray(reports) ? "no report" : describe(reports);
    const mend = reports instanceof Promise ? " Await it." : "";
    throw new DataError(`${who}: got ${got}; needs the reports of epochs, as fit returns.${mend}`);
  }
  // Not forEach, which would pass over holes.
  for (const [i, one] of (reports as readonly unknown[]).entries()) {
    const isReport = typeof one === "object" && one !== null && "epoch" in one && "loss" in one;
    if (!isReport || !Number.isFinite(one.epoch)) {
      throw new DataError(`${who}: report ${i + 1} is ${describe(one)}; needs those that fit returns.`);
    }
  }
  return reports as readonly EpochReport[];
}

/** `1 epoch`, `12 epochs`. */
export const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? "" : "s"}`;
