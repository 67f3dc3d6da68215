import { DataError } from "../../check/errors.js";
import { describe } from "../../check/options.js";
import { isExamples } from "../../rows/examples.js";

/** @throws DataError for what is not one batch, as an iterable of batches */
export function checkBatch(who: string, data: unknown): void {
  if (isExamples(data)) return;
  throw new DataError(`${who}: the data is ${describe(data)}; needs one batch, { x, y }.`);
}
