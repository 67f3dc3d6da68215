import { checkSurplus } from "../check/surplus.js";
import type { Weights } from "../model/weights.js";
import type { Callback } from "./callback.js";
import { isRestored, validateWith } from "./scored.js";

/**
 * Validates with the averages that `exponentialMovingAverage` keeps, and ends with them in place of the weights, as
 * Keras' SwapEMAWeights does. Training itself goes on with the weights, to the same bits as without it.
 *
 * A training that pauses, fails or is aborted ends with its weights, so that `resume` can go on. The averages are those
 * of the last step; with an `earlyStopping`, before or behind it, that restores the best weights, those of the best epoch,
 * as they were validated. A `checkpoint` holds weights and averages: model.averagedWeights() gives these once it is restored.
 *
 * The optimizer must keep an average: otherwise `fit` rejects before its first step, with an OptionError as the cause.
 */
export function swapAverages(): Callback {
  checkSurplus("swapAverages", arguments, 0);
  let kept: Weights | undefined;
  return {
    name: "swapAverages",
    onTrainBegin: (training) => {
      kept = undefined;
      training.averagedWeights();
      validateWith(training, () => training.averagedWeights());
    },
    onValidationBegin: (training) => {
      kept = training.weights();
      training.setWeights(training.averagedWeights());
    },
    onValidationEnd: (training) => {
      if (kept !== undefined) training.setWeights(kept);
      kept = undefined;
    },
    onTrainEnd: (training) => {
      const { outcome } = training;
      if (outcome === "finished" || outcome === "stopped") {
        if (!isRestored(training)) training.setWeights(training.averagedWeights());
      }
      // It failed in the midst of a validation.
      else if (kept !== undefined) training.setWeights(kept);
      kept = undefined;
    },
  };
}
