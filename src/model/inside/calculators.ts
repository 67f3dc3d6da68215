/** Calculations on a model's weights in a memory beside the model's own, so that they may be made at any time. */

import { parameterElements } from "../../compile/graphs.js";
import type { Value } from "../../graph/value.js";
import type { ExampleTables } from "../../rows/examples.js";
import { type Calculator, openCalculator } from "../calculator.js";
import { stageChunk, wordsOf } from "../chunks.js";
import type { ModelState } from "../state.js";
import type { Weights } from "../weights.js";

/** Calculations of a model that are kept for the next call. */
const MOST = 4;

interface Kept<P> {
  readonly calculator: Calculator;
  readonly rows: number;
  readonly plan: P;
}

/** What is calculated: its results, and whatever else belongs to them. */
interface Plan {
  readonly results: readonly Value[];
}

/** One that was opened, and what it is planned to calculate. */
export interface Opened<P> {
  readonly plan: P;
  readonly calculator: Calculator;
}

/**
 * The calculation of that key, as it was opened before, or anew.
 *
 * @param key tells apart what is calculated
 * @param makePlan the graph of it; called where it is not known
 * @throws OutOfMemoryError
 */
export async function opened<P extends Plan>(
  who: string,
  state: ModelState,
  key: string,
  { rows, tables }: Pick<ExampleTables, "rows" | "tables">,
  makePlan: () => Promise<P>,
): Promise<Opened<P>> {
  const mine = state.calculations;
  const columns = tables.map((table) => wordsOf(table, rows));
  const whole = [key, columns, state.parameters.map((one) => +state.isTrained(one))].join(";");
  const found = mine.get(whole) as Kept<P> | undefined;
  if (found !== undefined && found.rows >= rows) return found;
  const plan = found?.plan ?? (await makePlan());
  const { settings, modules, parameters } = state;
  const calculator = await openCalculator(modules, {
    who,
    parameters,
    results: plan.results,
    rows,
    sourceColumns: columns,
    seed: settings.seed,
    memoryLimit: settings.memoryLimit,
    mend: "Give a smaller batchSize",
  });
  mine.delete(whole);
  for (const [oldest] of mine) if (mine.size >= MOST) mine.delete(oldest);
  const one: Kept<P> = { calculator, rows, plan };
  mine.set(whole, one);
  return one;
}

/** Runs a calculation on some rows of tables, at those weights, with the random numbers of that step. */
export function calculate(
  calculator: Calculator,
  { parameters }: ModelState,
  weights: Weights,
  step: number,
  { tables, first, rows }: { readonly tables: ExampleTables["tables"]; first: number; rows: number },
): void {
  const { machine } = calculator;
  for (const one of parameters) {
    const place = machine.program.parameters.get(one);
    const { data } = weights[one.name] as { data: Float32Array };
    if (place !== undefined) machine.floats(place, parameterElements(one)).set(data);
  }
  const room = machine.program.rows;
  calculator.run(step, stageChunk(machine, machine.layout.chunk, tables, first, rows, room));
}
