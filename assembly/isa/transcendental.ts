/**
 * Functions of single elements that are series of their own, and what is made of softmax beside itself. Records that are
 * not here are those of the elementwise and the reduce family.
 */
export enum TranscendentalOp {
  /** y = f(x): UnaryRecord, up to Mish */
  Log1p = 0x700,
  Expm1 = 0x701,
  Sin = 0x702,
  Cos = 0x703,
  Softplus = 0x704,
  Erf = 0x705,
  /** alpha is the scale of the negative part */
  Elu = 0x706,
  Gelu = 0x707,
  GeluTanh = 0x708,
  Silu = 0x709,
  Mish = 0x70a,
  /** dx = dy · f′(x), from the saved input x, which the record calls y: UnaryGradRecord, up to MishGrad */
  GeluGrad = 0x70b,
  GeluTanhGrad = 0x70c,
  SiluGrad = 0x70d,
  MishGrad = 0x70e,
  /** y = a ^ b: BinaryRecord */
  Power = 0x70f,
  /** y = f(x): UnaryRecord */
  Exp = 0x710,
  Log = 0x711,
  /** y[outer] from x[outer, inner]: ReduceRecord */
  LogSumExpInner = 0x712,
  /** y[outer, inner], per row: ReduceRecord */
  LogSoftmax = 0x713,
  /** dx from y and dy, per row: RowGradRecord */
  SoftmaxGrad = 0x714,
  LogSoftmaxGrad = 0x715,
}

export enum RowGradRecord { dx = 2, y, dy, outer, inner, words }
