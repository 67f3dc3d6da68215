import {
  type ExampleShapes,
  type Examples,
  type ExampleTables,
  isExamples,
  type Rows,
  toExamples,
} from "../data/examples.js";
import type { Table } from "../data/table.js";
import { OptionError } from "../errors.js";
import type { Node } from "../layers/layer.js";
import type { Ends } from "../network/ends.js";
import { checkData, checkInteger, checkKeys, checkNumber, checkType } from "../options.js";
import type { Machine } from "../runtime/machine.js";
import { isPromise } from "../runtime/port.js";
import { checkSignal } from "./abort.js";
import { type ArraySlabsOptions, arraySlabs, stagedBytes, stagingOverhead } from "./arraySlabs.js";
import { trainEpochs } from "./epochs.js";
import { checkForms, evaluateState } from "./evaluate.js";
import type { MetricName } from "./metrics.js";
import { checkProgress, type FitPlan, startProgress } from "./progress.js";
import type { EpochReport, StepReport, ValidatedReport } from "./reports.js";
import {
  type Batches,
  BatchStream,
  checkBatches,
  type PrepareBatches,
  type Slabs,
  streamSlabs,
} from "./slabs.js";
import { Slices, Timer } from "./slices.js";
import type { ModelState } from "./state.js";

export interface FitOptions<M extends MetricName = never, O extends Ends = Node> {
  /** Passes over the data; default 1. */
  readonly epochs?: number;
  /**
   * Rows of a step; default 32, or all rows when there are fewer. A stream's batches are its steps: there it is the
   * most rows that a batch may have, and the plan grows with the batches when it is not given.
   */
  readonly batchSize?: number;
  /**
   * Micro-batches that each step is computed in, one after the other; default 1. Their gradients add up to that of
   * the whole batch, to rounding, in the memory of the part. What looks across rows, as a mean over axis 0 does, sees
   * those of its part.
   */
  readonly accumulate?: number;
  /** Whether to take the rows of arrays in a new order each epoch, by the model's seed; default true. Not for streams. */
  readonly shuffle?: boolean;
  /** Evaluated after each epoch. */
  readonly validation?: Examples | Batches | (() => Batches);
  /** Bytes of linear memory that staged rows of arrays may take; default 64 MiB, or what memoryLimit leaves. The result does not depend on it. Not for streams. */
  readonly dataMemory?: number;
  /** Called, and awaited, after each epoch. When it answers "stop", training ends there, with the reports so far. */
  readonly onEpoch?: (report: EpochReport<M, O>) => unknown;
  /** Called, and awaited, after each step. */
  readonly onStep?: (report: StepReport) => unknown;
  /**
   * Goes on where the last `fit` stopped, by its signal, an error or `maxSteps`, or where a snapshot was taken, in the
   * midst of an epoch: with the same data, batchSize, accumulate and shuffle it ends in the bits of a `fit` that was
   * not stopped. `epochs` counts those before too, so when all are done nothing is left to do. Default false.
   */
  readonly resume?: boolean;
  /** Steps after which `fit` ends, in the midst of an epoch if need be; `resume` goes on. Default: no limit. */
  readonly maxSteps?: number;
  /** Stops training between two steps; `fit` then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Options of a training with validation: its reports have the validation's scores. */
export type ValidatedFitOptions<M extends MetricName = never, O extends Ends = Node> = Omit<
  FitOptions<M, O>,
  "validation" | "onEpoch"
> & {
  readonly validation: Examples | Batches | (() => Batches);
  readonly onEpoch?: (report: ValidatedReport<M, O>) => unknown;
};

const OPTION_NAMES = [
  "epochs",
  "batchSize",
  "accumulate",
  "shuffle",
  "validation",
  "dataMemory",
  "onEpoch",
  "onStep",
  "resume",
  "maxSteps",
  "signal",
];
const DEFAULT_BATCH_SIZE = 32;
const DEFAULT_DATA_MEMORY = 64 * 2 ** 20;
/** A worker that dies takes at most the training of so long with it, however short the epochs are. */
const REFRESH_MILLISECONDS = 1000;

/** Trains; see Model.fit. */
export async function fitState(
  state: ModelState,
  data: Examples | Batches | (() => Batches),
  options: FitOptions,
): Promise<EpochReport[]> {
  checkData("fit", options);
  checkKeys("fit", options, OPTION_NAMES);
  const epochs = checkInteger("fit", "epochs", options.epochs === undefined ? 1 : options.epochs, 1);
  checkOptions(options);
  state.machine("fit");
  state.checkIdle("fit");
  state.checkLoss("fit");
  state.checkTrained("fit");
  checkSignal("fit", options.signal);
  state.fitting = true;
  state.leave();
  try {
    const history = await trainFrom(state, data, options, epochs);
    // Whoever gets reports must find their weights: a worker that has ended since is an error.
    await state.refresh();
    state.arrive();
    return history;
  } catch (error) {
    // That a worker has ended is told by the error itself, or matters less than it.
    const hasEnded = await Promise.resolve(state.refresh()).then(
      () => false,
      () => true,
    );
    state.arrive(hasEnded);
    throw error;
  } finally {
    state.fitting = false;
  }
}

/** Opens the data, trains, and closes it. */
async function trainFrom(
  state: ModelState,
  data: Examples | Batches | (() => Batches),
  options: FitOptions,
  epochs: number,
): Promise<EpochReport[]> {
  let source: Source | undefined;
  try {
    const { validation, checkValidation } = openValidation(state, options.validation, epochs);
    source = await openSource(state, data, options);
    checkValidation();
    const { slabs } = source;
    const { onEpoch, onStep } = options;
    // Whoever looks on must see the weights of that epoch, and no later ones.
    const isWatched = validation !== undefined || onEpoch !== undefined || onStep !== undefined;
    const progress = options.resume ? checkProgress(state.progress, source.plan) : startProgress(source.plan);
    state.progress = progress;
    state.leave();
    const lastStep = state.step + (options.maxSteps ?? Number.POSITIVE_INFINITY);
    const history: EpochReport[] = [];
    const slices = new Slices(state.machine("fit").port.sliceMilliseconds);
    const refreshed = new Timer(REFRESH_MILLISECONDS);
    while (progress.epochs < epochs) {
      const isAlone = isWatched || progress.rows > 0;
      const together = isAlone ? 1 : Math.min(slabs.epochsAtOnce, epochs - progress.epochs);
      slabs.start(state.epochs, together, progress.rows);
      const stepsLeft = lastStep - state.step;
      const trained = await trainEpochs(
        state,
        slabs,
        { together, progress, stepsLeft, refreshed },
        options,
        slices,
      );
      if (isWatched) await state.refresh();
      for (const one of trained) {
        const scores =
          validation === undefined
            ? undefined
            : await evaluateState(state, "fit: validation", validation, options.signal);
        const report: EpochReport = scores === undefined ? one : { ...one, validation: scores };
        history.push(report);
        const answer = onEpoch?.(report);
        if ((isPromise(answer) ? await answer : answer) === "stop") return history;
      }
      // In the midst of an epoch: what is left waits for the next call.
      if (state.step === lastStep && progress.epochs < epochs) return history;
    }
    return history;
  } finally {
    await source?.stream?.close();
  }
}

function checkOptions(options: FitOptions): void {
  const { batchSize, accumulate, dataMemory, shuffle, onEpoch, onStep, resume, maxSteps } = options;
  if (resume !== undefined) checkType("fit", "resume", resume, "boolean");
  if (maxSteps !== undefined) checkInteger("fit", "maxSteps", maxSteps, 1);
  if (batchSize !== undefined) checkInteger("fit", "batchSize", batchSize, 1);
  if (accumulate !== undefined) checkInteger("fit", "accumulate", accumulate, 1);
  if (dataMemory !== undefined) {
    checkNumber("fit", "dataMemory", dataMemory, "a positive number of bytes", (bytes) => bytes > 0);
  }
  if (shuffle !== undefined) checkType("fit", "shuffle", shuffle, "boolean");
  if (onEpoch !== undefined) checkType("fit", "onEpoch", onEpoch, "function");
  if (onStep !== undefined) checkType("fit", "onStep", onStep, "function");
}

/** Checks and converts validation arrays once, before the first step; whether their form fits shows with the data. */
function openValidation(state: ModelState, validation: FitOptions["validation"], epochs: number) {
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
    checkValidation: () => checkForms(state, who, checked.forms),
  };
}

/** Checked examples as a user would give them: flat arrays, which are checked fastest. */
function toPlain({ tables }: ExampleTables, { inputs, targets, single }: ExampleShapes): Examples {
  const fields = (isSingle: boolean, names: readonly { readonly name: string }[], first: number): Rows => {
    const values = names.map((_, i) => (tables[first + i] as Table).values);
    if (isSingle) return values[0] as Float32Array | Uint8Array;
    return Object.fromEntries(names.map(({ name }, i) => [name, values[i] as Float32Array | Uint8Array]));
  };
  const x = fields(single.input, inputs, 0);
  return targets.length === 0 ? { x } : { x, y: fields(single.output, targets, inputs.length) };
}

interface Source {
  readonly slabs: Slabs;
  readonly plan: FitPlan;
  readonly stream?: BatchStream;
}

async function openSource(
  state: ModelState,
  data: Examples | Batches | (() => Batches),
  options: FitOptions,
): Promise<Source> {
  const { shapes } = state;
  const { accumulate = 1 } = options;
  if (typeof data === "object" && data !== null && isExamples(data)) {
    const tables = toExamples("fit", data, shapes);
    const batchRows = options.batchSize ?? Math.min(DEFAULT_BATCH_SIZE, tables.rows);
    if (batchRows > tables.rows) {
      throw new OptionError(
        `fit: batchSize is ${batchRows} but the data has ${tables.rows} rows; needs at most that.`,
      );
    }
    const { shuffle = true, epochs = 1 } = options;
    const { seed } = state.settings;
    const staged = { batchRows, shuffle, seed, epochs };
    const dataMemory = options.dataMemory ?? dataMemoryOf(state, tables, { ...staged, accumulate });
    const staging = { ...staged, dataMemory };
    const machine = prepare(state, tables, { batchRows, accumulate, staged: stagedBytes(tables, staging) });
    const plan = { batchSize: batchRows, accumulate, shuffle, rows: tables.rows };
    return { slabs: arraySlabs(machine, tables, staging), plan };
  }
  for (const name of ["shuffle", "dataMemory"] as const) {
    if (options[name] === undefined || options[name] === false) continue;
    throw new OptionError(
      `fit: ${name} is for arrays; a stream sets the order and size of its batches itself.`,
    );
  }
  const stream = new BatchStream("fit", data, shapes, options.signal, options.epochs ?? 1);
  try {
    stream.start();
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
