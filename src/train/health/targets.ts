/** What the targets of arrays, which are all there beforehand, say of a training. */
import type { ExampleTables } from "../../data/examples.js";
import type { Table } from "../../data/table.js";
import type { Loss } from "../losses.js";
import type { OutputSettings } from "../objective.js";
import type { ModelState } from "../state.js";
import type { Suspicion } from "./rules.js";

/** Rows that are no accident when they are all alike. */
const ENOUGH_ROWS = 8;

/** What is asked of an output that has a target. */
const settingsOf = ({ settings }: ModelState, name: string) =>
  settings.outputs.find((one) => one.name === name) as OutputSettings & { readonly loss: Loss };

/** Whether all rows of a target are alike. */
function isConstant({ values, columns, rows }: Table): boolean {
  return rows >= ENOUGH_ROWS && values.every((value, i) => value === values[i % columns]);
}

/** The targets that are the same for every row. A loss of one's own may have targets that it does not look at. */
export function constantTargets(state: ModelState, { tables }: ExampleTables): Suspicion[] {
  const { shapes } = state;
  return shapes.targets.flatMap(({ name }, i) => {
    const table = tables[shapes.inputs.length + i] as Table;
    if (settingsOf(state, name).loss.isCustom || !isConstant(table)) return [];
    return [constantTarget(shapes.single.output ? "y" : `y.${name}`, table)];
  });
}

const constantTarget = (name: string, { values, columns }: Table): Suspicion => ({
  kind: "constantTarget",
  layer: undefined,
  message: `${name} is the same for every row: ${Array.from(values.subarray(0, Math.min(columns, 4))).join(", ")}`,
  mend: "There is nothing to learn from it: look at how the targets are read.",
  isCertain: true,
});

/**
 * The whole loss of a network that gives one answer to all rows; undefined where it is not known: with weights of rows,
 * losses that sum, that have no targets or that layers add.
 */
export function constantLoss(state: ModelState, { tables, forms }: ExampleTables): number | undefined {
  const { shapes, settings } = state;
  const isWeighted = forms.length > shapes.targets.length;
  const hasAdded = settings.lossLayers.length > 0;
  if (isWeighted || hasAdded || shapes.targets.length < shapes.scored.length) return undefined;
  let whole = 0;
  for (const [i, { name, shape }] of shapes.targets.entries()) {
    const { loss, weight } = settingsOf(state, name);
    if (loss.reduction === "sum" || loss.constantAnswer === undefined) return undefined;
    whole += weight * loss.constantAnswer(tables[shapes.inputs.length + i] as Table, shape);
  }
  return whole;
}
