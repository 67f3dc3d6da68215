import { madd, storeTail } from "../../lanes/simd";
import { matmulLoadTail } from "./matmulTail";

// The tiles for the columns that n leaves over after the panels of 8. Lanes run along the rows of a, not along the
// columns of b, so that no lane is idle when n is 10: each sum belongs to one column and four rows.
// A tile goes to t column by column; matmulSettle turns it into rows of y.

/**
 * t[2, 16] = (a · b)ᵀ for two columns.
 *
 * @param t  out
 * @param a0 … a3  panels of four rows, k-major
 * @param b  panel of 8 columns, bStep bytes from one k to the next
 */
function matmulTile16x2(
  t: usize,
  a0: usize,
  a1: usize,
  a2: usize,
  a3: usize,
  b: usize,
  k: u32,
  bStep: usize,
): void {
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
    a0 += 16;
    a1 += 16;
    a2 += 16;
    a3 += 16;
    b += bStep;
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

/** t[4, 8] = (a · b)ᵀ for four columns: see matmulTile16x2. */
function matmulTile8x4(t: usize, a0: usize, a1: usize, b: usize, k: u32, bStep: usize): void {
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
    a0 += 16;
    a1 += 16;
    b += bStep;
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

@inline
function settleRow(y: usize, sum: v128, bias: v128, least: v128, columns: u32, accumulate: bool): void {
  if (accumulate) sum = f32x4.add(matmulLoadTail(y, columns), sum);
  sum = f32x4.pmax(f32x4.add(sum, bias), least);
  if (columns == 4) v128.store(y, sum);
  else storeTail(y, sum, columns);
}

/**
 * y[rows, columns] = max(y · accumulate + tᵀ + bias, floor), columns <= 4.
 *
 * @param y  first element, out; rows are yRow bytes apart
 * @param t  columns of the tile, tColumn bytes apart
 */
function matmulSettle(
  y: usize,
  t: usize,
  bias: usize,
  floor: usize,
  rows: u32,
  columns: u32,
  yRow: usize,
  tColumn: usize,
  accumulate: bool,
): void {
  const least = v128.load32_splat(floor);
  const biases = matmulLoadTail(bias, columns);
  const t1 = columns > 1 ? tColumn : 0;
  const t2 = columns > 2 ? tColumn << 1 : 0;
  const t3 = columns > 3 ? t2 + tColumn : 0;
  for (; ; rows -= 4, t += 16) {
    const c0 = v128.load(t), c1 = v128.load(t + t1), c2 = v128.load(t + t2), c3 = v128.load(t + t3);
    const low01 = v128.shuffle<i32>(c0, c1, 0, 4, 1, 5), high01 = v128.shuffle<i32>(c0, c1, 2, 6, 3, 7);
    const low23 = v128.shuffle<i32>(c2, c3, 0, 4, 1, 5), high23 = v128.shuffle<i32>(c2, c3, 2, 6, 3, 7);
    settleRow(y, v128.shuffle<i64>(low01, low23, 0, 2), biases, least, columns, accumulate);
    y += yRow;
    if (rows > 1) settleRow(y, v128.shuffle<i64>(low01, low23, 1, 3), biases, least, columns, accumulate);
    y += yRow;
    if (rows > 2) settleRow(y, v128.shuffle<i64>(high01, high23, 0, 2), biases, least, columns, accumulate);
    y += yRow;
    if (rows > 3) settleRow(y, v128.shuffle<i64>(high01, high23, 1, 3), biases, least, columns, accumulate);
    y += yRow;
    if (rows <= 4) return;
  }
}

/**
 * y[rows, columns] = max(y · accumulate + a · b + bias, floor), columns < 8.
 *
 * @param y    first element, out; rows are yRow bytes apart
 * @param a    packed rows
 * @param b    panel of 8 columns, bStep bytes from one k to the next
 * @param tile [32] scratch
 */
export function matmulNarrow(
  y: usize,
  a: usize,
  b: usize,
  bias: usize,
  floor: usize,
  rows: u32,
  columns: u32,
  k: u32,
  bStep: usize,
  yRow: usize,
  accumulate: bool,
  tile: usize,
): void {
  const panel = <usize>k << 4;
  for (let j: u32 = 0; j < columns; j += 4) {
    const at = <usize>j << 2;
    const width = min<u32>(4, columns - j);
    const height: u32 = width > 2 ? 8 : 16;
    for (let i: u32 = 0; i < rows; i += height) {
      // A panel that the block lacks is read from the last one; what it gives is not stored.
      const last = <usize>((rows - i - 1) >> 2);
      const a0 = a + <usize>(i >> 2) * panel;
      const a1 = a0 + min<usize>(1, last) * panel;
      if (width > 2) matmulTile8x4(tile, a0, a1, b + at, k, bStep);
      else {
        const a2 = a0 + min<usize>(2, last) * panel, a3 = a0 + min<usize>(3, last) * panel;
        matmulTile16x2(tile, a0, a1, a2, a3, b + at, k, bStep);
      }
      matmulSettle(
        y + <usize>i * yRow + at,
        tile,
        bias + at,
        floor,
        min<u32>(height, rows - i),
        width,
        yRow,
        <usize>height << 2,
        accumulate,
      );
    }
  }
}
