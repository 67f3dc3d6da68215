import { madd } from "../../lanes/simd";

/** Two neighbors are loaded before either is stored, or V8's revectorizer skips the tile (measured, shared/FACTS.md). */
@inline
function addPair(sums: usize, s0: v128, s1: v128): void {
  const a0 = v128.load(sums), a1 = v128.load(sums, 16);
  v128.store(sums, f32x4.add(a0, s0));
  v128.store(sums, f32x4.add(a1, s1), 16);
}

/**
 * sums[4, 8] += Σ over pixels of x[pixel + (0, d1, d2, d3)] · dy[pixel, 8], for one panel of 8 columns after the other.
 *
 * @param sums     of the first panel, 32 bytes a row; sumPanel bytes to the next
 * @param dy       of the first panel, 32 bytes a pixel; panel bytes to the next
 * @param span     bytes of a row of pixels in x, at xPixel bytes a pixel; xGap more to the next
 */
export function kernelGradTile4x8(
  sums: usize,
  sumPanel: usize,
  x: usize,
  d1: usize,
  d2: usize,
  d3: usize,
  dy: usize,
  panel: usize,
  panels: u32,
  rows: u32,
  span: usize,
  xPixel: usize,
  xGap: usize,
): void {
  for (; panels; panels--, sums += sumPanel, dy += panel) {
    let s00 = f32x4.splat(0), s01 = f32x4.splat(0), s10 = f32x4.splat(0), s11 = f32x4.splat(0);
    let s20 = f32x4.splat(0), s21 = f32x4.splat(0), s30 = f32x4.splat(0), s31 = f32x4.splat(0);
    let at = x, b = dy, left = rows;
    do {
      const end = at + span;
      do {
        const b0 = v128.load(b), b1 = v128.load(b, 16);
        const a0 = v128.load32_splat(at);
        s00 = madd(a0, b0, s00);
        s01 = madd(a0, b1, s01);
        const a1 = v128.load32_splat(at + d1);
        s10 = madd(a1, b0, s10);
        s11 = madd(a1, b1, s11);
        const a2 = v128.load32_splat(at + d2);
        s20 = madd(a2, b0, s20);
        s21 = madd(a2, b1, s21);
        const a3 = v128.load32_splat(at + d3);
        s30 = madd(a3, b0, s30);
        s31 = madd(a3, b1, s31);
        at += xPixel;
        b += 32;
      } while (at != end);
      at += xGap;
    } while (--left);
    addPair(sums, s00, s01);
    addPair(sums + 32, s10, s11);
    addPair(sums + 64, s20, s21);
    addPair(sums + 96, s30, s31);
  }
}
