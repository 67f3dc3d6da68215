/** Whether a training stands still where a network is that always gives the same answer. */
import type { EpochReport } from "../scoring/reports.js";
import type { Suspicion } from "./rules.js";

/** Epochs and steps without progress after which it is no beginning any more. */
const PATIENT_EPOCHS = 5;
const PATIENT_STEPS = 100;
/** Steps without progress after which it is worth looking at single rows, and how often. */
const LOOK_STEPS = 300;
/** Share of a loss that counts as no better than it. */
const NO_BETTER = 0.99;

/** Looks at the losses of epochs. */
export class Standstill {
  readonly #constantLoss: () => number | undefined;
  #base: { readonly loss: number | undefined } | undefined;
  #least = Number.POSITIVE_INFINITY;
  #epochs = 0;
  #steps = 0;
  /** Steps without progress at which rows are looked at next. */
  #look = LOOK_STEPS;

  /** @param constantLoss of a network that gives one answer to all rows, if it is known: asked once, when it matters */
  constructor(constantLoss: () => number | undefined) {
    this.#constantLoss = constantLoss;
  }

  judge(report: EpochReport): Suspicion | undefined {
    const { loss, steps } = report;
    if (loss < NO_BETTER * this.#least) {
      this.#least = loss;
      this.#epochs = 0;
      this.#steps = 0;
      this.#look = LOOK_STEPS;
      return undefined;
    }
    this.#epochs++;
    this.#steps += steps;
    if (this.#epochs < PATIENT_EPOCHS || this.#steps < PATIENT_STEPS) return undefined;
    this.#base ??= { loss: this.#constantLoss() };
    const base = this.#base.loss;
    return base !== undefined && base > 0 && loss > NO_BETTER * base ? stuck(report, base) : undefined;
  }

  /** Whether it has stood still for so long that single rows are worth a look. */
  get isDue(): boolean {
    if (this.#epochs < PATIENT_EPOCHS || this.#steps < this.#look) return false;
    this.#look *= 2;
    return true;
  }
}

const stuck = ({ loss, epoch }: EpochReport, base: number): Suspicion => ({
  kind: "stuckAtBaseRate",
  layer: undefined,
  message:
    `after ${epoch} epochs the loss is ${loss.toPrecision(4)}, and does not fall; a network that always gives the ` +
    `same answer has ${base.toPrecision(4)}`,
  mend: "Raise or lower the learning rate by tens, scale inputs and targets, and see whether x and y belong together.",
  isCertain: true,
});
