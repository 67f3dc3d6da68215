import { Control, LOG_STEPS } from "../../assembly/isa.js";
import { checkNumber } from "../options.js";
import type { Machine } from "../runtime/machine.js";
import type { LearningRate } from "./optimizers.js";

/** The learning rates of a slice, step by step: in full precision here, in f32 in the engine's step log. */
export class LearningRates {
  readonly #learningRate: LearningRate;
  readonly #rates = new Float64Array(LOG_STEPS);

  constructor(learningRate: LearningRate) {
    this.#learningRate = learningRate;
  }

  /**
   * Writes the rates of the next steps and returns for how many: fewer than `steps` when a later rate is refused, so
   * that the good steps before it are taken first.
   *
   * @throws OptionError when the rate of the very next step is refused
   */
  write(machine: Machine, steps: number): number {
    const first = machine.u32(Control.step);
    for (let i = 0; i < steps; i++) {
      try {
        this.#rates[i] = this.#rateOf(first + i);
      } catch (error) {
        if (i === 0) throw error;
        return i;
      }
      machine.setLearningRate(i, this.at(i));
    }
    return steps;
  }

  /** Rate of a step of the slice. */
  at(step: number): number {
    return this.#rates[step] as number;
  }

  #rateOf(step: number): number {
    if (typeof this.#learningRate === "number") return this.#learningRate;
    const rate = this.#learningRate(step);
    return checkNumber("fit", `learningRate(${step})`, rate, "a number of at least 0", (r) => r >= 0);
  }
}
