import { madd } from "../../lanes/simd";

/**
 * y[rows, 8] = max(y · accumulate + a · b + bias, floor), the sum over k in its natural order.
 *
 * The register tile of the blocked product: a and b lie k-major in panels of 4 rows and 8 columns.
 * V8 issues all loads of a turn of the loop before its arithmetic, so the sums and the loads together must fit its
 * 15 vector registers. Eight sums and six loads do; 4x10, 4x12 and 6x8 spill and run at half speed (Node 20,
 * measured, bench/matmul). The other tiles keep to the same account.
 *
 * Rows that the last panel lacks share the address of the last one: the stores begin with the last row, so that the right one wins.
 *
 * @param y      first row, out; rows are yRow bytes apart
 * @param a      first panel; 16 bytes from one k to the next
 * @param b      panel of 8 columns, bStep bytes from one k to the next
 * @param bias   [8]
 * @param floor  [1]: 0 is the rectifier, −Infinity nothing
 */
export function matmulTile4x8(
  y: usize,
  a: usize,
  b: usize,
  bias: usize,
  floor: usize,
  rows: u32,
  k: u32,
  bStep: usize,
  yRow: usize,
  accumulate: bool,
): void {
  for (const aPanel = <usize>k << 4; ; rows -= 4) {
    let s00 = f32x4.splat(0), s01 = f32x4.splat(0);
    let s10 = f32x4.splat(0), s11 = f32x4.splat(0);
    let s20 = f32x4.splat(0), s21 = f32x4.splat(0);
    let s30 = f32x4.splat(0), s31 = f32x4.splat(0);
    for (let p = k, ap = a, bp = b; p > 0; p--, ap += 16, bp += bStep) {
      const b0 = v128.load(bp);
      const b1 = v128.load(bp, 16);
      const a0 = v128.load32_splat(ap);
      s00 = madd(a0, b0, s00);
      s01 = madd(a0, b1, s01);
      const a1 = v128.load32_splat(ap, 4);
      s10 = madd(a1, b0, s10);
      s11 = madd(a1, b1, s11);
      const a2 = v128.load32_splat(ap, 8);
      s20 = madd(a2, b0, s20);
      s21 = madd(a2, b1, s21);
      const a3 = v128.load32_splat(ap, 12);
      s30 = madd(a3, b0, s30);
      s31 = madd(a3, b1, s31);
    }
    const y1 = rows > 1 ? y + yRow : y;
    const y2 = rows > 2 ? y1 + yRow : y1;
    const y3 = rows > 3 ? y2 + yRow : y2;
    if (accumulate) {
      s00 = f32x4.add(v128.load(y), s00);
      s01 = f32x4.add(v128.load(y, 16), s01);
      s10 = f32x4.add(v128.load(y1), s10);
      s11 = f32x4.add(v128.load(y1, 16), s11);
      s20 = f32x4.add(v128.load(y2), s20);
      s21 = f32x4.add(v128.load(y2, 16), s21);
      s30 = f32x4.add(v128.load(y3), s30);
      s31 = f32x4.add(v128.load(y3, 16), s31);
    }
    const bias0 = v128.load(bias), bias1 = v128.load(bias, 16);
    const least = v128.load32_splat(floor);
    v128.store(y3, f32x4.pmax(f32x4.add(s30, bias0), least));
    v128.store(y3, f32x4.pmax(f32x4.add(s31, bias1), least), 16);
    v128.store(y2, f32x4.pmax(f32x4.add(s20, bias0), least));
    v128.store(y2, f32x4.pmax(f32x4.add(s21, bias1), least), 16);
    v128.store(y1, f32x4.pmax(f32x4.add(s10, bias0), least));
    v128.store(y1, f32x4.pmax(f32x4.add(s11, bias1), least), 16);
    v128.store(y, f32x4.pmax(f32x4.add(s00, bias0), least));
    v128.store(y, f32x4.pmax(f32x4.add(s01, bias1), least), 16);
    if (rows <= 4) return;
    a += aPanel;
    y = y3 + yRow;
  }
}
