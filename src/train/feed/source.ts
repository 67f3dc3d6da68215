/** Where the rows of a training come from: arrays or a stream, checked, and with room made for them. */

import { OptionError } from "../../check/errors.js";
import { checkForms, forProgram } from "../../model/evaluate.js";
import type { ModelState } from "../../model/state.js";
import {
  type ExampleShapes,
  type Examples,
  type ExampleTables,
  isExamples,
  type Rows,
  toExamples,
} from "../../rows/examples.js";
import type { Table } from "../../rows/table.js";
import type { Machine } from "../../runtime/machine.js";
import type { FitPlan } from "../progress.js";
import { type ArraySlabsOptions, arraySlabs, stagedBytes, stagingOverhead } from "./arraySlabs.js";
import {
  ANY_EPOCHS,
  type Batches,
  BatchStream,
  checkBatches,
  type PrepareBatches,
  type Slabs,
  streamSlabs,
} from "./slabs.js";

const DEFAULT_BATCH_SIZE = 32;
const DEFAULT_DATA_MEMORY = 64 * 2 ** 20;

/** How `fit` takes its data. */
export interface SourceOptions {
  /** Passes over the data; default 1. */
  readonly epochs?: number;
  /**
   * Rows of a step; default 32, or all rows when there are fewer, and with `lbfgs`. A stream's batches are its steps: there it is the
   * most rows that a batch may have, and the plan grows with the batches when it is not given.
   */
  readonly batchSize?: number;
  /**
   * Micro-batches that each step is computed in, one after the other; default 1. Their gradients add up to that of
   * the whole batch, to rounding, in the memory of the part. What looks across rows, as a mean over axis 0 does, sees
   * those of its part.
   */
  readonly accumulate?: number;
  /** Whether to take the rows of arrays in a new order each epoch, by the model's seed; default true, with `lbfgs` false. Not for streams. */
  readonly shuffle?: boolean;
  /** Bytes of linear memory that staged rows of arrays may take; default 64 MiB, or what memoryLimit leaves. The result does not depend on it. Not for streams. */
  readonly dataMemory?: number;
  /** Stops training between two steps; `fit` then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Checks and converts validation arrays once, before the first step; whether their form fits shows with the data. */
export function openValidation(
  state: ModelState,
  validation: Examples | Batches | (() => Batches) | undefined,
  epochs: number,
) {
  const who = "fit: validation";
  const unchecked = { validation, checkValidation: () => undefined };
  if (validation === undefined) return unchecked;
  if (typeof validation !== "object" || validation === null || !isExamples(validation)) {
    checkBatches(who, validation, epochs);
    return unchecked;
  }
  const checked = toExamples(who, validation, state.shapes);
  return {
    validation: toPlain(checked, state.shapes),
    checkValidation: () => checkForms(state, who, forProgram(state, checked).forms),
  };
}

/** Checked examples as a user would give them: flat arrays, which are checked fastest. */
export function toPlain(
  { tables }: ExampleTables,
  { inputs, targets, scored, single }: ExampleShapes,
): Examples {
  const fields = (isSingle: boolean, names: readonly { readonly name: string }[], first: number): Rows => {
    const values = names.map((_, i) => (tables[first + i] as Table).values);
    if (isSingle) return values[0] as Float32Array | Uint8Array;
    return Object.fromEntries(names.map(({ name }, i) => [name, values[i] as Float32Array | Uint8Array]));
  };
  const x = fields(single.input, inputs, 0);
  const weights = inputs.length + targets.length;
  return {
    x,
    ...(targets.length === 0 ? {} : { y: fields(single.output, targets, inputs.length) }),
    ...(tables.length === weights ? {} : { sampleWeight: fields(single.output, scored, weights) }),
  };
}

/** The rows of a training, and what resuming it asks for. */
export interface Source {
  readonly slabs: Slabs;
  readonly plan: FitPlan;
  readonly stream?: BatchStream;
  /** The rows of arrays. */
  readonly examples?: ExampleTables;
}

/**
 * Opens the data of a training, with the program for it loaded.
 *
 * @param beginsAnew whether epochs may be begun anew
 * @throws DataError, OptionError, OutOfMemoryError
 */
export async function openSource(
  state: ModelState,
  data: Examples | Batches | (() => Batches),
  options: SourceOptions,
  beginsAnew = false,
): Promise<Source> {
  const { shapes } = state;
  const { accumulate = 1 } = options;
  if (typeof data === "object" && data !== null && isExamples(data)) {
    const tables = toExamples("fit", data, shapes);
    const { name, needsAllRows = false } = state.settings.optimizer;
    const batchRows =
      options.batchSize ?? (needsAllRows ? tables.rows : Math.min(DEFAULT_BATCH_SIZE, tables.rows));
    if (batchRows > tables.rows) {
      throw new OptionError(
        `fit: batchSize is ${batchRows} but the data has ${tables.rows} rows; needs at most that.`,
      );
    }
    if (needsAllRows && batchRows < tables.rows) {
      throw new OptionError(
        `fit: batchSize is ${batchRows} and the data has ${tables.rows} rows; ${name} needs all of them in one batch. ` +
          `Leave batchSize out, or give batchSize: ${tables.rows}, in parts by accumulate if it needs too much memory.`,
      );
    }
    const { shuffle = !needsAllRows, epochs = 1 } = options;
    const { seed } = state.settings;
    const staged = { batchRows, shuffle, seed, epochs };
    const dataMemory = options.dataMemory ?? dataMemoryOf(state, tables, { ...staged, accumulate });
    const staging = { ...staged, dataMemory };
    const machine = prepare(state, tables, { batchRows, accumulate, staged: stagedBytes(tables, staging) });
    const plan = { batchSize: batchRows, accumulate, shuffle, rows: tables.rows };
    return { slabs: arraySlabs(machine, tables, staging), plan, examples: tables };
  }
  for (const name of ["shuffle", "dataMemory"] as const) {
    if (options[name] === undefined || options[name] === false) continue;
    throw new OptionError(
      `fit: ${name} is for arrays; a stream sets the order and size of its batches itself.`,
    );
  }
  const starts = beginsAnew ? ANY_EPOCHS : (options.epochs ?? 1);
  const stream = new BatchStream("fit", data, shapes, options.signal, starts);
  try {
    stream.start(state.epochs);
    const first = (await stream.next()) as ExampleTables;
    const room: PrepareBatches = (batch, rows, staged) =>
      prepare(state, batch, { batchRows: rows, accumulate, staged });
    const plan = { batchSize: options.batchSize ?? 0, accumulate, shuffle: false, rows: 0 };
    return { slabs: streamSlabs(room, stream, first, options.batchSize), plan, stream };
  } catch (error) {
    await stream.close();
    throw error;
  }
}

/** What is given for data when nobody says: what the limit leaves of the default, once a batch has its room. */
function dataMemoryOf(
  state: ModelState,
  tables: ExampleTables,
  { accumulate, ...staging }: Omit<ArraySlabsOptions, "dataMemory"> & { readonly accumulate: number },
): number {
  const staged = stagedBytes(tables, { ...staging, dataMemory: 0 });
  const { room } = prepare(state, tables, { batchRows: staging.batchRows, accumulate, staged });
  return Math.min(DEFAULT_DATA_MEMORY, Math.max(0, room - stagingOverhead(tables)));
}

interface Preparation {
  readonly batchRows: number;
  /** Micro-batches that a step has. */
  readonly accumulate: number;
  readonly staged: number;
}

/** Loads the program for these examples, with room for `staged` bytes of them, unless it is loaded. */
function prepare(
  state: ModelState,
  { forms }: ExampleTables,
  { batchRows, accumulate, staged }: Preparation,
): Machine {
  const accumulates = accumulate > 1;
  const rows = Math.ceil(batchRows / accumulate);
  const hasRoom = staged <= state.machine("fit").room;
  if (!hasRoom || !state.fits(forms, rows, accumulates)) state.load(forms, rows, { staged, accumulates });
  return state.machine("fit");
}
