import { highPair, loadLanes, loadTail, lowPair, scaleWide, storeLanes, storeTail } from "../../lanes/simd";
import { chunkAt, chunksOf, combine, columnBytes, partialAt, ROWS, termsOf } from "../reduce/chunks";

/**
 * parameter = max(low, min(high, parameter)), elementwise. NaN stays NaN.
 *
 * @param parameter [n] in place
 * @param low at most high; either may be infinite
 */
export function constrainRange(parameter: usize, n: u32, low: f32, high: f32): void {
  const lows = f32x4.splat(low), highs = f32x4.splat(high);
  let left = n;
  if (!left) return;
  do {
    // pmin(a, b) is b < a ? b : a: with the parameter as a, a NaN is kept.
    const w = f32x4.pmax(f32x4.pmin(v128.load(parameter), highs), lows);
    if (left < 4) {
      storeTail(parameter, w, left);
      return;
    }
    v128.store(parameter, w);
    parameter += 16;
    left -= 4;
  } while (left);
}

/** What brings a column of that sum of squares to a norm in [low, high]; 1 for one that is there, or is all zeros. */
function factorOf(squares: f64, low: f64, high: f64): f64 {
  const norm = sqrt(squares);
  if (norm > high) return high / norm;
  return norm < low && norm > 0 ? low / norm : 1;
}

/** sums += w² of four columns in f64. */
@inline
function addSquare(sums: usize, w: v128): void {
  const w01 = lowPair(w), w23 = highPair(w);
  v128.store(sums, f64x2.add(v128.load(sums), f64x2.mul(w01, w01)));
  v128.store(sums, f64x2.add(v128.load(sums, 16), f64x2.mul(w23, w23)), 16);
}

/** sums += row², lane by lane in f64. */
function addSquares(sums: usize, row: usize, n: u32): void {
  for (const end = row + ((<usize>n & ~3) << 2); row < end; row += 16, sums += 32) {
    addSquare(sums, v128.load(row));
  }
  if (n & 3) addSquare(sums, loadTail(row, n & 3, f32x4.splat(0)));
}

/** The sums of squares of one chunk of rows, at their place. */
export function squaresOfRows(scratch: usize, chunk: u32, parameter: usize, outer: u32, inner: u32): void {
  const bytes = columnBytes(inner), rowBytes = <usize>inner << 2;
  const sums = partialAt(scratch, chunk, bytes);
  memory.fill(sums, 0, bytes);
  let row = chunkAt(parameter, chunk, outer, ROWS, rowBytes);
  for (let left = termsOf(chunk, outer, ROWS); left > 0; left--, row += rowBytes) {
    addSquares(sums, row, inner);
  }
}

/** row *= factors, lane by lane in f64. */
function scaleRow(row: usize, factors: usize, n: u32): void {
  const zero = f32x4.splat(0);
  for (let i: u32 = 0; i < n; i += 4, row += 16, factors += 32) {
    const w = loadLanes(row, n - i, zero);
    storeLanes(row, scaleWide(w, v128.load(factors), v128.load(factors, 16)), n - i);
  }
}

/**
 * Scales each column to low ≤ ‖column‖ ≤ high. A column that is there already keeps its bits, and one of zeros, which
 * has no direction, stays zero. Squares are added in f64, row by row: column by column, rows that are a power of two
 * apart would share a few lines of the cache (measured: 1024 × 1024 take 8 times as long). Many rows are added in the
 * chunks of reduce/chunks.ts.
 *
 * @param parameter [outer, inner] in place
 * @param low from 0 to high
 * @param high may be infinite
 * @param scratch f64[chunks, inner], inner rounded up to four
 */
export function constrainNorm(
  parameter: usize,
  outer: u32,
  inner: u32,
  low: f32,
  high: f32,
  scratch: usize,
): void {
  if (outer == 0) return;
  const rowBytes = <usize>inner << 2;
  const end = parameter + <usize>outer * rowBytes;
  const chunks = chunksOf(outer, ROWS);
  for (let chunk: u32 = 0; chunk < chunks; chunk++) squaresOfRows(scratch, chunk, parameter, outer, inner);
  combine(scratch, chunks, columnBytes(inner));
  let isKept = true;
  for (let i: u32 = 0; i < inner; i++) {
    const at = scratch + (<usize>i << 3);
    const factor = factorOf(load<f64>(at), low, high);
    store<f64>(at, factor);
    if (factor != 1) isKept = false;
  }
  if (isKept) return;
  for (let row = parameter; row < end; row += rowBytes) scaleRow(row, scratch, inner);
}
