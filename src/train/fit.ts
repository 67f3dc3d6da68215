import { Control, LOG_STEPS, Method, Status } from "../../assembly/isa.js";
import {
  type ExampleShapes,
  type Examples,
  type ExampleTables,
  isExamples,
  toExamples,
} from "../data/examples.js";
import { DisposedError, type DivergedError, OptionError } from "../errors.js";
import { checkInteger, checkKeys, checkNumber, checkType } from "../options.js";
import { type Machine, type Pass, type Staged, startPass } from "../runtime/machine.js";
import { checkSignal } from "./abort.js";
import { arraySlabs } from "./arraySlabs.js";
import { divergedError } from "./diverged.js";
import { checkForm, evaluateState, type Scores, setScores } from "./evaluate.js";
import { type Batches, BatchStream, type Slabs, streamSlabs } from "./slabs.js";
import { SLICE_MILLISECONDS, Slices } from "./slices.js";
import type { ModelState } from "./state.js";

/** What an epoch came to. Loss and metrics are means over the rows of its steps, taken while the weights changed. */
export type EpochReport = Scores & {
  /** Counted from 1 in this call of `fit`. */
  readonly epoch: number;
  /** Steps that the epoch had. */
  readonly steps: number;
  /** Loss and metrics on the validation data after the epoch. */
  readonly validation?: Scores;
  /** Learning rate of the epoch's last step. */
  readonly learningRate: number;
  /** Rows trained on per second, without validation. */
  readonly samplesPerSecond: number;
};

/** What one step came to. */
export interface StepReport {
  readonly epoch: number;
  /** Counted from 0 over the life of the model. */
  readonly step: number;
  readonly rows: number;
  readonly loss: number;
  /** Norm of the whole gradient, before clipping. */
  readonly gradientNorm: number;
  readonly learningRate: number;
}

export interface FitOptions {
  /** Passes over the data; default 1. */
  readonly epochs?: number;
  /** Rows of a step; default 32, or all rows when there are fewer. A stream's batches set it themselves. */
  readonly batchSize?: number;
  /** Whether to take the rows of arrays in a new order each epoch, by the model's seed; default true. */
  readonly shuffle?: boolean;
  /** Evaluated after each epoch. */
  readonly validation?: Examples | Batches | (() => Batches);
  /** Bytes of linear memory that staged rows of arrays may take; default 64 MiB. The result does not depend on it. */
  readonly dataMemory?: number;
  /** Called, and awaited, after each epoch. */
  readonly onEpoch?: (report: EpochReport) => unknown;
  /** Called, and awaited, for each step, after the slice that it was part of. */
  readonly onStep?: (report: StepReport) => unknown;
  /** Stops training between two steps; `fit` then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

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
  checkKeys("fit", options, OPTION_NAMES);
  const epochs = checkInteger("fit", "epochs", options.epochs ?? 1, 1);
  checkOptions(options);
  state.machine("fit");
  state.checkIdle("fit");
  checkSignal("fit", options.signal);
  state.fitting = true;
  let source: Source | undefined;
  try {
    const { validation, checkValidation } = openValidation(state, options.validation);
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
          validation && (await evaluateState(state, "fit: validation", validation, options.signal));
        const report: EpochReport = scores === undefined ? one : { ...one, validation: scores };
        history.push(report);
        const answer = onEpoch?.(report);
        if (isPromise(answer)) await answer;
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
function openValidation(state: ModelState, validation: FitOptions["validation"]) {
  if (typeof validation !== "object" || validation === null || !isExamples(validation)) {
    return { validation, checkValidation: () => undefined };
  }
  const who = "fit: validation";
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

const isPromise = (x: unknown): x is PromiseLike<unknown> =>
  typeof (x as PromiseLike<unknown> | undefined)?.then === "function";

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
    const machine = prepare(state, tables, batchRows);
    const { shuffle = true, dataMemory = DEFAULT_DATA_MEMORY } = options;
    return {
      slabs: arraySlabs(machine, tables, { batchRows, shuffle, seed: state.settings.seed, dataMemory }),
    };
  }
  const stream = new BatchStream("fit", data, shapes, options.signal);
  try {
    stream.start();
    const first = (await stream.next()) as ExampleTables;
    const batchRows = Math.max(options.batchSize ?? 0, first.x.rows);
    const machine = prepare(state, first, batchRows);
    return { slabs: streamSlabs(machine, stream, first, batchRows), stream };
  } catch (error) {
    await stream.close();
    throw error;
  }
}

/** Loads the program for these examples unless it is loaded. */
function prepare(state: ModelState, { form }: ExampleTables, batchRows: number): Machine {
  if (!state.fits(form, batchRows)) state.load(form, batchRows);
  return state.machine("fit");
}

/** The epochs that are trained together: more than one when nobody watches and the epochs are short. */
interface Epochs {
  /** Number of the first, counted from 1. */
  readonly first: number;
  readonly together: number;
}

async function trainEpochs(
  state: ModelState,
  slabs: Slabs,
  epochs: Epochs,
  options: FitOptions,
  slices: Slices,
): Promise<EpochReport[]> {
  const { metrics } = state.settings;
  const pass = startPass();
  const clock = new StepClock();
  const reports: EpochReport[] = [];
  let steps = 0;
  let learningRate = 0;
  const finished = startPass();
  const finish = (sums: Pass, stepsOfEpoch: number, rate: number) => {
    state.epochs++;
    const report = {
      epoch: epochs.first + reports.length,
      steps: stepsOfEpoch,
      loss: 0,
      learningRate: rate,
      samplesPerSecond: clock.rowsPerSecond,
    };
    reports.push(setScores(report, sums, metrics));
  };
  for (;;) {
    const next = slabs.next();
    const slab = isPromise(next) ? await next : next;
    if (slab === undefined) break;
    pass.cursor = 0;
    const stepsPerEpoch = Math.ceil(slab.epochRows / slabs.batchRows);
    while (pass.cursor < slab.rows) {
      options.signal?.throwIfAborted();
      if (state.disposed) throw new DisposedError("fit: the model was disposed while it was training.");
      const machine = state.machine("fit");
      const firstStep = machine.u32(Control.step);
      const { done, failure } = runSlice(state, machine, { slab, pass, batchRows: slabs.batchRows, clock });
      for (let i = 0; i < machine.u32(Control.epochsDone); i++) {
        const lastStep = (reports.length + 1) * stepsPerEpoch - 1 - steps;
        machine.readEpoch(i, finished, metrics.length + 1);
        finish(finished, stepsPerEpoch, machine.learningRate(lastStep));
      }
      if (done > 0) learningRate = machine.learningRate(done - 1);
      if (options.onStep !== undefined) {
        // Read before anything else can run: a `predict` from a callback uses the same log.
        const log = Array.from({ length: done }, (_, i) => machine.stepRecord(i));
        for (let i = 0; i < done; i++) {
          await options.onStep({
            epoch: epochs.first,
            step: firstStep + i,
            ...(log[i] as (typeof log)[number]),
          });
        }
      }
      if (failure !== undefined) throw failure;
      steps += done;
      if (slices.isOver) await slices.yield();
    }
  }
  if (epochs.together === 1) finish(pass, steps, learningRate);
  return reports;
}

interface SliceInput {
  readonly slab: Staged;
  readonly pass: Pass;
  readonly batchRows: number;
  readonly clock: StepClock;
}

/** Runs as many steps as are expected to fill a slice. What failed is told apart from the steps that were done before. */
function runSlice(
  state: ModelState,
  machine: Machine,
  { slab, pass, batchRows, clock }: SliceInput,
): { done: number; failure: DivergedError | undefined } {
  const left = Math.ceil((slab.rows - pass.cursor) / batchRows);
  const steps = Math.min(left, clock.stepsPerSlice());
  writeLearningRates(state, machine, steps);
  const cursor = pass.cursor;
  const start = performance.now();
  const status = machine.run(Method.Train, slab, pass, batchRows, steps);
  clock.add(steps, pass.cursor - cursor, performance.now() - start);
  const done = machine.u32(Control.done);
  return { done, failure: status === Status.Diverged ? divergedError(machine) : undefined };
}

function writeLearningRates(state: ModelState, machine: Machine, steps: number): void {
  const { learningRate } = state.settings.optimizer;
  const first = machine.u32(Control.step);
  for (let i = 0; i < steps; i++) {
    machine.setLearningRate(
      i,
      typeof learningRate === "number" ? learningRate : rateAt(learningRate, first + i),
    );
  }
}

function rateAt(learningRate: (step: number) => number, step: number): number {
  const rate = learningRate(step);
  return checkNumber("fit", `learningRate(${step})`, rate, "a number of at least 0", (r) => r >= 0);
}

/** Learns how long a step takes. Where clocks stand still while code runs, a slice has as many steps as the log. */
class StepClock {
  #steps = 0;
  #rows = 0;
  #milliseconds = 0;

  add(steps: number, rows: number, milliseconds: number): void {
    this.#steps += steps;
    this.#rows += rows;
    this.#milliseconds += milliseconds;
  }

  get rowsPerSecond(): number {
    return (this.#rows / this.#milliseconds) * 1000;
  }

  stepsPerSlice(): number {
    if (this.#steps === 0) return 1;
    const fitting = Math.floor((SLICE_MILLISECONDS * this.#steps) / this.#milliseconds);
    return Math.max(1, Math.min(LOG_STEPS, fitting));
  }
}
