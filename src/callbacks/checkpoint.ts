import { bindMembers } from "../check/bindMembers.js";
import { CheckpointError } from "../check/errors.js";
import { checkSurplus } from "../check/surplus.js";
import type { Keeper } from "../io/stores/keeper.js";
import type { Store } from "../io/stores/store.js";
import { Timer } from "../runtime/timer.js";
import type { EpochReport } from "../train/scoring/reports.js";
import type { Callback, CallbackState, Training } from "./callback.js";
import {
  type Checkpoint,
  type CheckpointOptions,
  type CheckpointSettings,
  settle,
} from "./checkpointOptions.js";
import type { Interval } from "./interval.js";
import { keeping } from "./late.js";
import { Best, checkMonitor, directionOf, monitored } from "./monitor.js";

/** What `checkpoint` makes. */
export interface Checkpoints extends Callback {
  /** Undefined with a store: see readCheckpoint. */
  readonly latest: Checkpoint | undefined;
  /** The best by `monitor`; undefined with a store. */
  readonly best: Checkpoint | undefined;
  /** The last ones, the oldest first; none with a store. */
  readonly snapshots: readonly Checkpoint[];
  /** The last failure of the store in this training. */
  readonly failure: CheckpointError | undefined;
}

/** What a page tells of itself. */
interface Page {
  readonly visibilityState?: string;
  addEventListener(event: "visibilitychange", listener: () => void): void;
  removeEventListener(event: "visibilitychange", listener: () => void): void;
}

class Saving implements Checkpoints {
  readonly name = "checkpoint";
  /** Whatever the others do after an epoch or step is in the snapshot: training goes on from there. */
  readonly isLast = true;
  readonly #options: CheckpointSettings;
  readonly #interval: Interval;
  #best: Best;
  #keeper: Keeper | undefined;
  #timer: Timer | undefined;
  /** The step after which the next one is due. */
  #dueAt = Number.POSITIVE_INFINITY;
  /** The step of the last one, and of the beginning. */
  #lastAt = 0;
  #unwatch: () => void = () => undefined;
  best: Checkpoint | undefined;
  snapshots: Checkpoint[] = [];
  failure: CheckpointError | undefined;
  readonly onSlice?: (training: Training) => unknown;
  readonly onEpochEnd?: (report: EpochReport, training: Training) => unknown;

  constructor(options: CheckpointSettings) {
    this.#options = options;
    this.#interval = options.every;
    this.#best = new Best("min", options.minDelta);
    const { epochs } = this.#interval;
    // Who has a hook makes training call it: with neither, it stops less often.
    const mayHide = options.store !== undefined && pageHere() !== undefined;
    if (epochs === undefined || mayHide) this.onSlice = (training) => this.#lookBetween(training);
    if (epochs !== undefined || options.monitor !== undefined) {
      this.onEpochEnd = (report, training) => this.#lookAfter(report, training);
    }
    bindMembers(this);
  }

  get latest(): Checkpoint | undefined {
    return this.snapshots.at(-1);
  }

  async onTrainBegin(training: Training): Promise<void> {
    const { monitor, mode, minDelta, store } = this.#options;
    if (monitor !== undefined) {
      checkMonitor(this.name, monitor, training);
      this.#best = new Best(directionOf(this.name, monitor, mode, training), minDelta);
    }
    this.best = undefined;
    this.snapshots = [];
    this.failure = undefined;
    this.#keeper = undefined;
    this.#lastAt = training.step;
    this.#schedule(training);
    if (store === undefined) return;
    // Whether it can be had at all is better known now than after an hour.
    await this.#withStore("onTrainBegin", () => this.#open(store));
    if (!this.#options.saveBestOnly) this.#unwatch = whenHidden(() => this.#mark(training, 1));
  }

  async onTrainEnd(training: Training): Promise<void> {
    this.#unwatch();
    const { store, saveBestOnly } = this.#options;
    const { outcome, error, step, stepsOfEpoch, epoch } = training;
    // What diverged, or failed with a callback, would fail again; whoever aborted it wants to go on.
    const isLost = outcome === "failed" && String((Object(error) as Coded).code).startsWith("WASMGRAD_");
    if (store === undefined || saveBestOnly || isLost || step === this.#lastAt) return;
    await this.#save("onTrainEnd", training, { epoch: epoch - (stepsOfEpoch > 0 ? 1 : 0) });
  }

  saveState(): CallbackState | undefined {
    const { monitor, store } = this.#options;
    // Those in memory do not outlast the program: the best of them is found anew.
    if (monitor === undefined || store === undefined || !Number.isFinite(this.#best.value)) return undefined;
    return { values: { monitor, best: this.#best.value } };
  }

  restoreState({ values: { monitor, best } }: CallbackState): void {
    if (monitor === this.#options.monitor && Number.isFinite(best)) this.#best.value = best as number;
  }

  async #lookBetween(training: Training): Promise<void> {
    if (this.#timer?.isDue) {
      this.#timer = undefined;
      // The weights of a slice may lag behind, where the engine is elsewhere: those of a mark do not.
      this.#mark(training, 1);
    } else if (training.step >= this.#dueAt) {
      await this.#save("onSlice", training, { epoch: training.epoch - 1 });
    }
  }

  async #lookAfter(report: EpochReport, training: Training): Promise<void> {
    const { monitor, saveBestOnly } = this.#options;
    const { epochs } = this.#interval;
    const value = monitor === undefined ? undefined : monitored(this.name, monitor, report);
    const isBest = value !== undefined && this.#best.isBetter(value);
    if (isBest) this.#best.value = value;
    const isDue = !saveBestOnly && epochs !== undefined && report.epoch % epochs === 0;
    if (isBest || isDue) await this.#save("onEpochEnd", training, { epoch: report.epoch, value, isBest });
  }

  /** Notes when the next one is due, by steps or seconds. */
  #schedule(training: Training): void {
    const { steps, seconds } = this.#interval;
    this.#dueAt = Number.POSITIVE_INFINITY;
    if (this.#options.saveBestOnly) return;
    if (seconds !== undefined) this.#timer = new Timer(seconds * 1000);
    // From multiples on, as a training that is resumed would.
    if (steps !== undefined) this.#mark(training, steps - (training.step % steps));
  }

  #mark(training: Training, steps: number): void {
    this.#dueAt = Math.min(this.#dueAt, training.step + steps);
    training.handBackAfter?.(steps);
  }

  async #save(
    hook: string,
    training: Training,
    what: Partial<Checkpoint> & { epoch: number },
  ): Promise<void> {
    const { keep, store, onSave } = this.#options;
    const { step } = training;
    const saved: Checkpoint = { value: undefined, isBest: false, ...what, step, bytes: training.snapshot() };
    let file: string | undefined;
    if (store === undefined) {
      if (saved.isBest) this.best = saved;
      this.snapshots = [...this.snapshots, saved].slice(-(keep ?? 1));
    } else {
      file = await this.#withStore(hook, async () => {
        this.#keeper ??= await this.#open(store);
        return this.#keeper.put(saved.bytes, saved.isBest);
      });
    }
    this.#schedule(training);
    if (store !== undefined && file === undefined) return;
    this.#lastAt = step;
    await onSave?.(file === undefined ? saved : { ...saved, file });
  }

  async #open(store: Store): Promise<Keeper> {
    const { name = "checkpoint", keep = 2 } = this.#options;
    const { Keeper } = await keeping.load("checkpoint");
    this.#keeper = await Keeper.open(store, name, keep);
    return this.#keeper;
  }

  /** What comes of it; undefined when the store failed, and training goes on. @throws CheckpointError when it is to stop */
  async #withStore<T>(hook: string, run: () => Promise<T>): Promise<T | undefined> {
    try {
      return await run();
    } catch (cause) {
      const { onFailure } = this.#options;
      const error = new CheckpointError(`"${this.name}"`, hook, cause);
      this.failure = error;
      const answer = typeof onFailure === "function" ? await onFailure(error) : onFailure;
      if (answer === "stop") throw error;
      return undefined;
    }
  }
}

interface Coded {
  readonly code?: unknown;
}

function pageHere(): Page | undefined {
  const { document } = globalThis as { readonly document?: Page };
  return typeof document?.addEventListener === "function" ? document : undefined;
}

/** Calls when the page is hidden: it may never be shown again. @returns what ends it */
function whenHidden(call: () => void): () => void {
  const page = pageHere();
  if (page === undefined) return () => undefined;
  const listener = () => {
    if (page.visibilityState === "hidden") call();
  };
  page.addEventListener("visibilitychange", listener);
  return () => page.removeEventListener("visibilitychange", listener);
}

/**
 * Takes snapshots while training goes on: weights, what the optimizer and the callbacks keep, and how far training has come, so
 * that `model.restore(saved.latest.bytes)` and a `fit` with `resume: true` go on to the same bits, in another program or runtime
 * too. In memory, or with a `store` where they outlast the program:
 *
 * ```js
 * import { fileStore, readCheckpoint } from "wasmgrad/io";
 * const store = fileStore("checkpoints");
 * const last = await readCheckpoint(store);
 * if (last) model.restore(last.bytes);
 * const callbacks = [checkpoint({ store, every: { seconds: 60 } })];
 * await model.fit(data, { epochs: 50, resume: last !== undefined, callbacks });
 * ```
 *
 * Its hooks come behind those of all other callbacks.
 *
 * @throws OptionError for options that do not exist or lie outside their domain; `fit` rejects with a CallbackError when
 *   the reports have no such number, and with a CheckpointError when the store fails
 */
export function checkpoint(options: CheckpointOptions = {}): Checkpoints {
  checkSurplus("checkpoint", arguments, 1);
  return new Saving(settle(options));
}
