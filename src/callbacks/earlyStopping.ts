import { checkInteger, checkKeys, checkNumber, checkType } from "../check/options.js";
import type { Weights } from "../model/weights.js";
import type { EpochReport } from "../train/scoring/reports.js";
import type { Callback, Training } from "./callback.js";
import {
  Best,
  checkMinDelta,
  checkMonitor,
  type Direction,
  directionOf,
  type Mode,
  monitored,
} from "./monitor.js";

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

type Settled = Required<Omit<EarlyStoppingOptions, "mode" | "baseline">>;

class Stopping implements EarlyStopping {
  readonly name = "earlyStopping";
  readonly #options: Settled;
  readonly #direction: Direction;
  readonly #baseline: number | undefined;
  #best: Best;
  #weights: Weights | undefined;
  /** Epochs without improvement. */
  #waited = 0;
  bestEpoch: number | undefined;
  best: number | undefined;
  stoppedEpoch: number | undefined;

  constructor(options: Settled, direction: Direction, baseline: number | undefined) {
    this.#options = options;
    this.#direction = direction;
    this.#baseline = baseline;
    this.#best = new Best(direction, options.minDelta);
  }

  onTrainBegin(training: Training): void {
    checkMonitor(this.name, this.#options.monitor, training);
    this.#best = new Best(this.#direction, this.#options.minDelta);
    this.#waited = 0;
    this.#weights = undefined;
    this.bestEpoch = undefined;
    this.best = undefined;
    this.stoppedEpoch = undefined;
  }

  onEpochEnd(report: EpochReport, training: Training): void {
    const { monitor, patience, restoreBestWeights, startFromEpoch } = this.#options;
    const value = monitored(this.name, monitor, report);
    if (report.epoch <= startFromEpoch) return;
    this.#waited++;
    if (this.#best.isBetter(value)) {
      this.#best.value = value;
      this.best = value;
      this.bestEpoch = report.epoch;
      if (restoreBestWeights) this.#weights = training.weights();
      if (this.#baseline === undefined || this.#best.isBetter(value, this.#baseline)) this.#waited = 0;
    }
    if (this.#waited === 0 || this.#waited < patience) return;
    this.stoppedEpoch = report.epoch;
    training.stop(`earlyStopping: ${monitor} has been no better for ${this.#waited} epochs`);
  }

  onTrainEnd(training: Training): void {
    const weights = this.#weights;
    this.#weights = undefined;
    // One that is paused or failed goes on from its last step.
    const isOver = training.outcome === "finished" || training.outcome === "stopped";
    if (isOver && weights !== undefined) training.setWeights(weights);
  }
}

/**
 * Stops when a number of the reports has been no better for `patience` epochs, and puts the best weights back, to the
 * bit (Prechelt 1998). As Keras' EarlyStopping, but that restoring is the default. What the optimizer keeps stays that
 * of the last step.
 *
 * @throws OptionError for options that do not exist or lie outside their domain; `fit` rejects with a CallbackError when
 *   the reports have no such number
 */
export function earlyStopping(options: EarlyStoppingOptions = {}): EarlyStopping {
  const who = "earlyStopping";
  checkKeys(who, options, [
    "monitor",
    "patience",
    "minDelta",
    "mode",
    "restoreBestWeights",
    "baseline",
    "startFromEpoch",
  ]);
  const { monitor = "validation.loss", patience = 0, minDelta = 0, mode = "auto", baseline } = options;
  const { restoreBestWeights = true, startFromEpoch = 0 } = options;
  const direction = directionOf(who, monitor, mode);
  checkInteger(who, "patience", patience, 0);
  checkMinDelta(who, minDelta);
  checkType(who, "restoreBestWeights", restoreBestWeights, "boolean");
  if (baseline !== undefined) checkNumber(who, "baseline", baseline, "a finite number", () => true);
  checkInteger(who, "startFromEpoch", startFromEpoch, 0);
  const settled = { monitor, patience, minDelta, restoreBestWeights, startFromEpoch };
  return new Stopping(settled, direction, baseline);
}
