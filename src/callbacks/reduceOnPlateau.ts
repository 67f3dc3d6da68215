import { bindMembers } from "../check/bindMembers.js";
import { integer, notNegative, numberOf, oneOf, text } from "../check/kinds.js";
import { take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import type { EpochReport } from "../train/scoring/reports.js";
import type { Callback, CallbackState, Training } from "./callback.js";
import {
  checkMonitor,
  count,
  type Direction,
  directionOf,
  type Mode,
  modeOption,
  monitored,
} from "./monitor.js";

export interface ReduceOnPlateauOptions {
  /** Path of a number in the reports; default "validation.loss". */
  readonly monitor?: string;
  /** What the learning rate is multiplied by, in (0, 1); default 0.1. */
  readonly factor?: number;
  /** Epochs without improvement that are put up with: it is reduced after one more. Default 10. */
  readonly patience?: number;
  /** A change of no more than this is no improvement; default 0.0001. */
  readonly minDelta?: number;
  /** Whether minDelta is a share of the best value, whatever its sign ("relative", default), or a difference ("absolute"). */
  readonly minDeltaMode?: "relative" | "absolute";
  /** Epochs after a reduction in which none are counted; default 0. */
  readonly cooldown?: number;
  /** The learning rate is not reduced below this; default 0. */
  readonly minLearningRate?: number;
  /** Default "auto". */
  readonly mode?: Mode;
}

/** What `reduceOnPlateau` makes. */
export interface ReduceOnPlateau extends Callback {
  /** What it did in the last training: the epoch after which, and the learning rate from then on. */
  readonly reductions: readonly { readonly epoch: number; readonly learningRate: number }[];
}

/** Smaller changes of the learning rate are not made: eps of torch. */
const SMALLEST_CHANGE = 1e-8;

const settle = (options: ReduceOnPlateauOptions) =>
  take("reduceOnPlateau", options, {
    monitor: text("validation.loss"),
    factor: numberOf("a number in (0, 1)", (factor) => factor > 0 && factor < 1)(0.1),
    patience: integer(0, 10),
    minDelta: notNegative(1e-4),
    minDeltaMode: oneOf({ relative: 0, absolute: 0 }, "relative"),
    cooldown: integer(0, 0),
    minLearningRate: notNegative(0),
    mode: modeOption(),
  });

type Settled = ReturnType<typeof settle>;

class Reducing implements ReduceOnPlateau {
  readonly name = "reduceOnPlateau";
  readonly #options: Settled;
  #direction: Direction = "min";
  #best = 0;
  #waited = 0;
  #cooling = 0;
  reductions: { readonly epoch: number; readonly learningRate: number }[] = [];

  constructor(options: Settled) {
    this.#options = options;
    bindMembers(this);
  }

  onTrainBegin(training: Training): void {
    const { monitor, mode } = this.#options;
    checkMonitor(this.name, monitor, training);
    this.#direction = directionOf(this.name, monitor, mode, training);
    this.#best = this.#direction === "min" ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
    this.#waited = 0;
    this.#cooling = 0;
    this.reductions = [];
  }

  #isBetter(value: number): boolean {
    const { minDelta, minDeltaMode } = this.#options;
    const best = this.#best;
    if (!Number.isFinite(best)) return this.#direction === "min" ? value < best : value > best;
    // Of a score below 0, a share of the best lies on its other side.
    const margin = minDeltaMode === "relative" ? Math.abs(best) * minDelta : minDelta;
    return this.#direction === "min" ? value < best - margin : value > best + margin;
  }

  onEpochEnd(report: EpochReport, training: Training): void {
    const { monitor, patience, cooldown } = this.#options;
    const value = monitored(this.name, monitor, report);
    if (this.#isBetter(value)) {
      this.#best = value;
      this.#waited = 0;
    } else this.#waited++;
    if (this.#cooling > 0) {
      this.#cooling--;
      this.#waited = 0;
    }
    if (this.#waited <= patience) return;
    this.#reduce(report.epoch, training);
    this.#cooling = cooldown;
    this.#waited = 0;
  }

  #reduce(epoch: number, training: Training): void {
    const { factor, minLearningRate } = this.#options;
    const rate = training.learningRate;
    const reduced = Math.max(rate * factor, minLearningRate);
    if (rate - reduced <= SMALLEST_CHANGE) return;
    training.scaleLearningRate(reduced === minLearningRate ? reduced / rate : factor);
    this.reductions.push({ epoch, learningRate: training.learningRate });
  }

  saveState(): CallbackState {
    const best = Number.isFinite(this.#best) ? this.#best : null;
    const values = { monitor: this.#options.monitor, best, waited: this.#waited, cooling: this.#cooling };
    return { values };
  }

  restoreState({ values }: CallbackState): void {
    const { monitor, best, waited, cooling } = values;
    if (monitor !== this.#options.monitor) return;
    if (Number.isFinite(best)) this.#best = best as number;
    this.#waited = count(waited);
    this.#cooling = count(cooling);
  }
}

/**
 * Multiplies the learning rate, whatever its schedule, by `factor` when a number of the reports has not become better
 * for more than `patience` epochs: torch's ReduceLROnPlateau with its defaults and numbers. (Keras reduces an epoch
 * earlier, and has minDelta as a difference.) The factor stays with the model: see Training.scaleLearningRate.
 *
 * @throws OptionError for options that do not exist or lie outside their domain; `fit` rejects with a CallbackError when
 *   the reports have no such number
 */
export function reduceOnPlateau(options: ReduceOnPlateauOptions = {}): ReduceOnPlateau {
  checkSurplus("reduceOnPlateau", arguments, 1);
  return new Reducing(settle(options));
}
