/** Computing values again is loaded when a plan exceeds its limit, which few do. */
import { Late, NotLoaded } from "../../late.js";
import type { PlanWithin } from "./within.js";

export const recomputation = new Late("recomputation", () => import("./within.js"));

/** Plans by the part. @throws NotLoaded */
export const planWithin: PlanWithin = (input, limitBytes) => {
  const part = recomputation.loaded;
  if (part !== undefined) return part.planWithin(input, limitBytes);
  throw new NotLoaded(
    recomputation,
    "memory: the plan exceeds the limit, and what computes activations again is not loaded, for which this call cannot " +
      "wait. Give memoryLimit to compile, which then loads it, or import wasmgrad/complete.",
  );
};
