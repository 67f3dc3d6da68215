import { LOG_STEPS } from "../../assembly/isa/limits.js";
import { notNegative } from "../check/kinds.js";
import type { LearningRate } from "../optimizers/optimizer.js";

/** What the learning rate is scaled by: see ModelState.rateFactor. */
export interface Scaled {
  readonly rateFactor: number;
}

const rateKind = /* @__PURE__ */ notNegative();

/** The learning rates of a slice, step by step: in full precision here, in f32 as the engine takes them. */
export class LearningRates {
  readonly #learningRate: LearningRate;
  readonly #scaled: Scaled;
  readonly #rates = new Float64Array(LOG_STEPS);
  readonly #rounded = new Float32Array(LOG_STEPS);

  /** @param scaled whose factor may change between two calls of `next` */
  constructor(learningRate: LearningRate, scaled: Scaled) {
    this.#learningRate = learningRate;
    this.#scaled = scaled;
  }

  /**
   * The rates of the next steps, in f32: fewer than `steps` when a later rate is refused, so that the good steps
   * before it are taken first.
   *
   * @param first steps so far
   * @throws OptionError when the rate of the very next step is refused
   */
  next(first: number, steps: number): Float32Array {
    let count = 0;
    for (; count < steps; count++) {
      try {
        this.#rates[count] = this.rateOf(first + count);
      } catch (error) {
        if (count === 0) throw error;
        break;
      }
    }
    this.#rounded.set(this.#rates.subarray(0, count));
    return this.#rounded.subarray(0, count);
  }

  /** Rate of a step of the slice. */
  at(step: number): number {
    return this.#rates[step] as number;
  }

  /** Rate of a step over the life of the model, as things stand. @throws OptionError when it is refused */
  rateOf(step: number): number {
    const { rateFactor } = this.#scaled;
    if (typeof this.#learningRate === "number") return this.#learningRate * rateFactor;
    const rate = this.#learningRate(step);
    rateKind("fit", `learningRate(${step})`, rate);
    return rate * rateFactor;
  }
}
