/** Sums, means, extremes and softmax along axes, and their adjoint, repetition. */
export enum ReduceOp {
  /** y = x / divisor, repeated along an axis: BroadcastRecord */
  Broadcast = 0x200,
  /** y[outer] from x[outer, inner]: ReduceRecord, up to ArgMaxInner */
  SumInner = 0x201,
  MeanInner = 0x202,
  MaxInner = 0x203,
  MinInner = 0x204,
  LogSumExpInner = 0x205,
  ArgMaxInner = 0x206,
  /** y[outer, inner], per row: ReduceRecord */
  Softmax = 0x207,
  LogSoftmax = 0x208,
  /** y[batch, inner] from x[batch, outer, inner]: ReduceOuterRecord, up to MinOuter */
  SumOuter = 0x209,
  MeanOuter = 0x20a,
  MaxOuter = 0x20b,
  MinOuter = 0x20c,
  /** dx from y and dy, per row: RowGradRecord */
  SoftmaxGrad = 0x20d,
  LogSoftmaxGrad = 0x20e,
}

export enum BroadcastRecord { y = 2, x, outer, inner, xOuter, xInner, divisor, words }
export enum ReduceRecord { y = 2, x, outer, inner, words }
export enum ReduceOuterRecord { y = 2, x, batch, outer, inner, words }
export enum RowGradRecord { dx = 2, y, dy, outer, inner, words }
