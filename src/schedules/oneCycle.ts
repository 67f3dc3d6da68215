import { flag, integer, numberOf, oneOf, positive } from "../check/kinds.js";
import { take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import { cosineBetween } from "./cosine.js";
import { makeSchedule, type Schedule } from "./schedule.js";

/** How the rate goes from one corner to the next. */
export type Annealing = "cosine" | "linear";

export interface OneCycleOptions {
  readonly maxLearningRate: number;
  /** Steps of the whole cycle: those of the training. */
  readonly totalSteps: number;
  /** Share of the steps in which the rate rises, in [0, 1], with threePhase in [0, 0.5]; default 0.3. */
  readonly warmupShare?: number;
  /** The cycle begins at maxLearningRate / divFactor; default 25. */
  readonly divFactor?: number;
  /** It ends at this part of where it begins; default 10 000. */
  readonly finalDivFactor?: number;
  /** Default "cosine". */
  readonly annealing?: Annealing;
  /** Falls as steeply as it rose, then goes to its end; default false: falls to its end at once. */
  readonly threePhase?: boolean;
}

const linearBetween = (initial: number, end: number, share: number) => initial + (end - initial) * share;
const ANNEALINGS: Readonly<Record<Annealing, typeof linearBetween>> = {
  cosine: cosineBetween,
  linear: linearBetween,
};

const atLeastOne = /* @__PURE__ */ numberOf("a number of at least 1", (factor) => factor >= 1);

/**
 * Up to maxLearningRate and down again, far below where it began (Smith & Topin 2018, super-convergence), with the
 * corners and defaults of torch's OneCycleLR: pct_start is warmupShare, anneal_strategy annealing. From totalSteps on
 * it stays at its end. Momentum stays as it is.
 *
 * @throws OptionError for options that do not exist or lie outside their domain
 */
export function oneCycle(options: OneCycleOptions): Schedule {
  checkSurplus("oneCycle", arguments, 1);
  const kind = "oneCycle";
  const shareUpTo = (most: number, mode = "") =>
    numberOf(`a number in [0, ${most}]${mode}`, (share) => share >= 0 && share <= most)(0.3);
  const settled = take(kind, options, {
    maxLearningRate: positive(),
    totalSteps: integer(1),
    warmupShare: options?.threePhase === true ? shareUpTo(0.5, " with threePhase") : shareUpTo(1),
    divFactor: atLeastOne(25),
    finalDivFactor: atLeastOne(1e4),
    annealing: oneOf(ANNEALINGS, "cosine"),
    threePhase: flag(false),
  });
  const { maxLearningRate, totalSteps, warmupShare, divFactor, finalDivFactor, threePhase } = settled;
  const between = ANNEALINGS[settled.annealing];
  const first = maxLearningRate / divFactor;
  const last = first / finalDivFactor;
  // Corners as in torch: with ends before their starts where the share is of less than a step.
  const top = { at: warmupShare * totalSteps - 1, rate: maxLearningRate };
  const back = { at: 2 * warmupShare * totalSteps - 2, rate: first };
  const end = { at: totalSteps - 1, rate: last };
  const corners = threePhase ? [top, back, end] : [top, end];
  return makeSchedule({ kind, options: settled, steps: totalSteps }, (step) => {
    const now = Math.min(step, totalSteps - 1);
    let from = { at: 0, rate: first };
    for (const to of corners) {
      if (now <= to.at || to === end) {
        const passed = to.at === from.at ? 1 : (now - from.at) / (to.at - from.at);
        return between(from.rate, to.rate, passed);
      }
      from = to;
    }
    return last;
  });
}
