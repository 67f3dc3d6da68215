import { DivergedError } from "../check/errors.js";
import { restoreSnapshot, takeSnapshot } from "../io/snapshot.js";
import type { ModelState } from "../model/state.js";
import type { Observer } from "./health/observer.js";
import type { Progress } from "./progress.js";
import type { EpochReport } from "./scoring/reports.js";

/** Divergences after which a training stops all the same: 2⁻¹⁰ of the learning rate would not have been the cause. */
const MOST = 10;
const FACTOR = 0.5;
/** Times its least that the loss of an epoch may rise by; losses of almost 0 may rise to this. */
const MOST_RISE = 9;
const LEAST_LOSS = 0.01;

/** What a training that diverges goes back to. */
export class Rescue {
  readonly #state: ModelState;
  readonly #observer: Observer;
  #snapshot: Uint8Array<ArrayBuffer>;
  #least = Number.POSITIVE_INFINITY;
  #times = 0;

  constructor(state: ModelState, observer: Observer) {
    this.#state = state;
    this.#observer = observer;
    this.#snapshot = takeSnapshot(state);
  }

  /** Notes the state after an epoch, unless its loss has risen so much that the weights must be on their way out. */
  keep({ loss }: EpochReport): void {
    if (loss - this.#least > MOST_RISE * Math.max(Math.abs(this.#least), LEAST_LOSS)) return;
    this.#least = Math.min(this.#least, loss);
    this.#snapshot = takeSnapshot(this.#state);
  }

  /** Goes back to what was kept, with half the learning rate, and takes back the reports of the epochs since. @throws the error, when it is another or the last */
  async after(error: unknown, progress: Progress, history: EpochReport[]): Promise<EpochReport[]> {
    const state = this.#state;
    if (!(error instanceof DivergedError) || state.disposed) throw error;
    if (++this.#times > MOST) {
      throw new DivergedError(
        error,
        `It was rolled back ${MOST} times, to half the learning rate each time. `,
      );
    }
    const rateFactor = state.rateFactor * FACTOR;
    state.fitting = false;
    restoreSnapshot(state, this.#snapshot);
    state.fitting = true;
    state.rateFactor = rateFactor;
    Object.assign(progress, state.progress);
    state.progress = progress;
    // The weights here are those that it went back to, also where the engine is elsewhere.
    state.leave();
    const kept = history.findLastIndex(({ epoch }) => epoch <= progress.epochs) + 1;
    this.#observer.takeBack(history.splice(kept));
    const { epochs } = progress;
    const where = epochs === 0 ? "that it began with" : `after epoch ${epochs}`;
    this.#observer.note({
      kind: "rolledBack",
      layer: error.layer,
      message: `training diverged at step ${error.step}, first in "${error.layer}", and went back to the weights ${where}`,
      mend: `It goes on with ${rateFactor} of the learning rate. Lower it from the start, or clip the gradient.`,
    });
    await this.#observer.tell();
    return [];
  }
}
