import type { EpochReport } from "../scoring/reports.js";
import { NO_BETTER } from "./sound.js";

/** Epochs and steps without progress after which it is no beginning any more. */
const PATIENT_EPOCHS = 5;
const PATIENT_STEPS = 100;
/** Whether a training stands still, by the losses of its epochs. */
export class Standstill {
  #least = Number.POSITIVE_INFINITY;
  #epochs = 0;
  #steps = 0;

  /** Whether it has stood still for long when an epoch ends. */
  judge({ loss, steps }: EpochReport): boolean {
    if (loss < NO_BETTER * this.#least) {
      this.#least = loss;
      this.#epochs = 0;
      this.#steps = 0;
      return false;
    }
    this.#epochs++;
    this.#steps += steps;
    return this.#epochs >= PATIENT_EPOCHS && this.#steps >= PATIENT_STEPS;
  }
}
