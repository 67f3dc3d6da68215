import { evaluateState, evaluateTables } from "../../model/evaluate.js";
import { checkForms, forProgram } from "../../model/forms.js";
import type { ModelState } from "../../model/state.js";
import { type ExampleTables, withUnitWeights } from "../../rows/examples.js";
import type { Scores } from "../scoring/reports.js";
import type { Given } from "./feed.js";
import type { Batches, checkBatches } from "./slabs.js";

export { evaluateState } from "../../model/evaluate.js";

/** What a training is validated on. */
export interface Validation {
  /** Of arrays, which are there beforehand. */
  readonly examples?: ExampleTables;
  /** The examples of the training: with weights of rows, 1 each, where the validation has some. */
  alike(given: Given): Given;
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
  { epochs = 1, signal }: { readonly epochs?: number; readonly signal?: AbortSignal },
  check: typeof checkBatches | undefined,
): Validation {
  if ("examples" in given) return ofArrays(state, given.examples, signal);
  check?.(WHO, given.batches, epochs);
  return ofBatches(state, given.batches, signal);
}

function ofArrays(state: ModelState, given: ExampleTables, signal: AbortSignal | undefined): Validation {
  let examples = given;
  const isWeighted = given.forms.length > state.shapes.targets.length;
  return {
    alike: (trained) =>
      "examples" in trained && isWeighted && trained.examples.forms.length === state.shapes.targets.length
        ? { examples: withUnitWeights(trained.examples, state.shapes) }
        : trained,
    begin() {
      examples = forProgram(state, given);
      checkForms(state, WHO, examples.forms);
    },
    examples: given,
    scores: () => evaluateTables(state, WHO, examples, signal),
  };
}

const ofBatches = (
  state: ModelState,
  batches: Batches | (() => Batches),
  signal: AbortSignal | undefined,
): Validation => ({
  alike: (trained) => trained,
  // Whether their form fits shows with each batch.
  begin: () => undefined,
  scores: () => evaluateState(state, WHO, batches, signal),
});
