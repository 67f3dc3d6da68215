/** Convolutions with a kernel for each channel: vectors of channels at once, and no sum over them. */
import { madd, storeLanes } from "../../lanes/simd";
import { sourceOf } from "./halo";
import { Pass } from "./pass";
import { lineBytes } from "./shape";

/** Bytes of a pixel in whole vectors. */
@inline
export function vectorBytes(channels: u32): usize {
  return ((<usize>channels << 2) + 15) & ~15;
}

/** Where a tile works: four pixels, of which those beyond the last share its place, and their taps. */
@unmanaged
class Quad {
  y1: usize;
  y2: usize;
  y3: usize;
  x1: usize;
  x2: usize;
  x3: usize;
  wPitch: usize;
  table: usize;
  tableEnd: usize;
  floor: usize;
}

/** Bytes of a Quad, a whole cache line. */
const QUAD_BYTES: usize = 64;

/**
 * Four pixels of n channels: y = max(Σ over taps of x[pixel + offset] · w[tap] + bias, floor). Two vectors of channels at
 * a time, as four sums alone wait for one another's additions.
 *
 * @param y    first pixel; the others are y1, y2, y3 bytes on, and x1, x2, x3 in x
 * @param x    padded to vectors, as w is
 * @param w    [taps], wPitch bytes apart
 * @param bias padded to vectors
 * @returns the channels that are left, less than 8
 */
function tile4x8(q: Quad, y: usize, x: usize, w: usize, bias: usize, n: u32): u32 {
  const x1 = q.x1, x2 = q.x2, x3 = q.x3, wPitch = q.wPitch, table = q.table, tableEnd = q.tableEnd;
  for (; n >= 8; n -= 8) {
    let s00 = f32x4.splat(0), s01 = f32x4.splat(0), s10 = f32x4.splat(0), s11 = f32x4.splat(0);
    let s20 = f32x4.splat(0), s21 = f32x4.splat(0), s30 = f32x4.splat(0), s31 = f32x4.splat(0);
    let t = table, b = w;
    do {
      const at = x + <usize>load<u32>(t);
      const b0 = v128.load(b), b1 = v128.load(b, 16);
      s00 = madd(v128.load(at), b0, s00);
      s01 = madd(v128.load(at, 16), b1, s01);
      s10 = madd(v128.load(at + x1), b0, s10);
      s11 = madd(v128.load(at + x1, 16), b1, s11);
      s20 = madd(v128.load(at + x2), b0, s20);
      s21 = madd(v128.load(at + x2, 16), b1, s21);
      s30 = madd(v128.load(at + x3), b0, s30);
      s31 = madd(v128.load(at + x3, 16), b1, s31);
      t += 4;
      b += wPitch;
    } while (t != tableEnd);
    const c0 = v128.load(bias), c1 = v128.load(bias, 16), least = v128.load32_splat(q.floor);
    // The last pixel first: those beyond it share its place.
    v128.store(y + q.y3, f32x4.pmax(f32x4.add(s30, c0), least));
    v128.store(y + q.y3, f32x4.pmax(f32x4.add(s31, c1), least), 16);
    v128.store(y + q.y2, f32x4.pmax(f32x4.add(s20, c0), least));
    v128.store(y + q.y2, f32x4.pmax(f32x4.add(s21, c1), least), 16);
    v128.store(y + q.y1, f32x4.pmax(f32x4.add(s10, c0), least));
    v128.store(y + q.y1, f32x4.pmax(f32x4.add(s11, c1), least), 16);
    v128.store(y, f32x4.pmax(f32x4.add(s00, c0), least));
    v128.store(y, f32x4.pmax(f32x4.add(s01, c1), least), 16);
    x += 32;
    w += 32;
    y += 32;
    bias += 32;
  }
  return n;
}

/** The channels that tile4x8 leaves: less than 8, four at a time. */
function tile4xTail(q: Quad, y: usize, x: usize, w: usize, bias: usize, n: u32): void {
  const least = v128.load32_splat(q.floor);
  for (let left = <i32>n; left > 0; left -= 4) {
    let s0 = f32x4.splat(0), s1 = f32x4.splat(0), s2 = f32x4.splat(0), s3 = f32x4.splat(0);
    let t = q.table, b = w;
    do {
      const at = x + <usize>load<u32>(t);
      const k = v128.load(b);
      s0 = madd(v128.load(at), k, s0);
      s1 = madd(v128.load(at + q.x1), k, s1);
      s2 = madd(v128.load(at + q.x2), k, s2);
      s3 = madd(v128.load(at + q.x3), k, s3);
      t += 4;
      b += q.wPitch;
    } while (t != q.tableEnd);
    const c = v128.load(bias);
    storeLanes(y + q.y3, f32x4.pmax(f32x4.add(s3, c), least), left);
    storeLanes(y + q.y2, f32x4.pmax(f32x4.add(s2, c), least), left);
    storeLanes(y + q.y1, f32x4.pmax(f32x4.add(s1, c), least), left);
    storeLanes(y, f32x4.pmax(f32x4.add(s0, c), least), left);
    x += 16;
    w += 16;
    y += 16;
    bias += 16;
  }
}

/** Offsets of the taps, and their kernels in the same order, each padded to vectors. */
function packTaps(table: usize, w: usize, kernel: usize, pass: Pass, row: usize, pixel: usize): void {
  const bytes = <usize>pass.channels << 2;
  for (let a: u32 = 0; a < pass.tapRows; a++) {
    for (let b: u32 = 0; b < pass.tapColumns; b++, table += 4, w += pixel) {
      store<u32>(table, <u32>(a * pass.rowJump * row + b * pass.columnJump * pixel));
      memory.copy(w, kernel + (<usize>pass.kernelOffset(a, b) << 2), bytes);
      memory.fill(w + bytes, 0, pixel - bytes);
    }
  }
}

/** The bias padded to vectors; zeros where there is none. */
function packBias(to: usize, bias: usize, channels: u32, pixel: usize): void {
  memory.fill(to, 0, pixel);
  if (bias) memory.copy(to, bias, <usize>channels << 2);
}

/** Whether the pixels of a pass may be read where they lie. */
@inline
export function liesInVectors(pass: Pass): bool {
  return pass.isInside() && (pass.channels & 3) == 0;
}

/** One row of places, four at a time. */
function row(
  q: Quad,
  y: usize,
  x: usize,
  w: usize,
  bias: usize,
  columns: u32,
  xStep: usize,
  yStep: usize,
  n: u32,
): void {
  for (let left = columns; ; left -= 4, x += 4 * xStep, y += 4 * yStep) {
    const p1: usize = left > 1 ? 1 : 0;
    const p2: usize = left > 2 ? 2 : p1;
    const p3: usize = left > 3 ? 3 : p2;
    q.x1 = p1 * xStep;
    q.x2 = p2 * xStep;
    q.x3 = p3 * xStep;
    q.y1 = p1 * yStep;
    q.y2 = p2 * yStep;
    q.y3 = p3 * yStep;
    const rest = tile4x8(q, y, x, w, bias, n);
    if (rest) {
      const done = <usize>(n - rest) << 2;
      tile4xTail(q, y + done, x + done, w + done, bias + done, rest);
    }
    if (left <= 4) return;
  }
}

/**
 * y = max(the sums of a pass + bias, floor) where each channel is a group of its own. A sum is one chain over the taps.
 *
 * @param bias    [channels], or 0 for none
 * @param scratch bias, table, kernel and block: see src/compile/facts/convolution.ts
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
  const xRow = pixel * (asItLies ? pass.width : pass.columnsSeen());
  const taps = pass.taps();
  const q = changetype<Quad>(scratch);
  q.wPitch = pixel;
  q.floor = floor;
  q.table = scratch + QUAD_BYTES;
  q.tableEnd = q.table + (<usize>taps << 2);
  const c = q.table + lineBytes(taps);
  const w = c + pixel;
  const copy = w + taps * pixel;
  packBias(c, bias, pass.channels, pixel);
  packTaps(q.table, w, kernel, pass, xRow, pixel);
  const xStep = pixel * pass.columnStep;
  const xImage = (<usize>pass.channels * pass.width * pass.height) << 2;
  for (; images; images--, x += xImage, y += pass.yImage) {
    for (let r: u32 = 0; r < pass.rows; r += pass.rowsAtOnce) {
      const rows = min(pass.rowsAtOnce, pass.rows - r);
      const source = sourceOf(copy, x, pass, asItLies, r, rows, pixel);
      for (let i: u32 = 0; i < rows; i++) {
        const from = source + i * pass.rowStep * xRow;
        row(q, y + (r + i) * pass.yRow, from, w, c, pass.columns, xStep, pass.yPixel, pass.channels);
      }
    }
  }
}
