import { DataError } from "../errors.js";
import type { Shape } from "../graph/shape.js";
import { checkKeys, describe } from "../options.js";
import { columnsOf, type Table, type Tensor, toTable } from "./table.js";
import { type Targeted, type TargetForm, targetForm } from "./target.js";

/** Rows of inputs and, row by row, their targets. */
export interface Examples {
  readonly x: Tensor;
  readonly y: Tensor;
}

/** Examples that were checked. */
export interface ExampleTables {
  readonly x: Table;
  readonly y: Table;
  readonly form: TargetForm;
}

export interface ExampleShapes {
  readonly inputShape: Shape;
  readonly outputShape: Shape;
  readonly loss: Targeted;
}

/**
 * Checks examples against a network and its loss.
 *
 * @param who what errors call them: `fit`, `batch 3`
 * @throws DataError naming row and column
 */
export function toExamples(who: string, examples: Examples, shapes: ExampleShapes): ExampleTables {
  if (examples === null || typeof examples !== "object") {
    throw new DataError(`${who}: the data is ${describe(examples)}; needs { x, y }.`);
  }
  checkKeys(who, examples, ["x", "y"]);
  const x = toTable(`${who}: x`, examples.x, shapes.inputShape.slice(1));
  const columns = columnsOf(`${who}: y`, examples.y, x.rows);
  const form = targetForm(who, shapes.loss, shapes.outputShape, columns);
  const y = toTable(`${who}: y`, examples.y, form.row);
  if (y.rows !== x.rows) {
    throw new DataError(`${who}: x has ${x.rows} rows and y has ${y.rows}; needs as many of each.`);
  }
  checkTargets(who, y, form);
  return { x, y, form };
}

function checkTargets(who: string, y: Table, form: TargetForm): void {
  y.values.forEach((value, i) => {
    const what = form.fault?.(value);
    if (what === undefined) return;
    const place = `row ${Math.floor(i / y.columns)}, column ${i % y.columns}`;
    throw new DataError(`${who}: y: ${place} is ${value}; ${what}.`);
  });
  if (form.sumsToOne) checkDistributions(who, y, form.row.at(-1) as number);
}

/** Room for the rounding of probabilities in f32. */
const SUM_TOLERANCE = 1e-3;

function checkDistributions(who: string, { values, columns }: Table, classes: number): void {
  for (let first = 0; first < values.length; first += classes) {
    let sum = 0;
    for (let i = first; i < first + classes; i++) sum += values[i] as number;
    if (Math.abs(sum - 1) <= SUM_TOLERANCE) continue;
    throw new DataError(
      `${who}: y: row ${Math.floor(first / columns)} sums to ${sum}; needs class probabilities, which sum to 1. ` +
        "Where several classes can be right at once, use sigmoid outputs with binaryCrossEntropy.",
    );
  }
}

/** True for { x, y }: everything else is taken as a stream of batches. */
export const isExamples = (data: object): data is Examples => "x" in data || "y" in data;
