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
import { fact, family } from "./fact.js";

export const stepKinds = family("step", Family.Step, StepOp, {
  Gather: fact(GatherRecord, { result: "y", reads: [] }),
  Report: fact(ReportRecord, {
    result: null,
    reads: ["value"],
    fault: ({ slot }) => (Number(slot) >= SUM_SLOTS ? "has no such slot" : undefined),
  }),
  Accumulate: fact(AccumulateRecord, { result: null, reads: ["sum", "gradient"] }),
  GradientNorm: fact(GradientNormRecord, { result: null, reads: ["gradient", "parameter"] }),
  CheckFinite: fact(CheckFiniteRecord, { result: null, reads: ["x"] }),
  Measure: fact(MeasureRecord, { result: null, reads: ["x"] }),
});
