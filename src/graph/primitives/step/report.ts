import { stepKinds } from "../../../compile/facts/step.js";
import { defineOp } from "../../op.js";
import type { Value } from "../../value.js";

export interface ReportAttributes {
  /** 0 is the loss. */
  readonly slot: number;
  /** Whether the scalar is a mean over the rows of the step, which counts as often as there are rows. */
  readonly weighted: boolean;
  /** Divides the scalar, in f64: a count of hits stays exact. */
  readonly divisor: number;
}

/** Adds a scalar to a sum that the host reads. */
export const report = defineOp<[Value], ReportAttributes>({
  name: "report",
  shape: () => [],
  vjp: "none",
  lower: (emit, [value], _, { slot, weighted, divisor }) =>
    emit(stepKinds.Report, { value, slot, weighted: weighted ? 1 : 0, divisor }),
  effect: true,
});
