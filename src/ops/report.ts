import { Op, ReportRecord } from "../../assembly/isa.js";
import { defineOp } from "../graph/op.js";
import type { Value } from "../graph/value.js";

/** Adds a scalar, weighted by the rows of the step, to a sum that the host reads. Slot 0 is the loss. */
export const report = defineOp<[Value], { readonly slot: number }>({
  name: "report",
  shape: () => [],
  vjp: "none",
  lower: (emit, [value], _, { slot }) => emit(Op.Report, ReportRecord, { value, slot }),
  effect: true,
});
