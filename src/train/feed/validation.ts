import { evaluateState, evaluateTables } from "../../model/evaluate.js";
import { checkForms, forProgram } from "../../model/forms.js";
import type { ModelState } from "../../model/state.js";
import { type ExampleTables, withUnitWeights } from "../../rows/examples.js";
import type { Table } from "../../rows/table.js";
import type { Signal } from "../abort.js";
import type { Scores } from "../scoring/reports.js";
import type { Given } from "./feed.js";
import type { Batches, checkBatches } from "./slabs.js";

export { evaluateState } from "../../model/evaluate.js";

/** What a training is validated on. */
export interface Validation {
  /** Of arrays, which are there beforehand. */
  readonly examples?: ExampleTables;
  /** Whether there may be classes in it that a training has not: labels, whose number is that of a class. */
  bringsClasses?(trained: ExampleTables): boolean;
  /** The examples of the training: with weights of rows, 1 each, where the validation has some. */
  alike(given: Given): Given;
  /** Once the program of the training is loaded: arrays then take its form. @throws BusyError for targets of another form */
  begin(): void;
  /** Loss and metrics by the weights as they are. */
  scores(): Promise<Scores>;
}

/** Labels, or the columns of rows that are sure of one. */
function classesOf({ values, columns }: Table): Set<number> {
  const found = new Set<number>();
  values.forEach((value, i) => {
    if (columns === 1) found.add(value);
    else if (value === 1) found.add(i % columns);
  });
  return found;
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
    bringsClasses: ({ tables }) =>
      state.shapes.targets.some(({ name }, i) => {
        const { decision } = state.settings.outputs.find((one) => one.name === name)?.loss ?? {};
        const place = state.shapes.inputs.length + i;
        const known = classesOf(tables[place] as Table);
        return (
          decision !== "none" && [...classesOf(given.tables[place] as Table)].some((one) => !known.has(one))
        );
      }),
    scores: () => evaluateTables(state, WHO, examples, signal),
  };
}

const ofBatches = (
  state: ModelState,
  batches: Batches | (() => Batches),
  signal: Signal | undefined,
): Validation => ({
  alike: (trained) => trained,
  // Whether their form fits shows with each batch.
  begin: () => undefined,
  scores: () => evaluateState(state, WHO, batches, signal),
});
