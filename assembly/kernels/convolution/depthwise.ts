/** Convolutions with a kernel for each channel: four channels at once, and no sum over them. */
import { madd, loadLanes, storeLanes } from "../../lanes/simd";
import { sourceOf } from "./halo";
import { Pass } from "./pass";
import { lineBytes } from "./shape";

/** Bytes of a pixel in whole vectors. */
@inline
export function vectorBytes(channels: u32): usize {
  return ((<usize>channels << 2) + 15) & ~15;
}

/**
 * Four pixels of n channels, four at a time: y = max(Σ over taps of x[pixel + offset] · w[tap] + bias, floor). Pixels
 * beyond the last share its place.
 *
 * @param d1 bytes from the first pixel to the second, in x; d2 and d3 to those behind it. x and w are padded to vectors
 * @param w  [taps][wPitch bytes]
 */
function tile(
  y0: usize,
  y1: usize,
  y2: usize,
  y3: usize,
  x: usize,
  d1: usize,
  d2: usize,
  d3: usize,
  w: usize,
  wPitch: usize,
  bias: usize,
  least: v128,
  table: usize,
  tableEnd: usize,
  n: u32,
): void {
  const zero = f32x4.splat(0);
  for (let left = <i32>n; left > 0; left -= 4) {
    let s0 = zero, s1 = zero, s2 = zero, s3 = zero;
    let t = table, b = w;
    do {
      const at = x + <usize>load<u32>(t);
      const k = v128.load(b);
      s0 = madd(v128.load(at), k, s0);
      s1 = madd(v128.load(at + d1), k, s1);
      s2 = madd(v128.load(at + d2), k, s2);
      s3 = madd(v128.load(at + d3), k, s3);
      t += 4;
      b += wPitch;
    } while (t != tableEnd);
    const c = bias ? loadLanes(bias, left, zero) : zero;
    storeLanes(y3, f32x4.pmax(f32x4.add(s3, c), least), left);
    storeLanes(y2, f32x4.pmax(f32x4.add(s2, c), least), left);
    storeLanes(y1, f32x4.pmax(f32x4.add(s1, c), least), left);
    storeLanes(y0, f32x4.pmax(f32x4.add(s0, c), least), left);
    x += 16;
    w += 16;
    y0 += 16;
    y1 += 16;
    y2 += 16;
    y3 += 16;
    if (bias) bias += 16;
  }
}

/** Offsets of the taps, and their kernels in the same order, each padded to vectors. */
export function depthwiseTaps(
  table: usize,
  w: usize,
  kernel: usize,
  pass: Pass,
  row: usize,
  pixel: usize,
): void {
  const channels = pass.channels;
  for (let a: u32 = 0; a < pass.tapRows; a++) {
    for (let b: u32 = 0; b < pass.tapColumns; b++, table += 4, w += pixel) {
      store<u32>(table, <u32>(a * pass.rowJump * row + b * pass.columnJump * pixel));
      memory.copy(w, kernel + (<usize>pass.kernelOffset(a, b) << 2), <usize>channels << 2);
      memory.fill(w + (<usize>channels << 2), 0, pixel - (<usize>channels << 2));
    }
  }
}

/** Whether the pixels of a pass may be read where they lie. */
@inline
export function liesInVectors(pass: Pass): bool {
  return pass.isInside() && (pass.channels & 3) == 0;
}

/**
 * y = max(the sums of a pass + bias, floor) where each channel is a group of its own. A sum is one chain over the taps.
 *
 * @param bias    [channels], or 0 for none
 * @param scratch table, kernel and block: see src/compile/facts/convolution.ts
 */
export function depthwise(
  y: usize,
  x: usize,
  kernel: usize,
  bias: usize,
  floor: usize,
  images: u32,
  pass: Pass,
  scratch: usize,
): void {
  const pixel = vectorBytes(pass.channels);
  const asItLies = liesInVectors(pass);
  const row = pixel * (asItLies ? pass.width : pass.columnsSeen());
  const taps = pass.taps();
  const table = scratch, tableEnd = table + (<usize>taps << 2);
  const w = table + lineBytes(taps);
  const copy = w + taps * pixel;
  depthwiseTaps(table, w, kernel, pass, row, pixel);
  const least = v128.load32_splat(floor);
  const xStep = pixel * pass.columnStep, yStep = pass.yPixel;
  const xImage = (<usize>pass.channels * pass.width * pass.height) << 2;
  for (; images; images--, x += xImage, y += pass.yImage) {
    for (let r: u32 = 0; r < pass.rows; r += pass.rowsAtOnce) {
      const rows = min(pass.rowsAtOnce, pass.rows - r);
      const source = sourceOf(copy, x, pass, asItLies, r, rows, pixel);
      for (let i: u32 = 0; i < rows; i++) {
        let from = source + i * pass.rowStep * row, to = y + (r + i) * pass.yRow;
        for (let left = <i32>pass.columns; left > 0; left -= 4, from += 4 * xStep, to += 4 * yStep) {
          const p1 = <usize>(left > 1 ? 1 : 0);
          const p2 = left > 2 ? 2 : p1;
          const p3 = left > 3 ? 3 : p2;
          // prettier-ignore
          tile(to, to + p1 * yStep, to + p2 * yStep, to + p3 * yStep, from, p1 * xStep, p2 * xStep, p3 * xStep, w, pixel, bias, least, table, tableEnd, pass.channels);
        }
      }
    }
  }
}
