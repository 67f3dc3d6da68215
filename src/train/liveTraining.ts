import type { Outcome, Training } from "../callbacks/callback.js";
import { BusyError } from "../check/errors.js";
import { checkInteger, checkNumber, checkType } from "../check/options.js";
import { takeSnapshot } from "../io/snapshot.js";
import type { Lease } from "../model/lease.js";
import type { ModelState } from "../model/state.js";
import { type NewWeight, readAverages, readWeights, type Weights, writeWeights } from "../model/weights.js";
import type { Progress } from "./progress.js";
import type { LearningRates } from "./rates.js";

/** What a training is told of itself. */
export interface TrainingOptions {
  readonly epochs: number;
  readonly stepsPerEpoch: number | undefined;
  readonly hasValidation: boolean;
  readonly progress: Progress;
  readonly lease: Lease;
  readonly rates: LearningRates;
  /** Steps after which it pauses. */
  readonly maxSteps: number | undefined;
}

/** The training that `fit` runs: how far it may go, and what callbacks may do to it. */
export class LiveTraining implements Training {
  readonly #state: ModelState;
  readonly #options: TrainingOptions;
  readonly #pauseAt: number;
  #stopAt = Number.POSITIVE_INFINITY;
  #stopReason: string | undefined;
  outcome: Outcome = "running";
  reason: string | undefined;
  error: unknown;
  /** Whether a hook runs in which the weights here are those of the engine, so that they may be changed. */
  isBetweenSteps = false;
  /** Whether the epoch that a hook is about is over. */
  isAfterEpoch = false;

  constructor(state: ModelState, options: TrainingOptions) {
    this.#state = state;
    this.#options = options;
    this.#pauseAt = state.step + (options.maxSteps ?? Number.POSITIVE_INFINITY);
  }

  get epochs(): number {
    return this.#options.epochs;
  }

  get epoch(): number {
    const { epochs, rows } = this.#options.progress;
    return this.isAfterEpoch && rows === 0 && epochs > 0 ? epochs : epochs + 1;
  }

  get stepsOfEpoch(): number {
    return this.#options.progress.steps;
  }

  get stepsPerEpoch(): number | undefined {
    return this.#options.stepsPerEpoch;
  }

  get step(): number {
    return this.#state.step;
  }

  get learningRate(): number {
    return this.#options.rates.rateOf(this.#state.step);
  }

  get hasValidation(): boolean {
    return this.#options.hasValidation;
  }

  get scores(): readonly string[] {
    const { scores, collected } = this.#state.programs.scores;
    const pathOf = ({ path }: { readonly path: readonly string[] }) => path.join(".");
    const trained = scores.map(pathOf);
    if (!this.hasValidation) return trained;
    return [...trained, ...[...trained, ...collected.map(pathOf)].map((path) => `validation.${path}`)];
  }

  /** Steps that there may still be. */
  get stepsLeft(): number {
    return Math.min(this.#pauseAt, this.#stopAt) - this.#state.step;
  }

  /** Whether no step may follow. */
  get isOver(): boolean {
    return this.outcome !== "running" || this.stepsLeft <= 0;
  }

  weights(): Weights {
    return readWeights(this.#state);
  }

  averagedWeights(): Weights {
    return readAverages(this.#state);
  }

  setWeights(weights: Readonly<Record<string, NewWeight>>): void {
    this.#checkHook("setWeights");
    writeWeights(this.#state, weights, this.#options.lease);
  }

  snapshot(): Uint8Array<ArrayBuffer> {
    return takeSnapshot(this.#state);
  }

  stop(reason?: string): void {
    if (reason !== undefined) checkType("stop", "reason", reason, "string");
    if (this.outcome !== "running") return;
    this.outcome = "stopped";
    this.reason = reason;
  }

  stopAfter(steps: number, reason?: string): void {
    checkInteger("stopAfter", "steps", steps, 0);
    if (reason !== undefined) checkType("stopAfter", "reason", reason, "string");
    const stopAt = this.#state.step + steps;
    if (stopAt >= this.#stopAt) return;
    this.#stopAt = stopAt;
    this.#stopReason = reason;
  }

  scaleLearningRate(factor: number): void {
    this.#checkHook("scaleLearningRate");
    checkNumber("scaleLearningRate", "factor", factor, "a positive number", (f) => f > 0);
    this.#state.rateFactor *= factor;
  }

  /** Notes that the last step was made. */
  end(): void {
    this.isAfterEpoch = true;
    if (this.outcome !== "running") return;
    const { progress, epochs } = this.#options;
    if (progress.epochs >= epochs) this.outcome = "finished";
    else if (this.#stopAt <= this.#pauseAt) this.stop(this.#stopReason);
    else this.outcome = "paused";
  }

  fail(error: unknown): void {
    this.isAfterEpoch = true;
    this.outcome = "failed";
    this.error = error;
  }

  #checkHook(who: string): void {
    if (this.isBetweenSteps) return;
    throw new BusyError(`${who}: the model is between no two steps; call it in onEpochEnd or onStepEnd.`);
  }
}
