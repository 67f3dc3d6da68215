/** Where the rows of a training come from, checked, and with room made for them: batches in batchFeed.ts. */

import { OptionError } from "../../check/errors.js";
import type { ModelState } from "../../model/state.js";
import type { Optimizer } from "../../optimizers/optimizer.js";
import { type Examples, type ExampleTables, isExamples, toExamples } from "../../rows/examples.js";
import type { Machine } from "../../runtime/machine.js";
import { type Awaitable, isPromise, whenGrown } from "../../runtime/port.js";
import type { Signal } from "../abort.js";
import type { FitPlan } from "../progress.js";
import { type ArraySlabsOptions, arraySlabs, stagedBytes, stagingOverhead } from "./arraySlabs.js";
import type { Batches, Slabs } from "./slabs.js";

const DEFAULT_BATCH_SIZE = 32;
const DEFAULT_DATA_MEMORY = 64 * 2 ** 20;

/** How `fit` takes its data. */
export interface FeedOptions {
  /** Passes over the data; default 1. */
  readonly epochs?: number;
  /**
   * Rows of a step; default 32, or all rows with `lbfgs`; all rows when there are fewer. A stream's batches are its steps: there it is the
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
  /**
   * Bytes of linear memory that staged rows of arrays may take; default 64 MiB, or what memoryLimit leaves. The result does
   * not depend on it. Typed arrays beyond it are read again in each epoch, as those of `validation` are: what is written to
   * them meanwhile is trained on, and DataError if it is no target or not finite. Not for streams.
   */
  readonly dataMemory?: number;
  /** Stops training between two steps; `fit` then rejects with the signal's reason. */
  readonly signal?: Signal | undefined;
}

/** What a training is given: arrays, which are checked and converted once, or batches that come as they are asked for. */
export type Given = { readonly examples: ExampleTables } | { readonly batches: Batches | (() => Batches) };

/** @throws DataError for arrays that do not fit the network */
export const readGiven = (
  who: string,
  data: Examples | Batches | (() => Batches),
  { shapes }: ModelState,
): Given => (isExamples(data) ? { examples: toExamples(who, data, shapes) } : { batches: data });

/** The rows of a training, and what resuming it asks for. */
export interface Feed {
  readonly slabs: Slabs;
  readonly plan: FitPlan;
  /** The rows of arrays. */
  readonly examples?: ExampleTables;
  /** Ends a stream that has not ended; arrays have nothing to end. */
  close?(): Promise<void>;
}

/**
 * Takes the arrays of a training, with the program for them loaded.
 *
 * @throws OptionError, OutOfMemoryError
 */
export async function feedOfArrays(
  state: ModelState,
  examples: ExampleTables,
  options: FeedOptions,
): Promise<Feed> {
  const { optimizer, seed } = state.settings;
  const { accumulate = 1, shuffle = !optimizer.needsAllRows, epochs = 1 } = options;
  const batchRows = batchRowsOf(examples.rows, options.batchSize, optimizer);
  const staged = { batchRows, shuffle, seed, epochs };
  const dataMemory = options.dataMemory ?? (await dataMemoryOf(state, examples, { ...staged, accumulate }));
  const staging = { ...staged, dataMemory };
  const room = { batchRows, accumulate, staged: stagedBytes(examples, staging) };
  const preparing = prepare(state, examples, room);
  const machine = isPromise(preparing) ? await preparing : preparing;
  const plan = { batchSize: batchRows, accumulate, shuffle, rows: examples.rows };
  const slabs = await whenGrown(() => arraySlabs(machine, examples, staging));
  return { slabs, plan, examples };
}

/** No more than there are. @throws OptionError for a batch that is too small for the optimizer */
function batchRowsOf(rows: number, given: number | undefined, optimizer: Optimizer): number {
  const { name, needsAllRows = false } = optimizer;
  const batchRows = Math.min(given ?? (needsAllRows ? rows : DEFAULT_BATCH_SIZE), rows);
  if (needsAllRows && batchRows < rows) {
    throw new OptionError(
      `fit: batchSize is ${batchRows} and the data has ${rows} rows; ${name} needs all of them in one batch. ` +
        `Leave batchSize out, or give batchSize: ${rows}, in parts by accumulate if it needs too much memory.`,
    );
  }
  return batchRows;
}

/** What is given for data when nobody says: what the limit leaves of the default, once a batch has its room. */
async function dataMemoryOf(
  state: ModelState,
  tables: ExampleTables,
  { accumulate, ...staging }: Omit<ArraySlabsOptions, "dataMemory"> & { readonly accumulate: number },
): Promise<number> {
  const staged = stagedBytes(tables, { ...staging, dataMemory: 0 });
  const { room } = await prepare(state, tables, { batchRows: staging.batchRows, accumulate, staged });
  return Math.min(DEFAULT_DATA_MEMORY, Math.max(0, room - stagingOverhead(tables)));
}

interface Preparation {
  readonly batchRows: number;
  /** Micro-batches that a step has. */
  readonly accumulate: number;
  readonly staged: number;
}

/** Loads the program for these examples, with room for `staged` bytes of them, unless it is loaded. */
export function prepare(
  state: ModelState,
  { forms }: ExampleTables,
  { batchRows, accumulate, staged }: Preparation,
): Awaitable<Machine> {
  const accumulates = accumulate > 1;
  const rows = Math.ceil(batchRows / accumulate);
  const hasRoom = staged <= state.machine("fit").room;
  const isLoaded = hasRoom && state.fits(forms, rows, accumulates);
  const loaded = isLoaded ? undefined : state.load("fit", forms, rows, { staged, accumulates });
  return isPromise(loaded) ? loaded.then(() => state.machine("fit")) : state.machine("fit");
}
