/** Functions of single elements, without a series of their own but for the commonest. */
export enum ElementwiseOp {
  /** y = value: FillRecord */
  Fill = 0x100,
  /** y = f(x): UnaryRecord, up to GreaterThan */
  Copy = 0x101,
  Negate = 0x102,
  Abs = 0x103,
  Square = 0x104,
  SquareRoot = 0x105,
  Reciprocal = 0x106,
  ReciprocalSquareRoot = 0x107,
  Exp = 0x108,
  Log = 0x109,
  Tanh = 0x10a,
  Sigmoid = 0x10b,
  Relu = 0x10c,
  Sign = 0x10d,
  /** alpha is the slope */
  LeakyRelu = 0x10e,
  /** y = alpha · x + beta */
  Affine = 0x10f,
  /** alpha ≤ y ≤ beta */
  Clip = 0x110,
  /** y = x > alpha ? 1 : 0 */
  GreaterThan = 0x111,
  /** dx = dy · f′, from the saved output y: UnaryGradRecord, up to TanhGrad */
  ReluGrad = 0x112,
  SigmoidGrad = 0x113,
  TanhGrad = 0x114,
  /** y = a ∘ b, either broadcast along an axis: BinaryRecord, up to GreaterEqual */
  Add = 0x115,
  Subtract = 0x116,
  Multiply = 0x117,
  Divide = 0x118,
  Minimum = 0x119,
  Maximum = 0x11a,
  Equal = 0x11b,
  NotEqual = 0x11c,
  Greater = 0x11d,
  GreaterEqual = 0x11e,
  /** y = condition ≠ 0 ? a : b, each at its stride of 0 or 1: SelectRecord */
  Select = 0x11f,
}

export enum FillRecord { y = 2, count, value, words }
export enum UnaryRecord { y = 2, x, count, alpha, beta, words }
export enum UnaryGradRecord { dx = 2, y, dy, count, words }
export enum BinaryRecord { y = 2, a, b, outer, inner, aOuter, aInner, bOuter, bInner, words }
export enum SelectRecord { y = 2, condition, a, b, count, conditionStride, aStride, bStride, words }
