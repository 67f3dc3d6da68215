/**
 * Mean and deviation of the columns of a matrix, which normalizeOuter.ts brings to 0 and 1: of a panel of 16 at a time, and
 * of the last up to four by four.
 *
 * As normalizeInner.ts has it: two passes, the first relative to the column's first element, the mean in two parts.
 * Sums are of BLOCK_ROWS rows in f32, of those in f64, and of many rows in the chunks of reduce/chunks.ts.
 *
 * What is found lies in scratch, where all threads see it: f32[16] each, and behind them the partials, at most
 * f64[SUM_CHUNKS, 2, 16].
 */

import { highPair, joinPairs, loadLanes, lowPair, madd } from "../../lanes/simd";
import { chunkAt, chunksOf, combine, partialAt, ROWS, termsOf } from "../reduce/chunks";

/** Rows that a column sum takes in f32 before it is added to the total. */
export const BLOCK_ROWS: usize = 32;
/** Columns of a panel. */
export const PANEL: u32 = 16;

// Byte offsets in scratch. The mean is near + rest, scale 1 / deviation; the gradient's share and offset are its own.
export const NEAR: usize = 0;
export const REST: usize = 64;
export const SCALE: usize = 128;
export const SHARE: usize = 192;
export const OFFSET: usize = 256;
export const PARTIALS: usize = 320;

/** Bytes of one sum of each column of a panel, or of its last columns, in f64. */
@inline
export function sumBytes(columns: u32): usize {
  return columns == PANEL ? 128 : 32;
}

/** sum + d, or sum + d² */
@inline
function withTerm(isSquare: bool, sum: v128, d: v128): v128 {
  return isSquare ? madd(d, d, sum) : f32x4.add(sum, d);
}

/** partial = Σ (x − center), or Σ (x − center)², of 16 columns. */
@inline
function sumPanel(isSquare: bool, partial: usize, x: usize, rows: u32, stride: usize, center: usize): void {
  const end = x + <usize>rows * stride;
  const block = BLOCK_ROWS * stride;
  const center0 = v128.load(center), center1 = v128.load(center, 16);
  const center2 = v128.load(center, 32), center3 = v128.load(center, 48);
  let low0 = f64x2.splat(0), low1 = low0, low2 = low0, low3 = low0;
  let high0 = low0, high1 = low0, high2 = low0, high3 = low0;
  let row = x;
  do {
    const blockEnd = min<usize>(end, row + block);
    let sum0 = f32x4.splat(0), sum1 = sum0, sum2 = sum0, sum3 = sum0;
    do {
      const d0 = f32x4.sub(v128.load(row), center0);
      const d1 = f32x4.sub(v128.load(row, 16), center1);
      const d2 = f32x4.sub(v128.load(row, 32), center2);
      const d3 = f32x4.sub(v128.load(row, 48), center3);
      sum0 = withTerm(isSquare, sum0, d0);
      sum1 = withTerm(isSquare, sum1, d1);
      sum2 = withTerm(isSquare, sum2, d2);
      sum3 = withTerm(isSquare, sum3, d3);
      row += stride;
    } while (row < blockEnd);
    low0 = f64x2.add(low0, lowPair(sum0));
    low1 = f64x2.add(low1, lowPair(sum1));
    low2 = f64x2.add(low2, lowPair(sum2));
    low3 = f64x2.add(low3, lowPair(sum3));
    high0 = f64x2.add(high0, highPair(sum0));
    high1 = f64x2.add(high1, highPair(sum1));
    high2 = f64x2.add(high2, highPair(sum2));
    high3 = f64x2.add(high3, highPair(sum3));
  } while (row < end);
  v128.store(partial, low0);
  v128.store(partial, high0, 16);
  v128.store(partial, low1, 32);
  v128.store(partial, high1, 48);
  v128.store(partial, low2, 64);
  v128.store(partial, high2, 80);
  v128.store(partial, low3, 96);
  v128.store(partial, high3, 112);
}

/** sumPanel of 1 to 4 columns. */
@inline
function sumLast(
  isSquare: bool,
  partial: usize,
  x: usize,
  rows: u32,
  stride: usize,
  columns: u32,
  center: usize,
): void {
  const center4 = loadLanes(center, columns, f32x4.splat(0));
  let total01 = f64x2.splat(0), total23 = total01;
  for (const end = x + <usize>rows * stride; x < end; x += stride) {
    const d = f32x4.sub(loadLanes(x, columns, center4), center4);
    const term = isSquare ? f32x4.mul(d, d) : d;
    total01 = f64x2.add(total01, lowPair(term));
    total23 = f64x2.add(total23, highPair(term));
  }
  v128.store(partial, total01);
  v128.store(partial, total23, 16);
}

/** The partial of Σ (x − first row) over one chunk of rows. */
export function distancesChunk(
  scratch: usize,
  chunk: u32,
  x: usize,
  outer: u32,
  stride: usize,
  columns: u32,
): void {
  const partial = partialAt(scratch + PARTIALS, chunk, sumBytes(columns));
  const rows = termsOf(chunk, outer, ROWS);
  const from = chunkAt(x, chunk, outer, ROWS, stride);
  if (columns == PANEL) sumPanel(false, partial, from, rows, stride, x);
  else sumLast(false, partial, from, rows, stride, columns, x);
}

/** The partial of Σ (x − near)² over one chunk of rows. */
export function squaresChunk(
  scratch: usize,
  chunk: u32,
  x: usize,
  outer: u32,
  stride: usize,
  columns: u32,
): void {
  const partial = partialAt(scratch + PARTIALS, chunk, sumBytes(columns));
  const rows = termsOf(chunk, outer, ROWS);
  const from = chunkAt(x, chunk, outer, ROWS, stride);
  if (columns == PANEL) sumPanel(true, partial, from, rows, stride, scratch + NEAR);
  else sumLast(true, partial, from, rows, stride, columns, scratch + NEAR);
}

/** near and rest, from Σ (x − first row). */
function settleMean(scratch: usize, x: usize, outer: u32, columns: u32): void {
  const n = f64x2.splat(<f64>outer);
  let sums = scratch + PARTIALS;
  for (let column: u32 = 0; column < columns; column += 4, x += 16, sums += 32, scratch += 16) {
    const shift = loadLanes(x, columns - column, f32x4.splat(0));
    const offset = joinPairs(f64x2.div(v128.load(sums), n), f64x2.div(v128.load(sums, 16), n));
    const near = f32x4.add(shift, offset);
    v128.store(scratch, near, NEAR);
    v128.store(scratch, f32x4.sub(offset, f32x4.sub(near, shift)), REST);
  }
}

/** 1 / √(squares / n − rest² + epsilon), the square being what x − near has too much. */
@inline
function inverseDeviation(squares: v128, rest: v128, n: v128, epsilon: v128): v128 {
  const variance = f64x2.sub(f64x2.div(squares, n), f64x2.mul(rest, rest));
  // The zero first, so that a variance that is NaN stays so.
  const sum = f64x2.add(f64x2.pmax(variance, f64x2.splat(0)), epsilon);
  return f64x2.div(f64x2.splat(1), f64x2.sqrt(sum));
}

/** scale, from Σ (x − near)². */
function settleScale(scratch: usize, outer: u32, columns: u32, epsilon: f32): void {
  const n = f64x2.splat(<f64>outer), epsilon2 = f64x2.splat(<f64>epsilon);
  let sums = scratch + PARTIALS;
  for (let column: u32 = 0; column < columns; column += 4, sums += 32, scratch += 16) {
    const rest = v128.load(scratch, REST);
    const pair01 = inverseDeviation(v128.load(sums), lowPair(rest), n, epsilon2);
    const pair23 = inverseDeviation(v128.load(sums, 16), highPair(rest), n, epsilon2);
    v128.store(scratch, joinPairs(pair01, pair23), SCALE);
  }
}

/** near, rest and scale of a panel, or of 1 to 4 columns; outer above 0. */
export function measureColumns(
  scratch: usize,
  x: usize,
  outer: u32,
  stride: usize,
  columns: u32,
  epsilon: f32,
): void {
  const chunks = chunksOf(outer, ROWS);
  for (let chunk: u32 = 0; chunk < chunks; chunk++) distancesChunk(scratch, chunk, x, outer, stride, columns);
  combine(scratch + PARTIALS, chunks, sumBytes(columns));
  settleMean(scratch, x, outer, columns);
  for (let chunk: u32 = 0; chunk < chunks; chunk++) squaresChunk(scratch, chunk, x, outer, stride, columns);
  combine(scratch + PARTIALS, chunks, sumBytes(columns));
  settleScale(scratch, outer, columns, epsilon);
}
