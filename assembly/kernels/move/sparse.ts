/**
 * Sparse rows as they are staged: what lies at the address of their source is
 *
 *     u32 starts[rows + 1] | pairs
 *
 * where row r has the pairs from byte starts[r] to starts[r + 1], counted from the address; a pair is the u32 index of a
 * column, ascending in its row, and its f32. The host has checked them.
 */
import { MATMUL_KC } from "../../isa/limits";
import { loadTail, storeTail } from "../../lanes/simd";

const PAIR: usize = 8;

/** The place of a row's entry among the starts: of the r-th of this step, by the order where there is one. */
@inline
function startOf(source: usize, order: usize, r: u32): usize {
  return source + (<usize>(order ? load<u32>(order + (<usize>r << 2)) : r) << 2);
}

/**
 * y[r, c] = the value of row r at column c, 0 where it has none: the rows as dense ones.
 *
 * @param y      [rows, columns] out
 * @param source sparse rows, see above
 * @param order  u32 row numbers, which the host has checked; or 0
 * @param first  the place in the order of the first row
 */
export function sparseGather(
  y: usize,
  source: usize,
  order: usize,
  first: u32,
  rows: u32,
  columns: u32,
): void {
  memory.fill(y, 0, (<usize>rows * columns) << 2);
  for (let r: u32 = 0; r < rows; r++, y += <usize>columns << 2) {
    const at = startOf(source, order, first + r);
    const end = source + load<u32>(at, 4);
    for (let pair = source + load<u32>(at); pair < end; pair += PAIR) {
      store<u32>(y + (<usize>load<u32>(pair) << 2), load<u32>(pair, 4));
    }
  }
}

/**
 * y[r] = Σ value · w[index] over the pairs of row r. The order of summation is that of matmul, whose terms of 0 are left
 * out: pairs whose indices have one quotient by MATMUL_KC are summed first, so that y has the bits of the dense product.
 *
 * @param y [rows, columns] out, aliases w nowhere
 * @param w [*, columns], as many rows as the sparse ones have columns
 */
export function sparseProduct(
  y: usize,
  w: usize,
  source: usize,
  order: usize,
  first: u32,
  rows: u32,
  columns: u32,
): void {
  const row = <usize>columns << 2;
  for (let r: u32 = 0; r < rows; r++, y += row) {
    const at = startOf(source, order, first + r);
    const start = source + load<u32>(at), end = source + load<u32>(at, 4);
    let c: u32 = 0;
    for (; c + 16 <= columns; c += 16)
      productTile16(y + (<usize>c << 2), w + (<usize>c << 2), start, end, row);
    for (; c + 4 <= columns; c += 4) {
      v128.store(y + (<usize>c << 2), productTile(w + (<usize>c << 2), start, end, row, 4));
    }
    if (c < columns) {
      const tail = productTile(w + (<usize>c << 2), start, end, row, columns - c);
      storeTail(y + (<usize>c << 2), tail, columns - c);
    }
  }
}

/** Up to four columns of a row of the product; w is read no further than them. */
function productTile(w: usize, pair: usize, end: usize, row: usize, lanes: u32): v128 {
  let total = f32x4.splat(0), sum = f32x4.splat(0);
  let block: u32 = 0;
  for (; pair < end; pair += PAIR) {
    const index = load<u32>(pair);
    if (index / MATMUL_KC != block) {
      total = f32x4.add(total, sum);
      sum = f32x4.splat(0);
      block = index / MATMUL_KC;
    }
    const x = w + <usize>index * row;
    const weights = lanes == 4 ? v128.load(x) : loadTail(x, lanes, f32x4.splat(0));
    sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(pair, 4), weights));
  }
  return f32x4.add(total, sum);
}

/** Sixteen columns of a row of the product. */
function productTile16(y: usize, w: usize, pair: usize, end: usize, row: usize): void {
  let total0 = f32x4.splat(0), total1 = f32x4.splat(0), total2 = f32x4.splat(0), total3 = f32x4.splat(0);
  let sum0 = f32x4.splat(0), sum1 = f32x4.splat(0), sum2 = f32x4.splat(0), sum3 = f32x4.splat(0);
  let block: u32 = 0;
  for (; pair < end; pair += PAIR) {
    const index = load<u32>(pair);
    if (index / MATMUL_KC != block) {
      total0 = f32x4.add(total0, sum0);
      total1 = f32x4.add(total1, sum1);
      total2 = f32x4.add(total2, sum2);
      total3 = f32x4.add(total3, sum3);
      sum0 = sum1 = sum2 = sum3 = f32x4.splat(0);
      block = index / MATMUL_KC;
    }
    const x = w + <usize>index * row;
    const value = v128.load32_splat(pair, 4);
    sum0 = f32x4.add(sum0, f32x4.mul(value, v128.load(x)));
    sum1 = f32x4.add(sum1, f32x4.mul(value, v128.load(x, 16)));
    sum2 = f32x4.add(sum2, f32x4.mul(value, v128.load(x, 32)));
    sum3 = f32x4.add(sum3, f32x4.mul(value, v128.load(x, 48)));
  }
  v128.store(y, f32x4.add(total0, sum0));
  v128.store(y, f32x4.add(total1, sum1), 16);
  v128.store(y, f32x4.add(total2, sum2), 32);
  v128.store(y, f32x4.add(total3, sum3), 48);
}

/**
 * dw[index] = Σ value · dy[r] over all pairs with that index, in the order of the rows: the gradient of sparseProduct. Rows
 * of dw that no pair has the index of are 0.
 *
 * @param dw [features, columns] out
 * @param dy [rows, columns]
 */
export function sparseProductGrad(
  dw: usize,
  dy: usize,
  source: usize,
  order: usize,
  first: u32,
  rows: u32,
  features: u32,
  columns: u32,
): void {
  const row = <usize>columns << 2;
  memory.fill(dw, 0, <usize>features * row);
  for (let r: u32 = 0; r < rows; r++, dy += row) {
    const at = startOf(source, order, first + r);
    const end = source + load<u32>(at, 4);
    for (let pair = source + load<u32>(at); pair < end; pair += PAIR) {
      addScaled(dw + <usize>load<u32>(pair) * row, dy, v128.load32_splat(pair, 4), columns);
    }
  }
}

/** y += factor · x over n floats. */
@inline
function addScaled(y: usize, x: usize, factor: v128, n: u32): void {
  for (const end = y + (<usize>(n & ~3) << 2); y < end; x += 16, y += 16) {
    v128.store(y, f32x4.add(v128.load(y), f32x4.mul(factor, v128.load(x))));
  }
  const tail = n & 3;
  if (tail) {
    const sum = f32x4.add(
      loadTail(y, tail, f32x4.splat(0)),
      f32x4.mul(factor, loadTail(x, tail, f32x4.splat(0))),
    );
    storeTail(y, sum, tail);
  }
}
