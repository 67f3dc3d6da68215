import { SUM_SLOTS } from "../../../assembly/isa/limits.js";
import { Family } from "../../../assembly/isa/op.js";
import {
  AccumulateRecord,
  CheckFiniteRecord,
  GatherRecord,
  GradientNormRecord,
  MeasureRecord,
  ReportRecord,
  StepOp,
} from "../../../assembly/isa/step.js";
import { longSumBytes, MEASURE_BYTES } from "./chunks.js";
import { fact, family } from "./fact.js";

export const stepKinds = family("step", Family.Step, StepOp, {
  Gather: fact(GatherRecord, { result: "y", reads: [] }),
  Report: fact(ReportRecord, {
    result: null,
    reads: ["value"],
    fault: ({ slot }) => (Number(slot) >= SUM_SLOTS ? "has no such slot" : undefined),
  }),
  Accumulate: fact(AccumulateRecord, { result: null, reads: ["sum", "gradient"] }),
  GradientNorm: fact(GradientNormRecord, {
    result: null,
    reads: ["gradient", "parameter"],
    scratch: (size) => longSumBytes(size("count")),
  }),
  CheckFinite: fact(CheckFiniteRecord, {
    result: null,
    reads: ["x"],
    scratch: (size) => longSumBytes(size("count")),
  }),
  Measure: fact(MeasureRecord, { result: null, reads: ["x"], scratch: () => MEASURE_BYTES }),
});
