/** Normalization by mean and variance, and the running averages of these. */
export enum NormalizeOp {
  /** y = (x − mean) / √(variance + epsilon) per row, or x / √(mean square + epsilon): NormalizeInnerRecord */
  NormalizeInner = 0x900,
  /** dx from x and dy: NormalizeInnerGradRecord */
  NormalizeInnerGrad = 0x901,
  /** y = (x − mean) / √(variance + epsilon) per column of each [outer, inner]: NormalizeOuterRecord */
  NormalizeOuter = 0x902,
  /** dx from x and dy: NormalizeOuterGradRecord */
  NormalizeOuterGrad = 0x903,
  /** average += share · (value − average): RunningAverageRecord */
  RunningAverage = 0x904,
}

/** `centered`: 1 subtracts the mean, 0 does not. */
export enum NormalizeInnerRecord { y = 2, x, outer, inner, epsilon, centered, words }
export enum NormalizeInnerGradRecord { dx = 2, x, dy, outer, inner, epsilon, centered, words }
export enum NormalizeOuterRecord { y = 2, x, batch, outer, inner, epsilon, words }
export enum NormalizeOuterGradRecord { dx = 2, x, dy, batch, outer, inner, epsilon, words }
export enum RunningAverageRecord { average = 2, value, count, share, words }
