/** Instructions of a step around its values: rows in, reports, checks. */
export enum StepOp {
  /** y = scale · source[order[cursor + i]] + offset: GatherRecord */
  Gather = 0x001,
  /** sums[slot] += value / divisor, times the rows when weighted: ReportRecord */
  Report = 0x002,
  /** sum = gradient · share of the step's rows, added to what earlier micro-batches left: AccumulateRecord */
  Accumulate = 0x003,
  /** ‖gradient‖, the clipping factor, and the check before the update: GradientNormRecord */
  GradientNorm = 0x004,
  /** Stops the step before its update unless x is finite: CheckFiniteRecord */
  CheckFinite = 0x005,
  /** What a tensor is like, for reports: MeasureRecord */
  Measure = 0x006,
}

export enum GatherRecord { y = 2, source, inner, scale, offset, words }
export enum ReportRecord { value = 2, slot, weighted, divisor, words }
export enum AccumulateRecord { sum = 2, gradient, count, weighted, words }
/** `bound` is what the clipping of elements and of single parameters, which comes later, leaves of the norm; 0: there is none. */
export enum GradientNormRecord { gradient = 2, parameter, count, maximum, bound, amplification, constant, decay, words }
export enum CheckFiniteRecord { x = 2, count, words }
/** x is [outer, inner]; results go to an entry of the statistics. */
export enum MeasureRecord { x = 2, outer, inner, low, high, slot, words }
