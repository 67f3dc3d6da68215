import type { Value } from "../../graph/value.js";
import { peakOf } from "../memory/live.js";
import type { RecomputeInput } from "../memory/nodes.js";
import { type Plan, type PlanInput, plan } from "../memory/plan.js";
import { recompute } from "./recompute.js";

/** A method that fits, with as little computed again as was found. */
export interface Fitting {
  readonly fits: true;
  readonly order: readonly Value[];
  readonly plan: Plan;
  /** What now stands for each value of the old order that is still there. */
  readonly final: ReadonlyMap<Value, Value>;
  /** Cost of all that is computed again: see cost.ts. */
  readonly cost: number;
}

/** A method that does not. */
export interface Misfit {
  readonly fits: false;
  /** The smallest arena that was found: with this limit it would fit. */
  readonly needsBytes: number;
}

/** Plans a method for an arena of at most so many bytes, by computing values again where it is too large. */
export type PlanWithin = (input: RecomputeInput, limitBytes: number) => Fitting | Misfit;

/** Each budget that is tried is this share of the one before. */
const RATIO = 7 / 8;

/** Halvings between the largest budget that fits and the next. */
const REFINEMENTS = 3;

/**
 * Plans a method for an arena of at most `limitBytes`, by computing values again where it is too large.
 *
 * The budgets form a fixed series, so that what one limit finds another finds too. First come those below the limit, the
 * largest first, since smaller ones have more computed again, down to one at which that is too much; then, since an arena
 * may be smaller than its budget, those above it.
 */
export function planWithin(input: RecomputeInput, limitBytes: number): Fitting | Misfit {
  const whole = plan(input);
  const same = new Map(input.order.map((value) => [value, value]));
  if (whole.arenaBytes <= limitBytes) {
    return { fits: true, order: input.order, plan: whole, final: same, cost: 0 };
  }
  const arenas: number[] = [];
  let best: { readonly found: Fitting; readonly budget: number } | undefined;
  /** undefined when too much would be computed again. */
  const fits = (budget: number): boolean | undefined => {
    const found = planFor(input, budget);
    if (found === undefined) return undefined;
    arenas.push(found.plan.arenaBytes);
    const isFit = found.plan.arenaBytes <= limitBytes;
    if (isFit && found.cost < (best?.found.cost ?? Number.POSITIVE_INFINITY)) best = { found, budget };
    return isFit;
  };

  const budgets = budgetsBelow(whole);
  const below = budgets.findIndex((budget) => budget <= limitBytes);
  const start = below < 0 ? budgets.length : below;
  for (let i = start; i < budgets.length && best === undefined; i++) {
    if (fits(budgets[i] as number) === undefined) break;
  }
  for (let i = start - 1; i >= 0 && best === undefined; i--) fits(budgets[i] as number);
  if (best === undefined) return { fits: false, needsBytes: Math.min(whole.arenaBytes, ...arenas) };

  let [tight, loose] = [best.budget, Math.min(best.budget / RATIO, whole.arenaBytes)];
  for (let i = 0; i < REFINEMENTS; i++) {
    const middle = Math.ceil((tight + loose) / 2);
    if (fits(middle)) tight = middle;
    else loose = middle;
  }
  return best.found;
}

/** From just below what is needed at one time down to the largest single buffer. */
function budgetsBelow({ lifetimes }: Plan): number[] {
  const least = lifetimes.reduce((most, { bytes }) => Math.max(most, bytes), 1);
  const budgets: number[] = [];
  for (let budget = peakOf(lifetimes).bytes; budget > least; budgets.push(budget)) budget *= RATIO;
  return budgets;
}

function planFor(input: RecomputeInput, budgetBytes: number): Fitting | undefined {
  const found = recompute(input, budgetBytes);
  if (found === undefined) return undefined;
  const { order, final, cost } = found;
  const last = (value: Value) => final.get(value) ?? value;
  const moved: PlanInput = {
    order,
    pinned: new Map([...input.pinned].map(([value, place]) => [last(value), place])),
    kept: new Set([...input.kept].map(last)),
    rows: input.rows,
  };
  return { fits: true, order, plan: plan(moved), final, cost };
}
