/**
 * What chooses between elements: comparisons, extremes, clipping. Records that are not here are those of the elementwise
 * and the reduce family.
 */
export enum ChoiceOp {
  /** y = x > 0 ? x : alpha · x: UnaryRecord */
  LeakyRelu = 0xd00,
  /** alpha ≤ y ≤ beta: UnaryRecord */
  Clip = 0xd01,
  /** y = a ∘ b, either broadcast along an axis: BinaryRecord, up to GreaterEqual */
  Minimum = 0xd02,
  NotEqual = 0xd03,
  Greater = 0xd04,
  GreaterEqual = 0xd05,
  /** y = condition ≠ 0 ? a : b, each at its stride of 0 or 1: SelectRecord */
  Select = 0xd06,
  /** y[outer] from x[outer, inner]: ReduceRecord */
  MaxInner = 0xd07,
  MinInner = 0xd08,
  /** y[batch, inner] from x[batch, outer, inner]: ReduceOuterRecord */
  MaxOuter = 0xd09,
  MinOuter = 0xd0a,
}

export enum SelectRecord { y = 2, condition, a, b, count, conditionStride, aStride, bStride, words }
