import { bindMembers } from "../check/bindMembers.js";
import { OptionError } from "../check/errors.js";
import { flag, functionOf, integer, notNegative, optional, text } from "../check/kinds.js";
import { take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import type { EpochReport } from "../train/scoring/reports.js";
import type { Callback, Training } from "./callback.js";
import { Best, checkMonitor, directionOf, type Mode, modeOption, monitored } from "./monitor.js";

/** A snapshot, and where it was taken. */
export interface Checkpoint {
  /** Epochs that were done, counted from 1. */
  readonly epoch: number;
  /** Steps over the life of the model. */
  readonly step: number;
  /** What was monitored, if anything was. */
  readonly value: number | undefined;
  /** Whether it was the best so far. */
  readonly isBest: boolean;
  /** For `model.restore`. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface CheckpointOptions {
  /** Path of a number in the reports, by which the best is known; default none. */
  readonly monitor?: string;
  /** Default "auto". */
  readonly mode?: Mode;
  /** A change of no more than this makes no new best; default 0. */
  readonly minDelta?: number;
  /** Takes no snapshot of an epoch that is not the best so far; default false. Needs `monitor`. */
  readonly saveBestOnly?: boolean;
  /** Epochs from one snapshot to the next; default 1. A new best is always taken. */
  readonly every?: number;
  /** Snapshots that stay in memory, beside the best; default 1. */
  readonly keep?: number;
  /** Called, and awaited, with each snapshot: to store its bytes. */
  readonly onSave?: (checkpoint: Checkpoint) => unknown;
}

/** What `checkpoint` makes. */
export interface Checkpoints extends Callback {
  readonly latest: Checkpoint | undefined;
  /** The best by `monitor`. */
  readonly best: Checkpoint | undefined;
  /** The last ones, the oldest first. */
  readonly snapshots: readonly Checkpoint[];
}

type Settled = ReturnType<typeof settle>;

function settle(options: CheckpointOptions) {
  const who = "checkpoint";
  const settled = take(who, options, {
    monitor: optional(text()),
    mode: modeOption(),
    minDelta: notNegative(0),
    saveBestOnly: flag(false),
    every: integer(1, 1),
    keep: integer(1, 1),
    onSave: optional(functionOf<(checkpoint: Checkpoint) => unknown>()),
  });
  const { monitor, saveBestOnly } = settled;
  if (saveBestOnly && monitor === undefined) {
    throw new OptionError(
      `${who}: saveBestOnly is true, and there is no monitor; needs one, as "validation.loss".`,
    );
  }
  return settled;
}

class Saving implements Checkpoints {
  readonly name = "checkpoint";
  readonly #options: Settled;
  #best: Best;
  best: Checkpoint | undefined;
  snapshots: Checkpoint[] = [];

  constructor(options: Settled) {
    this.#options = options;
    this.#best = new Best("min", options.minDelta);
    bindMembers(this);
  }

  get latest(): Checkpoint | undefined {
    return this.snapshots.at(-1);
  }

  onTrainBegin(training: Training): void {
    const { monitor, mode, minDelta } = this.#options;
    if (monitor !== undefined) {
      checkMonitor(this.name, monitor, training);
      this.#best = new Best(directionOf(this.name, monitor, mode, training), minDelta);
    }
    this.best = undefined;
    this.snapshots = [];
  }

  async onEpochEnd(report: EpochReport, training: Training): Promise<void> {
    const { monitor, saveBestOnly, every, keep, onSave } = this.#options;
    const value = monitor === undefined ? undefined : monitored(this.name, monitor, report);
    const isBest = value !== undefined && this.#best.isBetter(value);
    if (isBest) this.#best.value = value;
    const isDue = !saveBestOnly && report.epoch % every === 0;
    if (!isBest && !isDue) return;
    const saved = { epoch: report.epoch, step: training.step, value, isBest, bytes: training.snapshot() };
    if (isBest) this.best = saved;
    this.snapshots = [...this.snapshots, saved].slice(-keep);
    await onSave?.(saved);
  }
}

/**
 * Takes a snapshot after epochs: weights, what the optimizer keeps, and how far training has come, so that
 * `model.restore(saved.latest.bytes)` and a `fit` with `resume: true` go on to the same bits.
 *
 * @throws OptionError for options that do not exist or lie outside their domain; `fit` rejects with a CallbackError when
 *   the reports have no such number
 */
export function checkpoint(options: CheckpointOptions = {}): Checkpoints {
  checkSurplus("checkpoint", arguments, 1);
  return new Saving(settle(options));
}
