/** Products of matrices. */
export enum MatmulOp {
  /** y = activation(op(a) · op(b) + bias): MatmulRecord */
  Matmul = 0x300,
  /** y[batch] = op(a[batch]) · op(b[batch]), the matrices a stride apart: BatchMatmulRecord */
  BatchMatmul = 0x301,
}

export enum MatmulRecord { y = 2, a, b, bias, m, n, k, form, activation, words }
export enum BatchMatmulRecord { y = 2, a, b, batch, aStride, bStride, m, n, k, form, words }

/** Which operand of a matmul is stored transposed. */
export enum Form {
  /** a[m, k] · b[k, n] */
  AB = 0,
  /** aᵀ · b, with a stored [k, m] */
  AtB = 1,
  /** a · bᵀ, with b stored [n, k] */
  ABt = 2,
}

/** What a matmul applies to its result before it stores it. */
export enum Activation {
  None = 0,
  Relu = 1,
  Sigmoid = 2,
  Tanh = 3,
}
