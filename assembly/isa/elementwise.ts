/** The commonest functions of single elements. */
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
  Tanh = 0x108,
  Sigmoid = 0x109,
  Relu = 0x10a,
  Sign = 0x10b,
  /** y = alpha · x + beta */
  Affine = 0x10c,
  /** y = x > alpha ? 1 : 0 */
  GreaterThan = 0x10d,
  /** dx = dy · f′, from the saved output y: UnaryGradRecord, up to TanhGrad */
  ReluGrad = 0x10e,
  SigmoidGrad = 0x10f,
  TanhGrad = 0x110,
  /** y = a ∘ b, either broadcast along an axis: BinaryRecord, up to Equal */
  Add = 0x111,
  Subtract = 0x112,
  Multiply = 0x113,
  Divide = 0x114,
  Maximum = 0x115,
  Equal = 0x116,
}

export enum FillRecord { y = 2, count, value, words }
export enum UnaryRecord { y = 2, x, count, alpha, beta, words }
export enum UnaryGradRecord { dx = 2, y, dy, count, words }
export enum BinaryRecord { y = 2, a, b, outer, inner, aOuter, aInner, bOuter, bInner, words }
