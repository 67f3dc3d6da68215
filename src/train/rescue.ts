import { DivergedError } from "../errors.js";
import type { Observer } from "./health/observer.js";
import type { Progress } from "./progress.js";
import type { EpochReport } from "./reports.js";
import { restoreSnapshot, takeSnapshot } from "./snapshot.js";
import type { ModelState } from "./state.js";

/** Divergences after which a training stops all the same: 2⁻¹⁰ of the learning rate would not have been the cause. */
const MOST = 10;
const FACTOR = 0.5;

/** What a training that diverges goes back to. */
export class Rescue {
  readonly #state: ModelState;
  readonly #observer: Observer;
  #snapshot: Uint8Array<ArrayBuffer> | undefined;
  #times = 0;

  constructor(state: ModelState, observer: Observer) {
    this.#state = state;
    this.#observer = observer;
  }

  /** Notes the state at the beginning of an epoch. */
  keep(): void {
    this.#snapshot = takeSnapshot(this.#state);
  }

  /** Goes back to what was kept, with half the learning rate. @throws the error, when it is another or the last */
  async after(error: unknown, progress: Progress): Promise<EpochReport[]> {
    const state = this.#state;
    if (!(error instanceof DivergedError) || this.#snapshot === undefined || state.disposed) throw error;
    if (++this.#times > MOST) throw error;
    const rateFactor = state.rateFactor * FACTOR;
    state.fitting = false;
    restoreSnapshot(state, this.#snapshot);
    state.fitting = true;
    state.rateFactor = rateFactor;
    Object.assign(progress, state.progress);
    state.progress = progress;
    await this.#observer.add({
      kind: "rolledBack",
      layer: error.layer,
      message: `training diverged at step ${error.step}, first in "${error.layer}", and went back to the beginning of the epoch`,
      mend: `It goes on with ${rateFactor} of the learning rate. Lower it from the start, or clip the gradient.`,
      isCertain: true,
    });
    return [];
  }
}
