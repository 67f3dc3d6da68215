/** A small set of examples that a network has half learned: rows that differ get one answer, between their targets. */
import { Method } from "../../../assembly/isa/control.js";
import { inputValues } from "../../compile/graphs.js";
import { reachOf } from "../../graph/reach.js";
import { sizeOf } from "../../graph/shape.js";
import { eachChunk } from "../../model/chunks.js";
import type { ModelState } from "../../model/state.js";
import { exp } from "../../numeric/exactMath.js";
import type { ExampleTables } from "../../rows/examples.js";
import type { Table } from "../../rows/table.js";
import { startPass } from "../../runtime/machine.js";
import { Slices } from "../feed/slices.js";
import type { Suspicion } from "./rules.js";

/** Truth tables and the like: sets so small are expected to be learned whole. */
const MOST_ROWS = 64;
/** Shares of the spread of the targets within which answers are one, and beyond which targets differ. */
const SAME = 0.05;
const DIFFERENT = 0.5;
/** Share of the errors that such rows make up. */
const MOST = 0.9;

interface Answers {
  readonly predicted: Float64Array;
  readonly targets: Float64Array;
  readonly columns: number;
}

/** Whether a training can be looked at: one output, few rows, and no two alike with different targets. */
export function canBeLearned(state: ModelState, { tables, rows, forms }: ExampleTables): boolean {
  const { inputs, targets } = state.shapes;
  if (targets.length !== 1 || forms.length > 1 || rows > MOST_ROWS || rows < 4) return false;
  const known = new Map<string, string>();
  const textOf = ({ values, columns, staging }: Table, row: number) =>
    (staging?.pack(1, () => row) ?? values.subarray(row * columns, (row + 1) * columns)).join();
  for (let row = 0; row < rows; row++) {
    const x = tables
      .slice(0, inputs.length)
      .map((table) => textOf(table, row))
      .join("|");
    const y = textOf(tables[inputs.length] as Table, row);
    if ((known.get(x) ?? y) !== y) return false;
    known.set(x, y);
  }
  return true;
}

/** Answers and targets as numbers of one kind. Undefined where the output is of another form. */
async function answersOf(state: ModelState, { tables, rows }: ExampleTables): Promise<Answers | undefined> {
  const { inputs } = state.shapes;
  const { network, outputs } = state.settings;
  const { index, loss } = outputs.find((one) => one.loss !== undefined) ?? {};
  if (index === undefined || loss === undefined) return undefined;
  const columns = sizeOf(network.outputs[index]?.shape ?? []).factor;
  const predicted = new Float64Array(rows * columns);
  await eachChunk(state, "fit", tables.slice(0, inputs.length), {
    slices: new Slices(),
    signal: undefined,
    pass: startPass(),
    method: Method.Predict,
    reads: [{ place: index, columns }],
    afterChunk: (first, [results]) => predicted.set(results as Float32Array, first * columns),
  });
  const [low] = reachOf(network.build(inputValues(network), false).outputs[index] as never);
  if (loss.decision === "threshold" && low < 0)
    predicted.forEach((x, i) => {
      predicted[i] = 1 / (1 + exp(-x));
    });
  if (loss.decision === "largest" && low < 0) toShares(predicted, columns);
  const table = tables[inputs.length] as Table;
  if (table.columns === columns) return { predicted, targets: Float64Array.from(table.values), columns };
  if (loss.decision !== "largest" || table.columns !== 1) return undefined;
  const targets = new Float64Array(rows * columns);
  table.values.forEach((label, row) => {
    targets[row * columns + label] = 1;
  });
  return { predicted, targets, columns };
}

function toShares(logits: Float64Array, columns: number): void {
  for (let first = 0; first < logits.length; first += columns) {
    const row = logits.subarray(first, first + columns);
    const most = row.reduce((a, b) => Math.max(a, b));
    const whole = row.reduce((sum, x) => sum + exp(x - most), 0);
    row.forEach((x, i) => {
      row[i] = exp(x - most) / whole;
    });
  }
}

/** Rows that get the answer of another, whose target is far from theirs. */
function merged({ predicted, targets, columns }: Answers): number[] {
  const rows = targets.length / columns;
  const spread = targets.reduce((a, b) => Math.max(a, b)) - targets.reduce((a, b) => Math.min(a, b));
  const distance = (of: Float64Array, i: number, j: number) => {
    let most = 0;
    for (let k = 0; k < columns; k++) {
      most = Math.max(most, Math.abs((of[i * columns + k] as number) - (of[j * columns + k] as number)));
    }
    return most;
  };
  const all = Array.from({ length: rows }, (_, row) => row);
  return all.filter((i) =>
    all.some(
      (j) =>
        distance(predicted, i, j) <= SAME * spread &&
        distance(targets, i, j) >= DIFFERENT * spread &&
        spread > 0,
    ),
  );
}

/** What a training that does not move on any more has left, if it is this. */
export async function stuckBeside(state: ModelState, examples: ExampleTables): Promise<Suspicion[]> {
  const answers = await answersOf(state, examples);
  if (answers === undefined) return [];
  const { predicted, targets, columns } = answers;
  const found = merged(answers);
  const errorOf = (row: number) => {
    let sum = 0;
    for (let i = row * columns; i < (row + 1) * columns; i++) {
      const error = (predicted[i] as number) - (targets[i] as number);
      sum += error * error;
    }
    return sum;
  };
  const whole = Array.from({ length: examples.rows }, (_, row) => errorOf(row)).reduce((a, b) => a + b);
  const part = found.reduce((sum, row) => sum + errorOf(row), 0);
  // All of them alike: that is the base rate.
  if (found.length < 2 || found.length === examples.rows || part < MOST * whole) return [];
  return [
    {
      kind: "stuckBesideBaseRate",
      layer: undefined,
      message:
        `the loss does not fall any more, and ${found.length} of ${examples.rows} rows get an answer between their targets, ` +
        "the same for rows that differ",
      mend: "Begin from another seed, give the hidden layers more units, or train with adam and another learning rate.",
      isCertain: true,
    },
  ];
}
