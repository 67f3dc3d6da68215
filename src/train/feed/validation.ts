import { evaluateState, evaluateTables } from "../../model/evaluate.js";
import { checkForms, forProgram } from "../../model/forms.js";
import type { ModelState } from "../../model/state.js";
import type { ExampleTables } from "../../rows/examples.js";
import type { Signal } from "../abort.js";
import type { Scores } from "../scoring/reports.js";
import type { Given } from "./feed.js";
import type { Batches, checkBatches } from "./slabs.js";

export { evaluateState } from "../../model/evaluate.js";

/** What a training is validated on. */
export interface Validation {
  /** Once the program of the training is loaded: arrays then take its form. @throws BusyError for targets of another form */
  begin(): void;
  /** Loss and metrics by the weights as they are. */
  scores(): Promise<Scores>;
}

const WHO = "fit: validation";

/**
 * @param check of batches: needed for them
 * @throws DataError for batches that cannot be given in each epoch
 */
export function openValidation(
  state: ModelState,
  given: Given,
  { epochs = 1, signal }: { readonly epochs?: number; readonly signal?: Signal | undefined },
  check: typeof checkBatches | undefined,
): Validation {
  if ("examples" in given) return ofArrays(state, given.examples, signal);
  check?.(WHO, given.batches, epochs);
  return ofBatches(state, given.batches, signal);
}

function ofArrays(state: ModelState, given: ExampleTables, signal: Signal | undefined): Validation {
  let examples = given;
  return {
    begin() {
      examples = forProgram(state, given);
      checkForms(state, WHO, examples.forms);
    },
    scores: () => evaluateTables(state, WHO, examples, signal),
  };
}

const ofBatches = (
  state: ModelState,
  batches: Batches | (() => Batches),
  signal: Signal | undefined,
): Validation => ({
  // Whether their form fits shows with each batch.
  begin: () => undefined,
  scores: () => evaluateState(state, WHO, batches, signal),
});
