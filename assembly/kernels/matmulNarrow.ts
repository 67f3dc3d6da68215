import { madd } from "../simd";

// The tiles for the columns that n leaves over after the panels of 8. Lanes run along the rows of a, not along the
// columns of b, so that no lane is idle when n is 10: each sum belongs to one column and four rows.
// The tile is written to t column by column, matmulSettle brings it to y.

/**
 * t[columns, 16] = (a · b)ᵀ for one or two columns.
 *
 * @param t  out
 * @param a0 … a3  panels of four rows, k-major
 * @param b  panel of 8 columns, k-major
 */
export function matmulTile16x2(t: usize, a0: usize, a1: usize, a2: usize, a3: usize, b: usize, k: u32): void {
  let s00 = f32x4.splat(0), s10 = f32x4.splat(0), s20 = f32x4.splat(0), s30 = f32x4.splat(0);
  let s01 = f32x4.splat(0), s11 = f32x4.splat(0), s21 = f32x4.splat(0), s31 = f32x4.splat(0);
  for (; k > 0; k--) {
    const b0 = v128.load32_splat(b);
    const b1 = v128.load32_splat(b, 4);
    const r0 = v128.load(a0);
    s00 = madd(r0, b0, s00);
    s01 = madd(r0, b1, s01);
    const r1 = v128.load(a1);
    s10 = madd(r1, b0, s10);
    s11 = madd(r1, b1, s11);
    const r2 = v128.load(a2);
    s20 = madd(r2, b0, s20);
    s21 = madd(r2, b1, s21);
    const r3 = v128.load(a3);
    s30 = madd(r3, b0, s30);
    s31 = madd(r3, b1, s31);
    a0 += 16; a1 += 16; a2 += 16; a3 += 16; b += 32;
  }
  v128.store(t, s00);
  v128.store(t, s10, 16);
  v128.store(t, s20, 32);
  v128.store(t, s30, 48);
  v128.store(t, s01, 64);
  v128.store(t, s11, 80);
  v128.store(t, s21, 96);
  v128.store(t, s31, 112);
}

/** t[columns, 8] = (a · b)ᵀ for three or four columns: see matmulTile16x2. */
export function matmulTile8x4(t: usize, a0: usize, a1: usize, b: usize, k: u32): void {
  let s00 = f32x4.splat(0), s01 = f32x4.splat(0), s02 = f32x4.splat(0), s03 = f32x4.splat(0);
  let s10 = f32x4.splat(0), s11 = f32x4.splat(0), s12 = f32x4.splat(0), s13 = f32x4.splat(0);
  for (; k > 0; k--) {
    const r0 = v128.load(a0);
    const r1 = v128.load(a1);
    const b0 = v128.load32_splat(b);
    s00 = madd(r0, b0, s00);
    s10 = madd(r1, b0, s10);
    const b1 = v128.load32_splat(b, 4);
    s01 = madd(r0, b1, s01);
    s11 = madd(r1, b1, s11);
    const b2 = v128.load32_splat(b, 8);
    s02 = madd(r0, b2, s02);
    s12 = madd(r1, b2, s12);
    const b3 = v128.load32_splat(b, 12);
    s03 = madd(r0, b3, s03);
    s13 = madd(r1, b3, s13);
    a0 += 16; a1 += 16; b += 32;
  }
  v128.store(t, s00);
  v128.store(t, s10, 16);
  v128.store(t, s01, 32);
  v128.store(t, s11, 48);
  v128.store(t, s02, 64);
  v128.store(t, s12, 80);
  v128.store(t, s03, 96);
  v128.store(t, s13, 112);
}

/**
 * y = max(y · accumulate + t + bias, floor) for the part of a tile that lies inside the product.
 *
 * @param y  first element, out; rows are yRow bytes apart
 * @param t  the tile: tRow bytes from row to row, tColumn from column to column
 */
export function matmulSettle(
  y: usize, t: usize, bias: usize, floor: usize,
  rows: u32, columns: u32, yRow: usize, tRow: usize, tColumn: usize, accumulate: bool,
): void {
  const least = load<f32>(floor);
  for (let i: u32 = 0; i < rows; i++) {
    for (let j: u32 = 0, from = t; j < columns; j++, from += tColumn) {
      const at = <usize>j << 2;
      const sum = (accumulate ? load<f32>(y + at) + load<f32>(from) : load<f32>(from)) + load<f32>(bias + at);
      store<f32>(y + at, sum < least ? least : sum);
    }
    y += yRow;
    t += tRow;
  }
}
