import { Method } from "../../assembly/isa/control.js";
import { OptionError, UnsupportedError } from "../check/errors.js";
import { choose, describe } from "../check/options.js";
import { formatShape, ROWS, type Shape, sizeOf } from "../graph/shape.js";
import { type Rows, toInputs } from "../rows/fields.js";
import type { Table } from "../rows/table.js";
import { startPass } from "../runtime/machine.js";
import { isPromise, type RunReply } from "../runtime/port.js";
import { checkSignal, type Signal } from "../train/abort.js";
import { Slices } from "../train/feed/slices.js";
import { eachChunk, runChunk } from "./chunks.js";
import type { ModelState } from "./state.js";

/** Results for each row, row after row, by the name of the output. */
export type Results = Record<string, Float32Array>;

/** The outputs for each row of x: of the one output its numbers, else those of each by its name. */
export async function predictState(
  state: ModelState,
  x: Rows,
  signal: Signal | undefined,
): Promise<Float32Array | Results> {
  return ownForm(state, await resultsOf(state, "predict", x, outputsOf(state), signal));
}

/**
 * The same at once.
 *
 * @throws UnsupportedError where an engine cannot answer at once: one in a worker, or one that waits for a family
 */
export function predictStateNow(state: ModelState, x: Rows): Float32Array | Results {
  const who = "predictNow";
  const machine = state.machine(who);
  if (machine.port.isElsewhere || !machine.isLinked) {
    throw new UnsupportedError(
      `${who}: the engine is in a worker, or waits for a family; needs all of it here. Await predict(x), here once.`,
    );
  }
  const { tables, kept } = prepared(state, who, x, outputsOf(state));
  const pass = startPass();
  for (let first = 0; first < (tables[0] as Table).rows; ) {
    const { rows, running } = runChunk(state, who, tables, first, {
      pass,
      method: Method.Predict,
      reads: kept,
    });
    keep(kept, first, (running as RunReply).reads);
    first += rows;
  }
  return ownForm(state, byName(kept));
}

const outputsOf = ({ settings }: ModelState): Wanted[] =>
  settings.network.outputs.map(({ name, shape }, place) => ({ name, shape, place }));

/** Of the one output its numbers. */
const ownForm = ({ settings }: ModelState, results: Results) =>
  settings.network.single.output ? (Object.values(results)[0] as Float32Array) : results;

/**
 * What the layers of those names make of each row of x. The program keeps them from now on, so asking again costs
 * nothing.
 *
 * @throws OptionError for a name that no layer has, BusyError when `fit` runs and they were not asked for before
 */
export async function activationsOf(
  state: ModelState,
  x: Rows,
  names: readonly string[],
  signal: Signal | undefined,
): Promise<Results> {
  const { network } = state.settings;
  if (!Array.isArray(names) || names.length === 0) {
    throw new OptionError(
      `activations: the layers are ${describe(names)}; needs an array of names, as ["dense"].`,
    );
  }
  const known = Object.fromEntries(network.layers.map((layer) => [layer.name, layer]));
  // A list with holes has none of them left out.
  const chosen = Array.from(names, (name) => ({
    name,
    shape: choose("activations", "layer", name, known).shape,
  }));
  const odd = chosen.find(({ shape }) => shape[0] !== ROWS);
  if (odd !== undefined) {
    throw new OptionError(
      `activations: layer "${odd.name}" makes ${formatShape(odd.shape)}; needs one that has rows first.`,
    );
  }
  state.machine("activations");
  const observed = state.observe("activations", names);
  if (isPromise(observed)) await observed;
  const wanted = chosen.map((one) => ({
    ...one,
    place: network.outputs.length + state.programs.observed.indexOf(one.name),
  }));
  return resultsOf(state, "activations", x, wanted, signal);
}

interface Wanted {
  readonly name: string;
  readonly shape: Shape;
  /** Which of the results of the program it is. */
  readonly place: number;
}

async function resultsOf(
  state: ModelState,
  who: string,
  x: Rows,
  wanted: readonly Wanted[],
  signal: Signal | undefined,
): Promise<Results> {
  state.machine(who);
  checkSignal(who, signal);
  const { tables, kept } = prepared(state, who, x, wanted);
  await eachChunk(state, who, tables, {
    slices: new Slices(),
    signal,
    pass: startPass(),
    method: Method.Predict,
    reads: kept,
    afterChunk: (first, results) => keep(kept, first, results),
  });
  return byName(kept);
}

/** What is wanted, and room for the numbers of all rows. */
interface Kept extends Wanted {
  readonly columns: number;
  readonly values: Float32Array;
}

function prepared(state: ModelState, who: string, x: Rows, wanted: readonly Wanted[]) {
  const tables = toInputs(`${who}: x`, x, state.shapes);
  const { rows } = tables[0] as Table;
  const kept = wanted.map((one): Kept => {
    const columns = sizeOf(one.shape).factor;
    return { ...one, columns, values: new Float32Array(rows * columns) };
  });
  return { tables, kept };
}

function keep(kept: readonly Kept[], first: number, results: readonly Float32Array[]): void {
  kept.forEach(({ values, columns }, i) => values.set(results[i] as Float32Array, first * columns));
}

const byName = (kept: readonly Kept[]): Results =>
  Object.fromEntries(kept.map(({ name, values }) => [name, values]));
