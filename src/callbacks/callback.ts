import type { Better } from "../metrics/engine/metric.js";
import type { CallbackState } from "../model/callbackState.js";
import type { NewWeight, Weights } from "../model/weights.js";
import type { EpochReport, StepReport } from "../train/scoring/reports.js";

export type { CallbackState } from "../model/callbackState.js";

/**
 * How a training stands: `finished` after its epochs, `stopped` by a callback or `onEpoch`, `paused` by `maxSteps`,
 * `failed` by an error or an abort.
 */
export type Outcome = "running" | "finished" | "stopped" | "paused" | "failed";

/** The training that a callback looks at. What it gives holds until the next step. */
export interface Training {
  /** Epochs that there will be at most, those before a `resume` too. */
  readonly epochs: number;
  /** The epoch that the hook is about, counted from 1. */
  readonly epoch: number;
  /** Steps of this epoch so far. */
  readonly stepsOfEpoch: number;
  /** Steps of each epoch; undefined for a stream, which does not say. */
  readonly stepsPerEpoch: number | undefined;
  /** Steps so far over the life of the model. */
  readonly step: number;
  /** Learning rate of the next step. */
  readonly learningRate: number;
  readonly hasValidation: boolean;
  /** Paths of loss and metrics in the reports: `loss`, `validation.accuracy`, `outputs.age.loss`. */
  readonly scores: readonly string[];
  /**
   * Whether a callback may put further numbers into the reports.
   *
   * @internal
   */
  readonly isAmended?: boolean;
  /** Which of two values of a score is the better one, by its path; undefined for what is no score, or does not say. */
  better(score: string): Better | undefined;
  readonly outcome: Outcome;
  /** Why it was stopped, as whoever stopped it said. */
  readonly reason: string | undefined;
  /** Why it failed. */
  readonly error: unknown;
  /** A copy of all weights. With a worker, `onSlice` sees those of the last report. */
  weights(): Weights;
  /** A copy of the averages that `exponentialMovingAverage` keeps: see Model.averagedWeights. @throws OptionError */
  averagedWeights(): Weights;
  /** Sets weights between two steps. @throws BusyError outside of hooks and in onSlice; ShapeError, DataError, OptionError */
  setWeights(weights: Readonly<Record<string, NewWeight>>): void;
  /** The whole state of training as bytes: see Model.snapshot. */
  snapshot(): Uint8Array<ArrayBuffer>;
  /**
   * Ends training before its next step, once every callback has had this hook; in the midst of an epoch if need be. A
   * stream is asked for its next batch first: only that says whether the epoch is over.
   */
  stop(reason?: string): void;
  /** Ends training when so many more steps are done, without a look at each. */
  stopAfter(steps: number, reason?: string): void;
  /**
   * Multiplies the learning rate, from the next step on, over the life of the model: it stays for the next `fit`, and
   * goes with snapshots.
   *
   * @throws BusyError outside of hooks and in onSlice; OptionError unless the factor is a positive number
   */
  scaleLearningRate(factor: number): void;
  /**
   * Makes the engine hand back when so many more steps are done, with the weights of that step: `onSlice` is called then.
   *
   * @internal
   */
  handBackAfter?(steps: number): void;
}

/**
 * What `fit` calls while it trains, with `fit(data, { callbacks: [ … ] })`: each hook of each callback in the order of
 * the list, awaited one after the other, before `onStep` and `onEpoch` of the options.
 *
 * An error ends training: `fit` rejects with a CallbackError, whose cause it is. One object serves one `fit` at a time
 * (another is refused with a BusyError), and starts anew with the next, unless that resumes and the callback says with
 * what: see saveState.
 */
export interface Callback<R = EpochReport> {
  /** What errors call it; default its place in the list. */
  readonly name?: string;
  /** Before the first step, with the data checked. */
  onTrainBegin?(training: Training): unknown;
  /** Before the first step of an epoch, or of what a `resume` left of it. */
  onEpochBegin?(epoch: number, training: Training): unknown;
  /** After each step. Whoever has this hook makes the engine stop after each. */
  onStepEnd?(report: StepReport, training: Training): unknown;
  /** Whenever the engine hands back: every ten milliseconds or so, fifty with a worker, or a step that takes longer. */
  onSlice?(training: Training): unknown;
  /** Before the validation of an epoch. */
  onValidationBegin?(training: Training): unknown;
  /** After it. */
  onValidationEnd?(training: Training): unknown;
  /** After each whole epoch and its validation. */
  onEpochEnd?(report: R, training: Training): unknown;
  /** After the last step, whatever ended training, an error or an abort too; the first error is the one that counts. */
  onTrainEnd?(training: Training): unknown;
  /**
   * What it will go on with: part of each snapshot and of each checkpoint, and kept when training ends. Called between hooks, so
   * it must be up to date after each; undefined where there is nothing.
   */
  saveState?(): CallbackState | undefined;
  /**
   * Takes back what `saveState` of the callback of its name gave, in a `fit` with `resume`, after onTrainBegin. What it takes may
   * come from a file: what is not as it should be, it must not believe.
   */
  restoreState?(state: CallbackState, training: Training): void;
  /**
   * Whether its hooks come behind those of all others: of one that stores what they have done.
   *
   * @internal
   */
  readonly isLast?: boolean;
}
