/** Functions of single elements that are series of their own. Their records are those of the elementwise family. */
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
}
