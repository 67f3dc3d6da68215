/**
 * Register tiles of a convolution: pixels × output channels, along runs of floats that lie side by side, or single ones.
 *
 *     y[pixel, j] = max(y · accumulate + Σ x[pixel + offset] · w[term, j] + bias[j], floor)
 *
 * Pixels are a run over the places of a block, row by row. One pointer moves, and the other pixels are differences from
 * it: pointers that all move cost 4 to 8 points of the peak on Node 20 (measured). Eight sums and six loads are as many as
 * fit V8's registers, see matmul/matmulTile.ts. Pixels that the last tile lacks share the place of the last one: the
 * stores begin with the last, so that each has its own.
 *
 * The table of a part of the sum has runs (segmentTable), or, where these are short, single terms (tapTable): taps have no
 * loop within the loop.
 *
 * @param y       out, at the first pixel and channel; yPixel bytes a pixel, yGap more from the end of a row to the next
 * @param w       one panel, [terms][channels of the tile]
 * @param bias    [channels of the tile]
 * @param floor   [1]: 0 is the rectifier, −Infinity nothing
 * @param table   of one part of the sum
 * @param columns pixels of a row
 */
import { madd } from "../../lanes/simd";

/** Two pixels of 16 channels. */
@inline
function tile2x16(
  isTap: bool,
  y: usize,
  x: usize,
  w: usize,
  bias: usize,
  floor: usize,
  table: usize,
  tableEnd: usize,
  accumulate: bool,
  pixels: u32,
  columns: u32,
  xPixel: usize,
  xGap: usize,
  yPixel: usize,
  yGap: usize,
): void {
  let left = columns;
  for (;;) {
    const x0 = x, y0 = y;
    let x1 = x, y1 = y;
    for (let i: u32 = 1; ; i++) {
      x += xPixel;
      y += yPixel;
      if (--left == 0) {
        left = columns;
        x += xGap;
        y += yGap;
      }
      if (i >= pixels || i == 2) break;
      x1 = x;
      y1 = y;
    }
    const d1 = x1 - x0;
    let s00 = f32x4.splat(0), s01 = f32x4.splat(0), s02 = f32x4.splat(0), s03 = f32x4.splat(0);
    let s10 = f32x4.splat(0), s11 = f32x4.splat(0), s12 = f32x4.splat(0), s13 = f32x4.splat(0);
    let b = w, t = table;
    do {
      let at = x0 + <usize>load<u32>(t);
      const end = isTap ? at + 4 : at + <usize>load<u32>(t, 4);
      do {
        const b0 = v128.load(b), b1 = v128.load(b, 16), b2 = v128.load(b, 32), b3 = v128.load(b, 48);
        const a0 = v128.load32_splat(at);
        s00 = madd(a0, b0, s00);
        s01 = madd(a0, b1, s01);
        s02 = madd(a0, b2, s02);
        s03 = madd(a0, b3, s03);
        const a1 = v128.load32_splat(at + d1);
        s10 = madd(a1, b0, s10);
        s11 = madd(a1, b1, s11);
        s12 = madd(a1, b2, s12);
        s13 = madd(a1, b3, s13);
        at += 4;
        b += 64;
      } while (!isTap && at != end);
      t += isTap ? 4 : 8;
    } while (t != tableEnd);
    if (accumulate) {
      s00 = f32x4.add(v128.load(y0), s00);
      s01 = f32x4.add(v128.load(y0, 16), s01);
      s02 = f32x4.add(v128.load(y0, 32), s02);
      s03 = f32x4.add(v128.load(y0, 48), s03);
      s10 = f32x4.add(v128.load(y1), s10);
      s11 = f32x4.add(v128.load(y1, 16), s11);
      s12 = f32x4.add(v128.load(y1, 32), s12);
      s13 = f32x4.add(v128.load(y1, 48), s13);
    }
    const c0 = v128.load(bias),
      c1 = v128.load(bias, 16),
      c2 = v128.load(bias, 32),
      c3 = v128.load(bias, 48),
      least = v128.load32_splat(floor);
    v128.store(y1, f32x4.pmax(f32x4.add(s10, c0), least));
    v128.store(y1, f32x4.pmax(f32x4.add(s11, c1), least), 16);
    v128.store(y1, f32x4.pmax(f32x4.add(s12, c2), least), 32);
    v128.store(y1, f32x4.pmax(f32x4.add(s13, c3), least), 48);
    v128.store(y0, f32x4.pmax(f32x4.add(s00, c0), least));
    v128.store(y0, f32x4.pmax(f32x4.add(s01, c1), least), 16);
    v128.store(y0, f32x4.pmax(f32x4.add(s02, c2), least), 32);
    v128.store(y0, f32x4.pmax(f32x4.add(s03, c3), least), 48);
    if (pixels <= 2) return;
    pixels -= 2;
  }
}

/** Four pixels of 8 channels. */
@inline
function tile4x8(
  isTap: bool,
  y: usize,
  x: usize,
  w: usize,
  bias: usize,
  floor: usize,
  table: usize,
  tableEnd: usize,
  accumulate: bool,
  pixels: u32,
  columns: u32,
  xPixel: usize,
  xGap: usize,
  yPixel: usize,
  yGap: usize,
): void {
  let left = columns;
  for (;;) {
    const x0 = x, y0 = y;
    let x1 = x, y1 = y, x2 = x, y2 = y, x3 = x, y3 = y;
    for (let i: u32 = 1; ; i++) {
      x += xPixel;
      y += yPixel;
      if (--left == 0) {
        left = columns;
        x += xGap;
        y += yGap;
      }
      if (i >= pixels || i == 4) break;
      if (i == 1) {
        x1 = x2 = x3 = x;
        y1 = y2 = y3 = y;
      } else if (i == 2) {
        x2 = x3 = x;
        y2 = y3 = y;
      } else {
        x3 = x;
        y3 = y;
      }
    }
    const d1 = x1 - x0, d2 = x2 - x0, d3 = x3 - x0;
    let s00 = f32x4.splat(0), s01 = f32x4.splat(0);
    let s10 = f32x4.splat(0), s11 = f32x4.splat(0);
    let s20 = f32x4.splat(0), s21 = f32x4.splat(0);
    let s30 = f32x4.splat(0), s31 = f32x4.splat(0);
    let b = w, t = table;
    do {
      let at = x0 + <usize>load<u32>(t);
      const end = isTap ? at + 4 : at + <usize>load<u32>(t, 4);
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
        at += 4;
        b += 32;
      } while (!isTap && at != end);
      t += isTap ? 4 : 8;
    } while (t != tableEnd);
    if (accumulate) {
      s00 = f32x4.add(v128.load(y0), s00);
      s01 = f32x4.add(v128.load(y0, 16), s01);
      s10 = f32x4.add(v128.load(y1), s10);
      s11 = f32x4.add(v128.load(y1, 16), s11);
      s20 = f32x4.add(v128.load(y2), s20);
      s21 = f32x4.add(v128.load(y2, 16), s21);
      s30 = f32x4.add(v128.load(y3), s30);
      s31 = f32x4.add(v128.load(y3, 16), s31);
    }
    const c0 = v128.load(bias), c1 = v128.load(bias, 16), least = v128.load32_splat(floor);
    v128.store(y3, f32x4.pmax(f32x4.add(s30, c0), least));
    v128.store(y3, f32x4.pmax(f32x4.add(s31, c1), least), 16);
    v128.store(y2, f32x4.pmax(f32x4.add(s20, c0), least));
    v128.store(y2, f32x4.pmax(f32x4.add(s21, c1), least), 16);
    v128.store(y1, f32x4.pmax(f32x4.add(s10, c0), least));
    v128.store(y1, f32x4.pmax(f32x4.add(s11, c1), least), 16);
    v128.store(y0, f32x4.pmax(f32x4.add(s00, c0), least));
    v128.store(y0, f32x4.pmax(f32x4.add(s01, c1), least), 16);
    if (pixels <= 4) return;
    pixels -= 4;
  }
}

/** Two pixels of 16 channels, along runs. */
// prettier-ignore
export function segments2x16(y: usize, x: usize, w: usize, bias: usize, floor: usize, table: usize, tableEnd: usize, accumulate: bool, pixels: u32, columns: u32, xPixel: usize, xGap: usize, yPixel: usize, yGap: usize): void {
  tile2x16(false, y, x, w, bias, floor, table, tableEnd, accumulate, pixels, columns, xPixel, xGap, yPixel, yGap);
}

/** Two pixels of 16 channels, along single terms. */
// prettier-ignore
export function taps2x16(y: usize, x: usize, w: usize, bias: usize, floor: usize, table: usize, tableEnd: usize, accumulate: bool, pixels: u32, columns: u32, xPixel: usize, xGap: usize, yPixel: usize, yGap: usize): void {
  tile2x16(true, y, x, w, bias, floor, table, tableEnd, accumulate, pixels, columns, xPixel, xGap, yPixel, yGap);
}

/** Four pixels of 8 channels, along runs. */
// prettier-ignore
export function segments4x8(y: usize, x: usize, w: usize, bias: usize, floor: usize, table: usize, tableEnd: usize, accumulate: bool, pixels: u32, columns: u32, xPixel: usize, xGap: usize, yPixel: usize, yGap: usize): void {
  tile4x8(false, y, x, w, bias, floor, table, tableEnd, accumulate, pixels, columns, xPixel, xGap, yPixel, yGap);
}

/** Four pixels of 8 channels, along single terms. */
// prettier-ignore
export function taps4x8(y: usize, x: usize, w: usize, bias: usize, floor: usize, table: usize, tableEnd: usize, accumulate: bool, pixels: u32, columns: u32, xPixel: usize, xGap: usize, yPixel: usize, yGap: usize): void {
  tile4x8(true, y, x, w, bias, floor, table, tableEnd, accumulate, pixels, columns, xPixel, xGap, yPixel, yGap);
}
