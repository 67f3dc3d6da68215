import type { Outcome } from "../callbacks/callback.js";
import { bindMembers } from "../check/bindMembers.js";
import { checkInteger, checkType } from "../check/options.js";
import type { Lease } from "../model/lease.js";
import type { ModelState } from "../model/state.js";
import type { Progress } from "./progress.js";
import type { LearningRates } from "./rates.js";

/** What a training is told of itself. */
export interface CourseOptions {
  readonly epochs: number;
  readonly stepsPerEpoch: number | undefined;
  readonly hasValidation: boolean;
  readonly progress: Progress;
  readonly lease: Lease;
  readonly rates: LearningRates;
  /** Steps after which it pauses. */
  readonly maxSteps: number | undefined;
}

/** How far the training that `fit` runs may go, and how it ends. */
export class Course {
  protected readonly state: ModelState;
  protected readonly options: CourseOptions;
  readonly #pauseAt: number;
  #stopAt = Number.POSITIVE_INFINITY;
  #stopReason: string | undefined;
  outcome: Outcome = "running";
  reason: string | undefined;
  error: unknown;
  /** Whether the epoch that a hook is about is over. */
  isAfterEpoch = false;

  constructor(state: ModelState, options: CourseOptions) {
    this.state = state;
    this.options = options;
    this.#pauseAt = state.step + (options.maxSteps ?? Number.POSITIVE_INFINITY);
    bindMembers(this);
  }

  /** Steps that there may still be. */
  get stepsLeft(): number {
    return Math.min(this.#pauseAt, this.#stopAt) - this.state.step;
  }

  /** Steps until the engine is to hand back, with its weights. */
  get stepsToMark(): number {
    return Number.POSITIVE_INFINITY;
  }

  /** Whether it was to hand back here. */
  get isAtMark(): boolean {
    return false;
  }

  /** Whether no step may follow. */
  get isOver(): boolean {
    return this.outcome !== "running" || this.stepsLeft <= 0;
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
    const stopAt = this.state.step + steps;
    if (stopAt >= this.#stopAt) return;
    this.#stopAt = stopAt;
    this.#stopReason = reason;
  }

  /** Notes that the last step was made. */
  end(): void {
    this.isAfterEpoch = true;
    if (this.outcome !== "running") return;
    const { progress, epochs } = this.options;
    if (progress.epochs >= epochs) this.outcome = "finished";
    else if (this.#stopAt <= this.#pauseAt) this.stop(this.#stopReason);
    else this.outcome = "paused";
  }

  fail(error: unknown): void {
    this.isAfterEpoch = true;
    this.outcome = "failed";
    this.error = error;
  }
}
