import {
  type ExampleShapes,
  type Examples,
  type ExampleTables,
  isExamples,
  toExamples,
} from "../data/examples.js";
import { OptionError } from "../errors.js";
import { checkData, checkInteger, checkKeys, checkNumber, checkType } from "../options.js";
import type { Machine } from "../runtime/machine.js";
import { checkSignal } from "./abort.js";
import { arraySlabs, stagedBytes } from "./arraySlabs.js";
import { isPromise, trainEpochs } from "./epochs.js";
import { checkForm, evaluateState } from "./evaluate.js";
import type { MetricName } from "./metrics.js";
import type { EpochReport, StepReport, ValidatedReport } from "./reports.js";
import {
  type Batches,
  BatchStream,
  checkBatches,
  type PrepareBatches,
  type Slabs,
  streamSlabs,
} from "./slabs.js";
import { Slices } from "./slices.js";
import type { ModelState } from "./state.js";

export interface FitOptions<M extends MetricName = never> {
  /** Passes over the data; default 1. */
  readonly epochs?: number;
  /**
   * Rows of a step; default 32, or all rows when there are fewer. A stream's batches are its steps: there it is the
   * most rows that a batch may have, and the plan grows with the batches when it is not given.
   */
  readonly batchSize?: number;
  /** Whether to take the rows of arrays in a new order each epoch, by the model's seed; default true. Not for streams. */
  readonly shuffle?: boolean;
  /** Evaluated after each epoch. */
  readonly validation?: Examples | Batches | (() => Batches);
  /** Bytes of linear memory that staged rows of arrays may take; default 64 MiB. The result does not depend on it. Not for streams. */
  readonly dataMemory?: number;
  /** Called, and awaited, after each epoch. When it answers "stop", training ends there, with the reports so far. */
  readonly onEpoch?: (report: EpochReport<M>) => unknown;
  /** Called, and awaited, after each step. */
  readonly onStep?: (report: StepReport) => unknown;
  /** Stops training between two steps; `fit` then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Options of a training with validation: its reports have the validation's scores. */
export type ValidatedFitOptions<M extends MetricName = never> = Omit<
  FitOptions<M>,
  "validation" | "onEpoch"
> & {
  readonly validation: Examples | Batches | (() => Batches);
  readonly onEpoch?: (report: ValidatedReport<M>) => unknown;
};

const OPTION_NAMES = [
  "epochs",
  "batchSize",
  "shuffle",
  "validation",
  "dataMemory",
  "onEpoch",
  "onStep",
  "signal",
];
const DEFAULT_BATCH_SIZE = 32;
const DEFAULT_DATA_MEMORY = 64 * 2 ** 20;

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
  checkSignal("fit", options.signal);
  state.fitting = true;
  let source: Source | undefined;
  try {
    const { validation, checkValidation } = openValidation(state, options.validation, epochs);
    source = await openSource(state, data, options);
    checkValidation();
    const { slabs } = source;
    const { onEpoch, onStep } = options;
    // Whoever looks on must see the weights of that epoch, and no later ones.
    const isWatched = validation !== undefined || onEpoch !== undefined || onStep !== undefined;
    const history: EpochReport[] = [];
    const slices = new Slices();
    while (history.length < epochs) {
      const together = isWatched ? 1 : Math.min(slabs.epochsAtOnce, epochs - history.length);
      slabs.start(state.epochs, together);
      const trained = await trainEpochs(
        state,
        slabs,
        { first: history.length + 1, together },
        options,
        slices,
      );
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
    }
    return history;
  } finally {
    state.fitting = false;
    await source?.stream?.close();
  }
}

function checkOptions({ batchSize, dataMemory, shuffle, onEpoch, onStep }: FitOptions): void {
  if (batchSize !== undefined) checkInteger("fit", "batchSize", batchSize, 1);
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
  const { x, y, form } = toExamples(who, validation, shapesOf(state));
  return {
    validation: { x: x.values, y: y.values },
    checkValidation: () => checkForm(state, who, form),
  };
}

function shapesOf(state: ModelState): ExampleShapes {
  const { inputShape, outputShape } = state.settings.network;
  return { inputShape, outputShape, loss: state.loss("fit") };
}

interface Source {
  readonly slabs: Slabs;
  readonly stream?: BatchStream;
}

async function openSource(
  state: ModelState,
  data: Examples | Batches | (() => Batches),
  options: FitOptions,
): Promise<Source> {
  const shapes = shapesOf(state);
  if (typeof data === "object" && data !== null && isExamples(data)) {
    const tables = toExamples("fit", data, shapes);
    const batchRows = options.batchSize ?? Math.min(DEFAULT_BATCH_SIZE, tables.x.rows);
    if (batchRows > tables.x.rows) {
      throw new OptionError(
        `fit: batchSize is ${batchRows} but the data has ${tables.x.rows} rows; needs at most that.`,
      );
    }
    const { shuffle = true, dataMemory = DEFAULT_DATA_MEMORY, epochs = 1 } = options;
    const { seed } = state.settings;
    const staging = { batchRows, shuffle, seed, epochs, dataMemory };
    const machine = prepare(state, tables, batchRows, stagedBytes(tables, staging));
    return { slabs: arraySlabs(machine, tables, staging) };
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
    const room: PrepareBatches = (batch, rows, staged) => prepare(state, batch, rows, staged);
    return { slabs: streamSlabs(room, stream, first, options.batchSize), stream };
  } catch (error) {
    await stream.close();
    throw error;
  }
}

/** Loads the program for these examples, with room for `staged` bytes of them, unless it is loaded. */
function prepare(state: ModelState, { form }: ExampleTables, batchRows: number, staged: number): Machine {
  if (!state.fits(form, batchRows)) state.load(form, batchRows, staged);
  return state.machine("fit");
}
