import { integer } from "../check/kinds.js";
import { take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";

/**
 * Steps that so many epochs over arrays have, which schedules count in: epochs · ⌈rows / batchSize⌉.
 *
 * @param data rows of the data, and the batchSize of `fit`; default 32, as there
 * @throws OptionError unless all are whole numbers of at least 1
 */
export function stepsOfEpochs(
  epochs: number,
  data: { readonly rows: number; readonly batchSize?: number },
): number {
  checkSurplus("stepsOfEpochs", arguments, 2);
  integer(1)("stepsOfEpochs", "epochs", epochs);
  const { rows, batchSize } = take("stepsOfEpochs", data, { rows: integer(1), batchSize: integer(1, 32) });
  return epochs * Math.ceil(rows / batchSize);
}
