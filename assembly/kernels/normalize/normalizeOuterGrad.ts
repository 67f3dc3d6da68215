/** The adjoint of normalizeOuter. */

import { flush, highPair, joinPairs, loadLanes, lowPair, madd, storeLanes } from "../../lanes/simd";
import { chunkAt, chunksOf, combine, partialAt, ROWS, termsOf } from "../reduce/chunks";
import {
  BLOCK_ROWS,
  measureColumns,
  NEAR,
  OFFSET,
  PANEL,
  PARTIALS,
  REST,
  SCALE,
  SHARE,
  sumBytes,
} from "./normalizeColumns";
import { normalizeInnerGrad } from "./normalizeInner";

/** dx = (dy − offset) · scale − (x − near) · share: what is alike in all rows of dy goes before it is scaled. */
@inline
function adjoint(x: v128, dy: v128, near: v128, scale: v128, share: v128, offset: v128): v128 {
  const along = f32x4.mul(f32x4.sub(x, near), share);
  return flush(f32x4.sub(f32x4.mul(f32x4.sub(dy, offset), scale), along));
}

/** scale³ · mean(dy · (x − mean)), from Σ dy · (x − near) and Σ dy. */
@inline
function shareOf(dot: v128, total: v128, rest: v128, scale: v128, n: v128): v128 {
  const covariance = f64x2.div(f64x2.sub(dot, f64x2.mul(rest, total)), n);
  return f64x2.mul(f64x2.mul(f64x2.mul(covariance, scale), scale), scale);
}

/** mean(dy) − rest · share / scale: x − near has `rest` more than x − mean. */
@inline
function offsetOf(share: v128, total: v128, rest: v128, scale: v128, n: v128): v128 {
  return f64x2.sub(f64x2.div(total, n), f64x2.div(f64x2.mul(rest, share), scale));
}

/** partial = Σ dy of each column of a panel, and behind it Σ dy · (x − near). */
function projectPanel(partial: usize, x: usize, dy: usize, rows: u32, stride: usize, near: usize): void {
  const end = x + <usize>rows * stride;
  const block = BLOCK_ROWS * stride;
  const n0 = v128.load(near), n1 = v128.load(near, 16);
  const n2 = v128.load(near, 32), n3 = v128.load(near, 48);
  let low0 = f64x2.splat(0), high0 = low0, dotLow0 = low0, dotHigh0 = low0;
  let low1 = f64x2.splat(0), high1 = low1, dotLow1 = low1, dotHigh1 = low1;
  let low2 = f64x2.splat(0), high2 = low2, dotLow2 = low2, dotHigh2 = low2;
  let low3 = f64x2.splat(0), high3 = low3, dotLow3 = low3, dotHigh3 = low3;
  let row = x;
  do {
    const blockEnd = min<usize>(end, row + block);
    let sum0 = f32x4.splat(0), sum1 = sum0, sum2 = sum0, sum3 = sum0;
    let dot0 = sum0, dot1 = sum0, dot2 = sum0, dot3 = sum0;
    do {
      const dy0 = v128.load(dy);
      sum0 = f32x4.add(sum0, dy0);
      dot0 = madd(dy0, f32x4.sub(v128.load(row), n0), dot0);
      const dy1 = v128.load(dy, 16);
      sum1 = f32x4.add(sum1, dy1);
      dot1 = madd(dy1, f32x4.sub(v128.load(row, 16), n1), dot1);
      const dy2 = v128.load(dy, 32);
      sum2 = f32x4.add(sum2, dy2);
      dot2 = madd(dy2, f32x4.sub(v128.load(row, 32), n2), dot2);
      const dy3 = v128.load(dy, 48);
      sum3 = f32x4.add(sum3, dy3);
      dot3 = madd(dy3, f32x4.sub(v128.load(row, 48), n3), dot3);
      row += stride;
      dy += stride;
    } while (row < blockEnd);
    low0 = f64x2.add(low0, lowPair(sum0));
    high0 = f64x2.add(high0, highPair(sum0));
    dotLow0 = f64x2.add(dotLow0, lowPair(dot0));
    dotHigh0 = f64x2.add(dotHigh0, highPair(dot0));
    low1 = f64x2.add(low1, lowPair(sum1));
    high1 = f64x2.add(high1, highPair(sum1));
    dotLow1 = f64x2.add(dotLow1, lowPair(dot1));
    dotHigh1 = f64x2.add(dotHigh1, highPair(dot1));
    low2 = f64x2.add(low2, lowPair(sum2));
    high2 = f64x2.add(high2, highPair(sum2));
    dotLow2 = f64x2.add(dotLow2, lowPair(dot2));
    dotHigh2 = f64x2.add(dotHigh2, highPair(dot2));
    low3 = f64x2.add(low3, lowPair(sum3));
    high3 = f64x2.add(high3, highPair(sum3));
    dotLow3 = f64x2.add(dotLow3, lowPair(dot3));
    dotHigh3 = f64x2.add(dotHigh3, highPair(dot3));
  } while (row < end);
  v128.store(partial, low0);
  v128.store(partial, high0, 16);
  v128.store(partial, dotLow0, 128);
  v128.store(partial, dotHigh0, 144);
  v128.store(partial, low1, 32);
  v128.store(partial, high1, 48);
  v128.store(partial, dotLow1, 160);
  v128.store(partial, dotHigh1, 176);
  v128.store(partial, low2, 64);
  v128.store(partial, high2, 80);
  v128.store(partial, dotLow2, 192);
  v128.store(partial, dotHigh2, 208);
  v128.store(partial, low3, 96);
  v128.store(partial, high3, 112);
  v128.store(partial, dotLow3, 224);
  v128.store(partial, dotHigh3, 240);
}

/** projectPanel of 1 to 4 columns. */
function projectLast(
  partial: usize,
  x: usize,
  dy: usize,
  rows: u32,
  stride: usize,
  columns: u32,
  near: usize,
): void {
  const near4 = v128.load(near);
  let low0 = f64x2.splat(0), high0 = low0, dotLow0 = low0, dotHigh0 = low0;
  for (const end = x + <usize>rows * stride; x < end; x += stride, dy += stride) {
    const dy0 = loadLanes(dy, columns, near4);
    const dot = f32x4.mul(dy0, f32x4.sub(loadLanes(x, columns, near4), near4));
    low0 = f64x2.add(low0, lowPair(dy0));
    high0 = f64x2.add(high0, highPair(dy0));
    dotLow0 = f64x2.add(dotLow0, lowPair(dot));
    dotHigh0 = f64x2.add(dotHigh0, highPair(dot));
  }
  v128.store(partial, low0);
  v128.store(partial, high0, 16);
  v128.store(partial, dotLow0, 32);
  v128.store(partial, dotHigh0, 48);
}

/** The partial of both sums over one chunk of rows. */
export function projectChunk(
  scratch: usize,
  chunk: u32,
  x: usize,
  dy: usize,
  outer: u32,
  stride: usize,
  columns: u32,
): void {
  const partial = partialAt(scratch + PARTIALS, chunk, 2 * sumBytes(columns));
  const rows = termsOf(chunk, outer, ROWS);
  const at = chunkAt(0, chunk, outer, ROWS, stride);
  if (columns == PANEL) projectPanel(partial, x + at, dy + at, rows, stride, scratch + NEAR);
  else projectLast(partial, x + at, dy + at, rows, stride, columns, scratch + NEAR);
}

/** share and offset of columns that were measured. */
function project(scratch: usize, x: usize, dy: usize, outer: u32, stride: usize, columns: u32): void {
  const chunks = chunksOf(outer, ROWS), bytes = sumBytes(columns);
  for (let chunk: u32 = 0; chunk < chunks; chunk++) {
    projectChunk(scratch, chunk, x, dy, outer, stride, columns);
  }
  combine(scratch + PARTIALS, chunks, 2 * bytes);
  const n = f64x2.splat(<f64>outer);
  let totals = scratch + PARTIALS;
  for (let column: u32 = 0; column < columns; column += 4, totals += 32, scratch += 16) {
    const rest = v128.load(scratch, REST), scale = v128.load(scratch, SCALE);
    const total01 = v128.load(totals), total23 = v128.load(totals, 16);
    const dot01 = v128.load(totals + bytes), dot23 = v128.load(totals + bytes, 16);
    const share01 = shareOf(dot01, total01, lowPair(rest), lowPair(scale), n);
    const share = joinPairs(share01, shareOf(dot23, total23, highPair(rest), highPair(scale), n));
    const offset01 = offsetOf(lowPair(share), total01, lowPair(rest), lowPair(scale), n);
    v128.store(scratch, share, SHARE);
    v128.store(
      scratch,
      joinPairs(offset01, offsetOf(highPair(share), total23, highPair(rest), highPair(scale), n)),
      OFFSET,
    );
  }
}

function writePanel(dx: usize, x: usize, dy: usize, outer: u32, stride: usize, scratch: usize): void {
  const n0 = v128.load(scratch, NEAR), s0 = v128.load(scratch, SCALE);
  const p0 = v128.load(scratch, SHARE), c0 = v128.load(scratch, OFFSET);
  const n1 = v128.load(scratch, NEAR + 16), s1 = v128.load(scratch, SCALE + 16);
  const p1 = v128.load(scratch, SHARE + 16), c1 = v128.load(scratch, OFFSET + 16);
  const n2 = v128.load(scratch, NEAR + 32), s2 = v128.load(scratch, SCALE + 32);
  const p2 = v128.load(scratch, SHARE + 32), c2 = v128.load(scratch, OFFSET + 32);
  const n3 = v128.load(scratch, NEAR + 48), s3 = v128.load(scratch, SCALE + 48);
  const p3 = v128.load(scratch, SHARE + 48), c3 = v128.load(scratch, OFFSET + 48);
  const end = x + <usize>outer * stride;
  do {
    v128.store(dx, adjoint(v128.load(x), v128.load(dy), n0, s0, p0, c0));
    v128.store(dx, adjoint(v128.load(x, 16), v128.load(dy, 16), n1, s1, p1, c1), 16);
    v128.store(dx, adjoint(v128.load(x, 32), v128.load(dy, 32), n2, s2, p2, c2), 32);
    v128.store(dx, adjoint(v128.load(x, 48), v128.load(dy, 48), n3, s3, p3, c3), 48);
    dx += stride;
    x += stride;
    dy += stride;
  } while (x < end);
}

function writeLast(
  dx: usize,
  x: usize,
  dy: usize,
  outer: u32,
  stride: usize,
  columns: u32,
  scratch: usize,
): void {
  const n0 = v128.load(scratch, NEAR), s0 = v128.load(scratch, SCALE);
  const p0 = v128.load(scratch, SHARE), c0 = v128.load(scratch, OFFSET);
  for (const end = x + <usize>outer * stride; x < end; dx += stride, x += stride, dy += stride) {
    const dx0 = adjoint(loadLanes(x, columns, n0), loadLanes(dy, columns, n0), n0, s0, p0, c0);
    storeLanes(dx, dx0, columns);
  }
}

/**
 * dx = (dy − mean(dy) − y · mean(dy · y)) / √(variance + epsilon) per column of each matrix, y being the normalized x.
 * Mean and variance are found again from x. Subnormal results are flushed to 0.
 *
 * @param dx [batch, outer, inner] out, may alias x or dy
 * @param x  [batch, outer, inner] (residual)
 * @param dy [batch, outer, inner]
 * @param scratch see normalizeColumns.ts
 */
export function normalizeOuterGrad(
  dx: usize,
  x: usize,
  dy: usize,
  batch: u32,
  outer: u32,
  inner: u32,
  epsilon: f32,
  scratch: usize,
): void {
  if (inner == 1) return normalizeInnerGrad(dx, x, dy, batch, outer, epsilon, 1, scratch);
  if (outer == 0) return;
  const stride = <usize>inner << 2;
  const bytes = <usize>outer * stride;
  for (; batch; batch--, dx += bytes, x += bytes, dy += bytes) {
    let column: u32 = 0;
    for (; column + PANEL <= inner; column += PANEL) {
      const at = <usize>column << 2;
      measureColumns(scratch, x + at, outer, stride, PANEL, epsilon);
      project(scratch, x + at, dy + at, outer, stride, PANEL);
      writePanel(dx + at, x + at, dy + at, outer, stride, scratch);
    }
    for (; column < inner; column += 4) {
      const at = <usize>column << 2;
      const left = min<u32>(inner - column, 4);
      measureColumns(scratch, x + at, outer, stride, left, epsilon);
      project(scratch, x + at, dy + at, outer, stride, left);
      writeLast(dx + at, x + at, dy + at, outer, stride, left, scratch);
    }
  }
}
