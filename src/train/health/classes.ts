/** Classes that are validated, and were never trained. */
import type { ModelState } from "../../model/state.js";
import type { ExampleTables } from "../../rows/examples.js";
import type { Table } from "../../rows/table.js";
import type { Suspicion } from "./rules.js";

const SHOWN = 5;

/** The classes that occur: labels as they are, of rows of probabilities the largest; of a yes or no, 0 and 1. */
function classesOf({ values, columns }: Table, isYesOrNo: boolean): Set<number> {
  const found = new Set<number>();
  if (columns === 1) {
    for (const value of values) found.add(isYesOrNo ? Number(value > 0.5) : value);
    return found;
  }
  for (let first = 0; first < values.length; first += columns) {
    const row = values.subarray(first, first + columns);
    found.add(row.indexOf(Math.max(...row)));
  }
  return found;
}

/** What is validated on without having been trained: rows that are sorted, and split as they lie. */
export function unseenClasses(
  state: ModelState,
  trained: ExampleTables,
  validated: ExampleTables,
): Suspicion[] {
  const { inputs, targets, single } = state.shapes;
  return targets.flatMap(({ name, loss, shape }, i) => {
    const { decision } = state.settings.outputs.find((one) => one.name === name)?.loss ?? {};
    const tables = [trained, validated].map((one) => one.tables[inputs.length + i] as Table);
    const [before, after] = tables as [Table, Table];
    // Of a row with several labels, or several yes and no, each would have to be asked for.
    const isOne =
      decision === "largest" ? shape.length === 2 : decision === "threshold" && before.columns === 1;
    if (!isOne || loss === undefined || before.columns !== after.columns) return [];
    const known = classesOf(before, decision === "threshold");
    const unseen = [...classesOf(after, decision === "threshold")].filter((one) => !known.has(one));
    if (unseen.length === 0) return [];
    const shown = unseen.sort((a, b) => a - b).slice(0, SHOWN);
    return [
      {
        kind: "unseenClasses",
        layer: undefined,
        message:
          `the validation has ${unseen.length === 1 ? "class" : "classes"} ${shown.join(", ")}` +
          `${unseen.length > SHOWN ? ", …" : ""} in ${single.output ? "y" : `y.${name}`}, and the training has none of it`,
        mend: "Rows that are sorted must be shuffled before they are split: trainTestSplit of wasmgrad/data, with stratify.",
        isCertain: true,
      },
    ];
  });
}
