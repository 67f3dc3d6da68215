/**
 * Sums and means of x [outer, inner] along one axis, long ones in the chunks of chunks.ts. A mean of nothing is NaN; a
 * NaN among the elements gives NaN.
 *
 * @param partials scratch: of a long sum for rows; f64[chunks, inner], inner rounded up to four, for columns
 */

import { highPair, joinPairs, lowPair, loadLanes, loadSome, storeLanes } from "../../lanes/simd";
import { chunkAt, chunksOf, combine, columnBytes, partialAt, ROWS, termsOf } from "./chunks";
import { longSum, Terms } from "./longSum";
import { sumRow } from "./row";

/** Σ a */
@unmanaged
export class Elements extends Terms {
  @inline
  sum(n: u32, a: usize, _b: usize, _c: usize, _factor: f64): f64 {
    return sumRow(a, n);
  }
}

/** y[o] = Σ_i x[o, i], summed in f64 */
export function sumInner(y: usize, x: usize, outer: u32, inner: u32, partials: usize): void {
  for (let row: u32 = 0; row < outer; row++, y += 4, x += <usize>inner << 2) {
    store<f32>(y, <f32>longSum<Elements>(partials, inner, x, x, x, 0));
  }
}

/** y[o] = Σ_i x[o, i] / inner, summed and divided in f64 */
export function meanInner(y: usize, x: usize, outer: u32, inner: u32, partials: usize): void {
  for (let row: u32 = 0; row < outer; row++, y += 4, x += <usize>inner << 2) {
    store<f32>(y, <f32>(longSum<Elements>(partials, inner, x, x, x, 0) / <f64>inner));
  }
}

/** Four sums of columns: added to the f64 of a partial, or stored as they are. */
@inline
function put(isPartial: bool, to: usize, sum: v128, lanes: u32): void {
  if (isPartial) {
    v128.store(to, f64x2.add(v128.load(to), lowPair(sum)));
    v128.store(to, f64x2.add(v128.load(to, 16), highPair(sum)), 16);
  } else storeLanes(to, sum, lanes);
}

/** Σ over rows of x[o, i] in f32, to a partial or as it is: 16 columns in registers while their rows stream past. */
function sumBlock(isPartial: bool, to: usize, x: usize, rows: u32, inner: u32): void {
  const stride = <usize>inner << 2;
  const bytes = <usize>rows * stride;
  const vector: usize = isPartial ? 32 : 16;
  let column: u32 = 0;
  for (; column + 16 <= inner; column += 16, x += 64, to += vector << 2) {
    let sum0 = f32x4.splat(0), sum1 = sum0, sum2 = sum0, sum3 = sum0;
    for (let row = x, end = x + bytes; row < end; row += stride) {
      sum0 = f32x4.add(sum0, v128.load(row));
      sum1 = f32x4.add(sum1, v128.load(row, 16));
      sum2 = f32x4.add(sum2, v128.load(row, 32));
      sum3 = f32x4.add(sum3, v128.load(row, 48));
    }
    put(isPartial, to, sum0, 4);
    put(isPartial, to + vector, sum1, 4);
    put(isPartial, to + 2 * vector, sum2, 4);
    put(isPartial, to + 3 * vector, sum3, 4);
  }
  for (; column < inner; column += 4, x += 16, to += vector) {
    const left = inner - column;
    let sum = f32x4.splat(0);
    for (let row = x, end = x + bytes; row < end; row += stride) {
      sum = f32x4.add(sum, loadLanes(row, left, f32x4.splat(0)));
    }
    put(isPartial, to, sum, left);
  }
}

/** The partial of one chunk of rows, at its place: f32 within a grain, f64 between them. */
export function sumOuterChunk(partials: usize, chunk: u32, x: usize, outer: u32, inner: u32): void {
  const bytes = columnBytes(inner);
  const partial = partialAt(partials, chunk, bytes);
  memory.fill(partial, 0, bytes);
  let row = chunkAt(x, chunk, outer, ROWS, <usize>inner << 2);
  for (let left = termsOf(chunk, outer, ROWS); left > 0;) {
    const rows = min<u32>(left, ROWS);
    sumBlock(true, partial, row, rows, inner);
    row += (<usize>rows * inner) << 2;
    left -= rows;
  }
}

/** y[i] = Σ_o x[o, i] / divisor */
function divideColumns(y: usize, x: usize, outer: u32, inner: u32, divisor: u32, partials: usize): void {
  if (outer <= ROWS) {
    sumBlock(false, y, x, outer, inner);
    if (divisor == 1) return;
    const divisor4 = f32x4.splat(<f32>divisor);
    for (let i: u32 = 0; i < inner; i += 4, y += 16) {
      storeLanes(y, f32x4.div(loadSome(y, inner - i, divisor4), divisor4), inner - i);
    }
    return;
  }
  const chunks = chunksOf(outer, ROWS);
  for (let chunk: u32 = 0; chunk < chunks; chunk++) sumOuterChunk(partials, chunk, x, outer, inner);
  combine(partials, chunks, columnBytes(inner));
  const divisors = f64x2.splat(<f64>divisor);
  for (let i: u32 = 0; i < inner; i += 4, y += 16, partials += 32) {
    const pair01 = f64x2.div(v128.load(partials), divisors);
    storeLanes(y, joinPairs(pair01, f64x2.div(v128.load(partials, 16), divisors)), inner - i);
  }
}

/** y[i] = Σ_o x[o, i] */
export function sumOuter(y: usize, x: usize, outer: u32, inner: u32, partials: usize): void {
  divideColumns(y, x, outer, inner, 1, partials);
}

/** y[i] = Σ_o x[o, i] / outer */
export function meanOuter(y: usize, x: usize, outer: u32, inner: u32, partials: usize): void {
  divideColumns(y, x, outer, inner, outer, partials);
}
