import { DivergedError } from "../check/errors.js";
import { restoreSnapshot } from "../io/snapshot/restore.js";
import { takeSnapshot } from "../io/snapshot/take.js";
import type { Lease } from "../model/lease.js";
import type { ModelState } from "../model/state.js";
import type { Observer } from "./health/observer.js";
import type { EpochReport } from "./scoring/reports.js";

/** Divergences after which a training stops all the same: 2⁻¹⁰ of the learning rate would not have been the cause. */
const MOST = 10;
const FACTOR = 0.5;
/** Share of its least that the loss of an epoch may rise by and be no bad one; losses of almost 0 may rise to this. */
const MOST_RISE = 0.5;
const LEAST_LOSS = 0.01;

/** What a training that diverges goes back to. */
export interface Rescue {
  /** Notes the state after an epoch, unless its loss has risen so much that the weights must be on their way out. */
  keep(report: EpochReport): void;
  /**
   * Goes back to what was kept, with half the learning rate, and takes back the reports of the epochs since.
   *
   * @throws the error, when it is another or the last
   */
  goBack(error: unknown, history: EpochReport[]): Promise<void>;
}

export interface RescueOptions {
  readonly state: ModelState;
  /** Of the `fit` that it is for. */
  readonly lease: Lease;
  readonly observer: Observer;
}

export function openRescue({ state, lease, observer }: RescueOptions): Rescue {
  /** Of the beginning, and of the last two good epochs: the weights that the last ended with may be bad already. */
  let snapshots = [takeSnapshot(state, {}, [])];
  /** Whether an epoch was good since it went back. */
  let isSound = true;
  let least = Number.POSITIVE_INFINITY;
  let times = 0;
  return {
    keep({ loss, validation }) {
      if (!Number.isFinite(validation?.loss ?? 0)) return;
      if (loss - least > MOST_RISE * Math.max(Math.abs(least), LEAST_LOSS)) return;
      least = Math.min(least, loss);
      const [first, ...others] = snapshots as [Uint8Array<ArrayBuffer>, ...Uint8Array<ArrayBuffer>[]];
      snapshots = [first, ...others.slice(-1), takeSnapshot(state, {}, [])];
      isSound = true;
    },
    async goBack(error, history) {
      if (!(error instanceof DivergedError) || state.disposed) throw error;
      if (++times > MOST) {
        throw new DivergedError(
          error,
          `It was rolled back ${MOST} times, to half the learning rate each time. `,
        );
      }
      const rateFactor = state.rateFactor * FACTOR;
      // What it went back to led nowhere: it goes back further.
      if (!isSound && snapshots.length > 1) snapshots.pop();
      isSound = false;
      restoreSnapshot(state, snapshots.at(-1) as Uint8Array, {}, lease);
      state.rateFactor = rateFactor;
      const epochs = state.progress?.epochs ?? 0;
      const kept = history.findLastIndex(({ epoch }) => epoch <= epochs) + 1;
      observer.takeBack(history.splice(kept));
      observer.note(rolledBack(error, epochs, rateFactor));
      await observer.tell();
    },
  };
}

const rolledBack = ({ step, layer }: DivergedError, epochs: number, rateFactor: number) => ({
  kind: "rolledBack" as const,
  layer,
  message:
    `training diverged at step ${step}, first in "${layer}", and went back to the weights ` +
    (epochs === 0 ? "that it began with" : `after epoch ${epochs}`),
  mend: `It goes on with ${rateFactor} of the learning rate. Lower it from the start, or clip the gradient.`,
});
