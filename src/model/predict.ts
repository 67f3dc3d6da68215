import { Method } from "../../assembly/isa/control.js";
import { OptionError } from "../check/errors.js";
import { choose, describe } from "../check/options.js";
import { formatShape, ROWS, type Shape, sizeOf } from "../graph/shape.js";
import { type Rows, toInputs } from "../rows/fields.js";
import type { Table } from "../rows/table.js";
import { startPass } from "../runtime/machine.js";
import { isPromise } from "../runtime/port.js";
import { checkSignal, type Signal } from "../train/abort.js";
import { Slices } from "../train/feed/slices.js";
import { eachChunk } from "./chunks.js";
import type { ModelState } from "./state.js";

/** Results for each row, row after row, by the name of the output. */
export type Results = Record<string, Float32Array>;

/** The outputs for each row of x: of the one output its numbers, else those of each by its name. */
export async function predictState(
  state: ModelState,
  x: Rows,
  signal: Signal | undefined,
): Promise<Float32Array | Results> {
  const { outputs, single } = state.settings.network;
  const wanted = outputs.map(({ name, shape }, place) => ({ name, shape, place }));
  const results = await resultsOf(state, "predict", x, wanted, signal);
  return single.output ? (Object.values(results)[0] as Float32Array) : results;
}

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
  const tables = toInputs(`${who}: x`, x, state.shapes);
  const { rows } = tables[0] as Table;
  const kept = wanted.map((one) => {
    const columns = sizeOf(one.shape).factor;
    return { ...one, columns, values: new Float32Array(rows * columns) };
  });
  await eachChunk(state, who, tables, {
    slices: new Slices(),
    signal,
    pass: startPass(),
    method: Method.Predict,
    reads: kept,
    afterChunk(first, results) {
      kept.forEach(({ values, columns }, i) => values.set(results[i] as Float32Array, first * columns));
    },
  });
  return Object.fromEntries(kept.map(({ name, values }) => [name, values]));
}
