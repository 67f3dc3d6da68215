/**
 * Mean and deviation of the columns of a matrix, which normalizeOuter.ts brings to 0 and 1.
 *
 * As normalizeInner.ts has it: two passes, the first relative to the column's first element, the mean in two parts.
 * Sums are of BLOCK_ROWS rows in f32, and of those in f64.
 */

import { loadLanes, madd } from "../../lanes/simd";

/** Rows that a column sum takes in f32 before it is added to the total. */
export const BLOCK_ROWS: usize = 32;

// What `measure16` and `measure4` find. Globals, because a function returns one value, and each thread has its own.
export let near0 = f32x4.splat(0);
export let near1 = f32x4.splat(0);
export let near2 = f32x4.splat(0);
export let near3 = f32x4.splat(0);
export let rest0 = f32x4.splat(0);
export let rest1 = f32x4.splat(0);
export let rest2 = f32x4.splat(0);
export let rest3 = f32x4.splat(0);
export let scale0 = f32x4.splat(0);
export let scale1 = f32x4.splat(0);
export let scale2 = f32x4.splat(0);
export let scale3 = f32x4.splat(0);

/** x0, x1 in f64 */
@inline
export function low(x: v128): v128 {
  return f64x2.promote_low_f32x4(x);
}

/** x2, x3 in f64 */
@inline
export function high(x: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<i32>(x, x, 2, 3, 2, 3));
}

/** Four f32 lanes of two pairs of f64. */
@inline
export function join(pair01: v128, pair23: v128): v128 {
  return v128.shuffle<i32>(f32x4.demote_f64x2_zero(pair01), f32x4.demote_f64x2_zero(pair23), 0, 1, 4, 5);
}

/** total / n, in f32. */
function meanOf(total01: v128, total23: v128, n: v128): v128 {
  return join(f64x2.div(total01, n), f64x2.div(total23, n));
}

/** 1 / √(squares / n − rest² + epsilon), the square being what x − near has too much. */
@inline
function inverseDeviation(squares: v128, rest: v128, n: v128, epsilon: v128): v128 {
  const variance = f64x2.sub(f64x2.div(squares, n), f64x2.mul(rest, rest));
  // The zero first, so that a variance that is NaN stays so.
  const sum = f64x2.add(f64x2.pmax(variance, f64x2.splat(0)), epsilon);
  return f64x2.div(f64x2.splat(1), f64x2.sqrt(sum));
}

/** inverseDeviation of four columns, in f32. */
function scaleOf(squares01: v128, squares23: v128, rest: v128, n: v128, epsilon: v128): v128 {
  const pair01 = inverseDeviation(squares01, low(rest), n, epsilon);
  return join(pair01, inverseDeviation(squares23, high(rest), n, epsilon));
}

/** What `near` leaves of the mean. */
@inline
function restOf(shift: v128, offset: v128, near: v128): v128 {
  return f32x4.sub(offset, f32x4.sub(near, shift));
}

/** Mean and deviation of 16 columns. */
export function measure16(x: usize, outer: u32, stride: usize, epsilon: f32): void {
  const n = f64x2.splat(<f64>outer);
  const end = x + <usize>outer * stride;
  const block = BLOCK_ROWS * stride;
  let low0 = f64x2.splat(0), low1 = low0, low2 = low0, low3 = low0;
  let high0 = low0, high1 = low0, high2 = low0, high3 = low0;
  const shift0 = v128.load(x);
  const shift1 = v128.load(x, 16);
  const shift2 = v128.load(x, 32);
  const shift3 = v128.load(x, 48);
  let row = x;
  do {
    const blockEnd = min<usize>(end, row + block);
    let sum0 = f32x4.splat(0), sum1 = sum0, sum2 = sum0, sum3 = sum0;
    do {
      sum0 = f32x4.add(sum0, f32x4.sub(v128.load(row), shift0));
      sum1 = f32x4.add(sum1, f32x4.sub(v128.load(row, 16), shift1));
      sum2 = f32x4.add(sum2, f32x4.sub(v128.load(row, 32), shift2));
      sum3 = f32x4.add(sum3, f32x4.sub(v128.load(row, 48), shift3));
      row += stride;
    } while (row < blockEnd);
    low0 = f64x2.add(low0, low(sum0));
    low1 = f64x2.add(low1, low(sum1));
    low2 = f64x2.add(low2, low(sum2));
    low3 = f64x2.add(low3, low(sum3));
    high0 = f64x2.add(high0, high(sum0));
    high1 = f64x2.add(high1, high(sum1));
    high2 = f64x2.add(high2, high(sum2));
    high3 = f64x2.add(high3, high(sum3));
  } while (row < end);
  const offset0 = meanOf(low0, high0, n);
  near0 = f32x4.add(shift0, offset0);
  rest0 = restOf(shift0, offset0, near0);
  const offset1 = meanOf(low1, high1, n);
  near1 = f32x4.add(shift1, offset1);
  rest1 = restOf(shift1, offset1, near1);
  const offset2 = meanOf(low2, high2, n);
  near2 = f32x4.add(shift2, offset2);
  rest2 = restOf(shift2, offset2, near2);
  const offset3 = meanOf(low3, high3, n);
  near3 = f32x4.add(shift3, offset3);
  rest3 = restOf(shift3, offset3, near3);
  spread16(x, outer, stride, epsilon);
}

/** The deviation of 16 columns whose mean is known. */
function spread16(x: usize, outer: u32, stride: usize, epsilon: f32): void {
  const n = f64x2.splat(<f64>outer);
  const end = x + <usize>outer * stride;
  const block = BLOCK_ROWS * stride;
  const mean0 = near0, mean1 = near1, mean2 = near2, mean3 = near3;
  let low0 = f64x2.splat(0), low1 = low0, low2 = low0, low3 = low0;
  let high0 = low0, high1 = low0, high2 = low0, high3 = low0;
  let row = x;
  do {
    const blockEnd = min<usize>(end, row + block);
    let sum0 = f32x4.splat(0), sum1 = sum0, sum2 = sum0, sum3 = sum0;
    do {
      const d0 = f32x4.sub(v128.load(row), mean0);
      const d1 = f32x4.sub(v128.load(row, 16), mean1);
      const d2 = f32x4.sub(v128.load(row, 32), mean2);
      const d3 = f32x4.sub(v128.load(row, 48), mean3);
      sum0 = madd(d0, d0, sum0);
      sum1 = madd(d1, d1, sum1);
      sum2 = madd(d2, d2, sum2);
      sum3 = madd(d3, d3, sum3);
      row += stride;
    } while (row < blockEnd);
    low0 = f64x2.add(low0, low(sum0));
    low1 = f64x2.add(low1, low(sum1));
    low2 = f64x2.add(low2, low(sum2));
    low3 = f64x2.add(low3, low(sum3));
    high0 = f64x2.add(high0, high(sum0));
    high1 = f64x2.add(high1, high(sum1));
    high2 = f64x2.add(high2, high(sum2));
    high3 = f64x2.add(high3, high(sum3));
  } while (row < end);
  const epsilon2 = f64x2.splat(<f64>epsilon);
  scale0 = scaleOf(low0, high0, rest0, n, epsilon2);
  scale1 = scaleOf(low1, high1, rest1, n, epsilon2);
  scale2 = scaleOf(low2, high2, rest2, n, epsilon2);
  scale3 = scaleOf(low3, high3, rest3, n, epsilon2);
}

/** Mean and deviation of 1 to 4 columns. */
export function measure4(x: usize, outer: u32, stride: usize, columns: u32, epsilon: f32): void {
  const n = f64x2.splat(<f64>outer);
  const end = x + <usize>outer * stride;
  const zero = f32x4.splat(0);
  const shift = loadLanes(x, columns, zero);
  let total01 = f64x2.splat(0), total23 = total01;
  for (let row = x; row < end; row += stride) {
    const d = f32x4.sub(loadLanes(row, columns, shift), shift);
    total01 = f64x2.add(total01, low(d));
    total23 = f64x2.add(total23, high(d));
  }
  const offset = meanOf(total01, total23, n);
  const near = f32x4.add(shift, offset);
  const rest = restOf(shift, offset, near);
  let squares01 = f64x2.splat(0), squares23 = squares01;
  for (let row = x; row < end; row += stride) {
    const d = f32x4.sub(loadLanes(row, columns, near), near);
    const square = f32x4.mul(d, d);
    squares01 = f64x2.add(squares01, low(square));
    squares23 = f64x2.add(squares23, high(square));
  }
  near0 = near;
  rest0 = rest;
  scale0 = scaleOf(squares01, squares23, rest, n, f64x2.splat(<f64>epsilon));
}
