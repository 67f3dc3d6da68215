/** Sums, means and softmax along axes, and their adjoint, repetition. */
export enum ReduceOp {
  /** y = x / divisor, repeated along an axis: BroadcastRecord */
  Broadcast = 0x200,
  /** y[outer] from x[outer, inner]: ReduceRecord, up to ArgMaxInner */
  SumInner = 0x201,
  MeanInner = 0x202,
  ArgMaxInner = 0x203,
  /** y[outer, inner], per row: ReduceRecord */
  Softmax = 0x204,
  /** y[batch, inner] from x[batch, outer, inner]: ReduceOuterRecord, up to MeanOuter */
  SumOuter = 0x205,
  MeanOuter = 0x206,
}

export enum BroadcastRecord { y = 2, x, outer, inner, xOuter, xInner, divisor, words }
export enum ReduceRecord { y = 2, x, outer, inner, words }
export enum ReduceOuterRecord { y = 2, x, batch, outer, inner, words }
