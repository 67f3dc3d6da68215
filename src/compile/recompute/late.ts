/** Computing values again is loaded when a plan exceeds its limit, which few do. */
import { UnsupportedError } from "../../check/errors.js";
import { Late } from "../../late.js";
import type { PlanWithin } from "./within.js";

export const recomputation = new Late("recomputation", () => import("./within.js"));

/** Whoever may wait loads the part, and plans once more. */
class NotLoaded extends UnsupportedError {}

/** Plans by the part. @throws NotLoaded */
export const planWithin: PlanWithin = (input, limitBytes) => {
  const part = recomputation.loaded;
  if (part !== undefined) return part.planWithin(input, limitBytes);
  throw new NotLoaded(
    "memory: the plan exceeds the limit, and what computes activations again is not loaded, for which this call cannot " +
      "wait. Give memoryLimit to compile, which then loads it, or import wasmgrad/complete.",
  );
};

/** What `plan` makes; with the part, loaded on demand, where it takes that. */
export function withRecomputation<T>(who: string, plan: () => T | Promise<T>): T | Promise<T> {
  try {
    return plan();
  } catch (error) {
    if (!(error instanceof NotLoaded)) throw error;
    return recomputation.load(who).then(plan);
  }
}
