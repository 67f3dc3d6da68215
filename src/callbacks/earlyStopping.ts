import { bindMembers } from "../check/bindMembers.js";
import { finite, flag, integer, notNegative, optional, text } from "../check/kinds.js";
import { take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import type { Weights } from "../model/weights.js";
import type { EpochReport } from "../train/scoring/reports.js";
import type { Callback, CallbackState, Training } from "./callback.js";
import {
  Best,
  checkMonitor,
  count,
  type Direction,
  directionOf,
  type Mode,
  modeOption,
  monitored,
} from "./monitor.js";
import { endWith, scoredWeights } from "./scored.js";

export interface EarlyStoppingOptions {
  /** Path of a number in the reports; default "validation.loss". */
  readonly monitor?: string;
  /** Epochs without improvement after which training stops, at least 0; 0 and 1 stop after the first. Default 0. */
  readonly patience?: number;
  /** A change of no more than this is no improvement; default 0. */
  readonly minDelta?: number;
  /** Default "auto". */
  readonly mode?: Mode;
  /** Puts the weights of the best epoch back when training ends by itself or is stopped; default true (Keras: false). */
  readonly restoreBestWeights?: boolean;
  /** Patience begins anew only with epochs that are better than this too. */
  readonly baseline?: number;
  /** Epochs at the beginning that are not looked at; default 0. */
  readonly startFromEpoch?: number;
}

/** What `earlyStopping` makes. It says of the last training how it went. */
export interface EarlyStopping extends Callback {
  /** The epoch with the best value, counted from 1; undefined before there was one. */
  readonly bestEpoch: number | undefined;
  readonly best: number | undefined;
  /** The epoch after which it stopped training; undefined when it did not. */
  readonly stoppedEpoch: number | undefined;
}

const settle = (options: EarlyStoppingOptions) =>
  take("earlyStopping", options, {
    monitor: text("validation.loss"),
    patience: integer(0, 0),
    minDelta: notNegative(0),
    mode: modeOption(),
    restoreBestWeights: flag(true),
    baseline: optional(finite()),
    startFromEpoch: integer(0, 0),
  });

type Settled = ReturnType<typeof settle>;

class Stopping implements EarlyStopping {
  readonly name = "earlyStopping";
  readonly #options: Settled;
  #direction: Direction = "min";
  #best: Best;
  #weights: Weights | undefined;
  /** Epochs without improvement. */
  #waited = 0;
  bestEpoch: number | undefined;
  best: number | undefined;
  stoppedEpoch: number | undefined;

  constructor(options: Settled) {
    this.#options = options;
    this.#best = new Best(this.#direction, options.minDelta);
    bindMembers(this);
  }

  onTrainBegin(training: Training): void {
    const { monitor, mode } = this.#options;
    checkMonitor(this.name, monitor, training);
    this.#direction = directionOf(this.name, monitor, mode, training);
    this.#best = new Best(this.#direction, this.#options.minDelta);
    this.#waited = 0;
    this.#weights = undefined;
    this.bestEpoch = undefined;
    this.best = undefined;
    this.stoppedEpoch = undefined;
  }

  onEpochEnd(report: EpochReport, training: Training): void {
    const { monitor, restoreBestWeights, baseline, startFromEpoch } = this.#options;
    const value = monitored(this.name, monitor, report);
    if (report.epoch <= startFromEpoch) return;
    this.#waited++;
    if (this.#best.isBetter(value)) {
      this.#best.value = value;
      this.best = value;
      this.bestEpoch = report.epoch;
      if (restoreBestWeights) this.#weights = scoredWeights(training, monitor);
      if (baseline === undefined || this.#best.isBetter(value, baseline)) this.#waited = 0;
    }
    this.#stopAt(report.epoch, training);
  }

  #stopAt(epoch: number, training: Training): void {
    const { monitor, patience } = this.#options;
    if (this.#waited === 0 || this.#waited < patience) return;
    this.stoppedEpoch = epoch;
    training.stop(`earlyStopping: ${monitor} has been no better for ${this.#waited} epochs`);
  }

  onTrainEnd(training: Training): void {
    // One that is paused or failed goes on from its last step, and may end with them yet.
    if (training.outcome !== "finished" && training.outcome !== "stopped") return;
    if (this.#weights !== undefined) endWith(training, this.#weights);
    this.#weights = undefined;
  }

  saveState(): CallbackState {
    const { bestEpoch } = this;
    const best = Number.isFinite(this.best) ? this.best : null;
    const values = { monitor: this.#options.monitor, waited: this.#waited, best, bestEpoch };
    return { values, ...(this.#weights && { weights: this.#weights }) };
  }

  restoreState({ values, weights }: CallbackState, training: Training): void {
    const { monitor, waited, best, bestEpoch } = values;
    if (monitor !== this.#options.monitor) return;
    this.#waited = count(waited);
    if (Number.isFinite(best)) {
      this.best = this.#best.value = best as number;
      this.bestEpoch = count(bestEpoch);
      // Without, it ended with them.
      if (this.#options.restoreBestWeights) this.#weights = weights ?? training.weights();
    }
    this.#stopAt(training.epoch - 1, training);
  }
}

/**
 * Stops when a number of the reports has been no better for `patience` epochs, and puts the best weights back, to the
 * bit (Prechelt 1998): those that the number was scored with, averages where `swapAverages` validates with them. As
 * Keras' EarlyStopping, but that restoring is the default. What the optimizer keeps stays that of the last step. A `fit` with
 * `resume` goes on counting; where it had stopped, it stops at once, but with more patience.
 *
 * @throws OptionError for options that do not exist or lie outside their domain; `fit` rejects with a CallbackError when
 *   the reports have no such number
 */
export function earlyStopping(options: EarlyStoppingOptions = {}): EarlyStopping {
  checkSurplus("earlyStopping", arguments, 1);
  return new Stopping(settle(options));
}
