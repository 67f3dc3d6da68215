/** Whether the program of a running `fit` takes examples that others look at: it cannot be changed for them. */
import { BusyError } from "../check/errors.js";
import { type ExampleTables, withUnitWeights } from "../rows/examples.js";
import { type TargetForm, targetColumns } from "../rows/target.js";
import type { ModelState } from "./state.js";

/** Examples as the program of a running `fit` takes them: one that weighs rows weighs all of these alike. */
export function forProgram(
  { fitting, programs, shapes }: ModelState,
  examples: ExampleTables,
): ExampleTables {
  if (!fitting || programs.takes(examples.forms)) return examples;
  const weighted = withUnitWeights(examples, shapes);
  return programs.takes(weighted.forms) ? weighted : examples;
}

/** @throws BusyError when `fit` runs with targets of another form */
export function checkForms(
  { fitting, programs }: ModelState,
  who: string,
  forms: readonly TargetForm[],
): void {
  if (!fitting || programs.takes(forms)) return;
  if (forms.length !== programs.forms.length) {
    const [given, running] = forms.length > programs.forms.length ? ["with", "without"] : ["without", "with"];
    throw new BusyError(
      `${who}: the data is ${given} sampleWeight, and the model is in fit ${running} it. Give all data weights, or none.`,
    );
  }
  throw new BusyError(
    `${who}: y has ${forms.map(targetColumns).join(" and ")} numbers a row, and the model is in fit with targets of another form. ` +
      "Give all targets in one form: as labels, or as rows.",
  );
}
