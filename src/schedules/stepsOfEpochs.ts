import { checkInteger, checkKeys } from "../check/options.js";

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
  checkInteger("stepsOfEpochs", "epochs", epochs, 1);
  checkKeys("stepsOfEpochs", data, ["rows", "batchSize"]);
  const { rows, batchSize = 32 } = data;
  checkInteger("stepsOfEpochs", "rows", rows, 1);
  checkInteger("stepsOfEpochs", "batchSize", batchSize, 1);
  return epochs * Math.ceil(rows / batchSize);
}
