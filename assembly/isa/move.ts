/** Elements that go elsewhere: along strides, by index, summed up on the way. */
export enum MoveOp {
  /** y[yOffset + Σ iₐ · yₐ] = x[xOffset + Σ iₐ · xₐ] for all indices i below the sizes: MoveRecord */
  Move = 0x800,
  /** y = Σ of x up to each place along the middle axis of [outer, length, inner]: CumulativeSumRecord */
  CumulativeSum = 0x801,
  /** y[outer, count, inner] = x[outer, index[count], inner], x having `length` places along its middle axis: TakeRecord */
  Take = 0x802,
  /** dx[outer, length, inner] = 0, then dx[outer, index[count], inner] += dy[outer, count, inner]: ScatterAddRecord */
  ScatterAdd = 0x803,
  /** y[count, depth] = index[count] = depth ? 1 : 0: OneHotRecord */
  OneHot = 0x804,
  /** y[rows, inner] = the sparse rows of a source as dense ones: SparseGatherRecord */
  SparseGather = 0x805,
  /** y[rows, columns] = the sparse rows of a source · w: SparseProductRecord */
  SparseProduct = 0x806,
  /** dw[features, columns] = the sparse rows of a source, transposed · dy[rows, columns]: SparseProductGradRecord */
  SparseProductGrad = 0x807,
}

export enum MoveRecord { y = 2, x, yOffset, xOffset, size0, size1, size2, size3, size4, size5, size6, size7, y0, y1, y2, y3, y4, y5, y6, y7, x0, x1, x2, x3, x4, x5, x6, x7, words }
export enum CumulativeSumRecord { y = 2, x, outer, length, inner, reverse, exclusive, words }
export enum TakeRecord { y = 2, x, index, outer, count, length, inner, words }
export enum ScatterAddRecord { dx = 2, dy, index, outer, count, length, inner, words }
export enum OneHotRecord { y = 2, index, count, depth, words }
export enum SparseGatherRecord { y = 2, source, inner, words }
export enum SparseProductRecord { y = 2, w, source, columns, words }
export enum SparseProductGradRecord { dw = 2, dy, source, features, columns, words }
