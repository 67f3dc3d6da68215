/** Instructions of a step around its values: rows in, reports, checks. */
import { Control, SourceRecord, StatisticsRecord, Status } from "../../isa/control";
import {
  AccumulateRecord,
  CheckFiniteRecord,
  GatherRecord,
  GradientNormRecord,
  MeasureRecord,
  ReportRecord,
  StepOp,
} from "../../isa/step";
import { count, real, word } from "../../record";
import { accumulate } from "./accumulate";
import { checkUpdate } from "./checkUpdate";
import { gather } from "./gather";
import { gradientNorm } from "./gradientNorm";
import { measure } from "./measure";
import { report } from "./report";

/** Decodes a record of the family and runs its kernel. */
export function execute(control: usize, r: usize, _thread: u32, _threads: u32): u32 {
  switch (load<i32>(r)) {
    case StepOp.Gather:
      return executeGather(control, r);
    case StepOp.Report:
      report(
        control,
        load<f32>(word(r, ReportRecord.value)),
        word(r, ReportRecord.slot),
        word(r, ReportRecord.weighted),
        word(r, ReportRecord.divisor),
      );
      return Status.Ok;
    case StepOp.Accumulate:
      return executeAccumulate(control, r);
    case StepOp.GradientNorm:
      return executeGradientNorm(control, r);
    case StepOp.CheckFinite: {
      const n = count(control, r, CheckFiniteRecord.count);
      const norm = gradientNorm(word(r, CheckFiniteRecord.x), n, load<u32>(control, Control.scratch));
      return isFinite(norm) ? Status.Ok : Status.Diverged;
    }
    case StepOp.Measure:
      return executeMeasure(control, r);
    default:
      return Status.UnknownOp;
  }
}

function executeGather(control: usize, r: usize): u32 {
  const entry: usize =
    load<u32>(control, Control.sources) + word(r, GatherRecord.source) * SourceRecord.bytes;
  gather(
    word(r, GatherRecord.y),
    load<u32>(entry, SourceRecord.address),
    load<u32>(entry, SourceRecord.kind),
    load<u32>(control, Control.order),
    load<u32>(control, Control.cursor),
    load<u32>(control, Control.rows),
    count(control, r, GatherRecord.inner),
    real(r, GatherRecord.scale),
    real(r, GatherRecord.offset),
  );
  return Status.Ok;
}

/** The rows of this micro-batch as a share of those of the step; sums are added as they are. */
function executeAccumulate(control: usize, r: usize): u32 {
  const rows = load<u32>(control, Control.rows);
  const stepRows = load<u32>(control, Control.stepRows);
  const share: f32 = word(r, AccumulateRecord.weighted) ? <f32>(<f64>rows / <f64>stepRows) : 1;
  accumulate(
    word(r, AccumulateRecord.sum),
    word(r, AccumulateRecord.gradient),
    count(control, r, AccumulateRecord.count),
    share,
    load<u32>(control, Control.rowsBefore) == 0 ? 1 : 0,
  );
  return Status.Ok;
}

function executeGradientNorm(control: usize, r: usize): u32 {
  const isWithin = checkUpdate(
    control,
    word(r, GradientNormRecord.gradient),
    word(r, GradientNormRecord.parameter),
    count(control, r, GradientNormRecord.count),
    real(r, GradientNormRecord.maximum),
    real(r, GradientNormRecord.bound),
    real(r, GradientNormRecord.amplification),
    real(r, GradientNormRecord.constant),
    real(r, GradientNormRecord.decay),
  );
  return isWithin ? Status.Ok : Status.Diverged;
}

function executeMeasure(control: usize, r: usize): u32 {
  measure(
    <usize>load<u32>(control, Control.statistics) + word(r, MeasureRecord.slot) * StatisticsRecord.bytes,
    word(r, MeasureRecord.x),
    count(control, r, MeasureRecord.outer),
    count(control, r, MeasureRecord.inner),
    real(r, MeasureRecord.low),
    real(r, MeasureRecord.high),
    load<u32>(control, Control.scratch),
  );
  return Status.Ok;
}
