import { DataError } from "../check/errors.js";
import { checkKeys, describe } from "../check/options.js";
import {
  checkRows,
  type Field,
  fieldsOf,
  type InputShapes,
  labelOf,
  type NamedRows,
  type Rows,
  someFields,
  toInputs,
} from "./fields.js";
import { CHANGED, columnsOf, type Table, type Tensor, toTable } from "./table.js";
import { SAMPLE_WEIGHT, type Targeted, type TargetForm, targetForm } from "./target.js";

/** Rows of inputs and, row by row, their targets. */
export interface Examples {
  readonly x: Rows;
  /** Left out only where no output has a loss. */
  readonly y?: Rows | undefined;
  /**
   * How much the loss of each row counts, at least 0; with named outputs, for each by its name: 1 for those left out.
   * A mean is over all rows, whatever they weigh, as in Keras. Metrics do not weigh.
   */
  readonly sampleWeight?: Rows | undefined;
}

/** Examples that were checked. */
export interface ExampleTables {
  /** One for each input, one for each target, and where rows have weights, one for each output that has a loss. */
  readonly tables: readonly Table[];
  readonly forms: readonly TargetForm[];
  readonly rows: number;
}

export interface ExampleShapes extends InputShapes {
  /** The outputs whose loss has a target. */
  readonly targets: readonly (Field & { readonly loss: Targeted })[];
  /** The outputs that have a loss. */
  readonly scored: readonly Field[];
}

/**
 * Checks examples against a network and its losses.
 *
 * @param who what errors call them: `fit`, `batch 3`
 * @throws DataError naming row and column
 */
export function toExamples(who: string, examples: Examples, shapes: ExampleShapes): ExampleTables {
  if (examples === null || typeof examples !== "object") {
    throw new DataError(`${who}: the data is ${describe(examples)}; needs { x, y }.`);
  }
  checkKeys(who, examples, ["x", "y", "sampleWeight"]);
  const inputs = toInputs(`${who}: x`, examples.x, shapes);
  const { rows } = inputs[0] as Table;
  const given = fieldsOf(`${who}: y`, examples.y, shapes.targets, shapes.single.output, "output");
  const targets = shapes.targets.map(({ shape, loss }, i) => {
    const { name, data } = given[i] as NamedRows;
    const form = targetForm(name, loss, shape, columnsOf(name, data, rows));
    const table = toTable(name, data, form.row);
    checkRows(who, { name: "x", rows }, { name: labelOf(who, name), rows: table.rows });
    return { table: checkTargets(name, table, form), form };
  });
  const weights = toWeights(who, examples.sampleWeight, rows, shapes);
  return {
    tables: [...inputs, ...targets.map(({ table }) => table), ...weights],
    forms: [...targets.map(({ form }) => form), ...weights.map(() => SAMPLE_WEIGHT)],
    rows,
  };
}

/** The weights of the rows for each output that has a loss; none where none are given. */
function toWeights(
  caller: string,
  given: Rows | undefined,
  rows: number,
  { scored, single }: ExampleShapes,
): Table[] {
  if (given === undefined) return [];
  const who = `${caller}: sampleWeight`;
  if (scored.length === 0) {
    throw new DataError(`${who}: there are weights, but no output has a loss; leave them out.`);
  }
  const names = scored.map(({ name }) => name);
  const fields = single.output
    ? new Map([[names[0], { name: who, data: given as Tensor }]])
    : new Map(someFields(who, given, names, "output").map((one) => [one.key, one]));
  return names.map((name) => {
    const field = fields.get(name);
    if (field === undefined) return unitWeights(rows);
    const table = toTable(field.name, field.data, SAMPLE_WEIGHT.row);
    checkRows(caller, { name: "x", rows }, { name: labelOf(caller, field.name), rows: table.rows });
    return checkTargets(field.name, table, SAMPLE_WEIGHT);
  });
}

const unitWeights = (rows: number): Table => ({ values: new Float32Array(rows).fill(1), rows, columns: 1 });

/** Examples without weights of rows as ones with them: each counts once. */
export function withUnitWeights(
  { tables, forms, rows }: ExampleTables,
  { scored }: ExampleShapes,
): ExampleTables {
  return {
    tables: [...tables, ...scored.map(() => unitWeights(rows))],
    forms: [...forms, ...scored.map(() => SAMPLE_WEIGHT)],
    rows,
  };
}

/** The targets, which are checked when they are read, too. */
function checkTargets(who: string, y: Table, form: TargetForm): Table {
  checkValues(who, y, form);
  checkEachRow(who, y, form);
  if (form.sumsToOne) checkDistributions(who, y, form.row.at(-1) as number);
  const { checkAgain } = y;
  if (checkAgain === undefined) return y;
  return {
    ...y,
    checkAgain(read, rowOf) {
      checkAgain(read, rowOf);
      checkValues(who, { ...y, values: read }, form, rowOf);
    },
  };
}

function checkValues(
  who: string,
  { values, columns }: Table,
  form: TargetForm,
  rowOf?: (i: number) => number,
): void {
  values.forEach((value, i) => {
    const what = form.fault?.(value);
    if (what === undefined) return;
    const row = Math.floor(i / columns);
    const mend = rowOf === undefined ? "" : ` ${CHANGED}`;
    throw new DataError(
      `${who}: row ${rowOf?.(row) ?? row}, column ${i % columns} is ${value}; ${what}.${mend}`,
    );
  });
}

function checkEachRow(who: string, { values, rows, columns }: Table, { faultOfRow }: TargetForm): void {
  if (faultOfRow === undefined) return;
  for (let row = 0; row < rows; row++) {
    const what = faultOfRow(values.subarray(row * columns, (row + 1) * columns));
    if (what !== undefined) throw new DataError(`${who}: row ${row} ${what}.`);
  }
}

/** Room for the rounding of probabilities in f32. */
const SUM_TOLERANCE = 1e-3;

function checkDistributions(who: string, { values, columns }: Table, classes: number): void {
  for (let first = 0; first < values.length; first += classes) {
    let sum = 0;
    for (let i = first; i < first + classes; i++) sum += values[i] as number;
    if (Math.abs(sum - 1) <= SUM_TOLERANCE) continue;
    throw new DataError(
      `${who}: row ${Math.floor(first / columns)} sums to ${sum}; needs class probabilities, which sum to 1. ` +
        "Where several classes can be right at once, use sigmoid outputs with binaryCrossEntropy.",
    );
  }
}

/** True for { x, y }: everything else is taken as a stream of batches. */
export const isExamples = (data: unknown): data is Examples =>
  typeof data === "object" && data !== null && ("x" in data || "y" in data);
