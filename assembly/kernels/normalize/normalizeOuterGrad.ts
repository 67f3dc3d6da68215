/** The adjoint of normalizeOuter. */

import { flush, loadLanes, madd, storeLanes } from "../../lanes/simd";
import {
  BLOCK_ROWS,
  high,
  join,
  low,
  measure16,
  measure4,
  near0,
  near1,
  near2,
  near3,
  rest0,
  rest1,
  rest2,
  rest3,
  scale0,
  scale1,
  scale2,
  scale3,
} from "./normalizeColumns";
import { normalizeInnerGrad } from "./normalizeInner";

// What `project16` and `project4` find: see adjoint.
let share0 = f32x4.splat(0);
let share1 = f32x4.splat(0);
let share2 = f32x4.splat(0);
let share3 = f32x4.splat(0);
let offset0 = f32x4.splat(0);
let offset1 = f32x4.splat(0);
let offset2 = f32x4.splat(0);
let offset3 = f32x4.splat(0);

/** dx = (dy − offset) · scale − (x − near) · share: what is alike in all rows of dy goes before it is scaled. */
@inline
function adjoint(x: v128, dy: v128, near: v128, scale: v128, share: v128, offset: v128): v128 {
  const along = f32x4.mul(f32x4.sub(x, near), share);
  return flush(f32x4.sub(f32x4.mul(f32x4.sub(dy, offset), scale), along));
}

/** scale³ · mean(dy · (x − mean)) of four columns, from Σ dy · (x − near) and Σ dy. */
function sharesOf(
  dot01: v128,
  dot23: v128,
  total01: v128,
  total23: v128,
  rest: v128,
  scale: v128,
  n: v128,
): v128 {
  const pair01 = shareOf(dot01, total01, low(rest), low(scale), n);
  return join(pair01, shareOf(dot23, total23, high(rest), high(scale), n));
}

@inline
function shareOf(dot: v128, total: v128, rest: v128, scale: v128, n: v128): v128 {
  const covariance = f64x2.div(f64x2.sub(dot, f64x2.mul(rest, total)), n);
  return f64x2.mul(f64x2.mul(f64x2.mul(covariance, scale), scale), scale);
}

/** mean(dy) − rest · share / scale of four columns: x − near has `rest` more than x − mean. */
function offsetsOf(share: v128, total01: v128, total23: v128, rest: v128, scale: v128, n: v128): v128 {
  const pair01 = offsetOf(low(share), total01, low(rest), low(scale), n);
  return join(pair01, offsetOf(high(share), total23, high(rest), high(scale), n));
}

@inline
function offsetOf(share: v128, total: v128, rest: v128, scale: v128, n: v128): v128 {
  return f64x2.sub(f64x2.div(total, n), f64x2.div(f64x2.mul(rest, share), scale));
}

/** Of 16 columns, of which measure16 was asked. */
function project16(x: usize, dy: usize, outer: u32, stride: usize): void {
  const end = x + <usize>outer * stride;
  const block = BLOCK_ROWS * stride;
  const n0 = near0, n1 = near1, n2 = near2, n3 = near3;
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
    low0 = f64x2.add(low0, low(sum0));
    high0 = f64x2.add(high0, high(sum0));
    dotLow0 = f64x2.add(dotLow0, low(dot0));
    dotHigh0 = f64x2.add(dotHigh0, high(dot0));
    low1 = f64x2.add(low1, low(sum1));
    high1 = f64x2.add(high1, high(sum1));
    dotLow1 = f64x2.add(dotLow1, low(dot1));
    dotHigh1 = f64x2.add(dotHigh1, high(dot1));
    low2 = f64x2.add(low2, low(sum2));
    high2 = f64x2.add(high2, high(sum2));
    dotLow2 = f64x2.add(dotLow2, low(dot2));
    dotHigh2 = f64x2.add(dotHigh2, high(dot2));
    low3 = f64x2.add(low3, low(sum3));
    high3 = f64x2.add(high3, high(sum3));
    dotLow3 = f64x2.add(dotLow3, low(dot3));
    dotHigh3 = f64x2.add(dotHigh3, high(dot3));
  } while (row < end);
  const n = f64x2.splat(<f64>outer);
  share0 = sharesOf(dotLow0, dotHigh0, low0, high0, rest0, scale0, n);
  offset0 = offsetsOf(share0, low0, high0, rest0, scale0, n);
  share1 = sharesOf(dotLow1, dotHigh1, low1, high1, rest1, scale1, n);
  offset1 = offsetsOf(share1, low1, high1, rest1, scale1, n);
  share2 = sharesOf(dotLow2, dotHigh2, low2, high2, rest2, scale2, n);
  offset2 = offsetsOf(share2, low2, high2, rest2, scale2, n);
  share3 = sharesOf(dotLow3, dotHigh3, low3, high3, rest3, scale3, n);
  offset3 = offsetsOf(share3, low3, high3, rest3, scale3, n);
}

/** Of 1 to 4 columns, of which measure4 was asked. */
function project4(x: usize, dy: usize, outer: u32, stride: usize, columns: u32): void {
  const near = near0;
  let low0 = f64x2.splat(0), high0 = low0, dotLow0 = low0, dotHigh0 = low0;
  for (const end = x + <usize>outer * stride; x < end; x += stride, dy += stride) {
    const dy0 = loadLanes(dy, columns, near);
    const dot = f32x4.mul(dy0, f32x4.sub(loadLanes(x, columns, near), near));
    low0 = f64x2.add(low0, low(dy0));
    high0 = f64x2.add(high0, high(dy0));
    dotLow0 = f64x2.add(dotLow0, low(dot));
    dotHigh0 = f64x2.add(dotHigh0, high(dot));
  }
  const n = f64x2.splat(<f64>outer);
  share0 = sharesOf(dotLow0, dotHigh0, low0, high0, rest0, scale0, n);
  offset0 = offsetsOf(share0, low0, high0, rest0, scale0, n);
}

/**
 * dx = (dy − mean(dy) − y · mean(dy · y)) / √(variance + epsilon) per column of each matrix, y being the normalized x.
 * Mean and variance are found again from x. Subnormal results are flushed to 0.
 *
 * @param dx [batch, outer, inner] out, may alias x or dy
 * @param x  [batch, outer, inner] (residual)
 * @param dy [batch, outer, inner]
 */
export function normalizeOuterGrad(
  dx: usize,
  x: usize,
  dy: usize,
  batch: u32,
  outer: u32,
  inner: u32,
  epsilon: f32,
): void {
  if (inner == 1) return normalizeInnerGrad(dx, x, dy, batch, outer, epsilon, 1);
  if (outer == 0) return;
  const stride = <usize>inner << 2;
  const bytes = <usize>outer * stride;
  for (; batch; batch--, dx += bytes, x += bytes, dy += bytes) {
    let column: u32 = 0;
    for (; column + 16 <= inner; column += 16) {
      const at = <usize>column << 2;
      measure16(x + at, outer, stride, epsilon);
      project16(x + at, dy + at, outer, stride);
      write16(dx + at, x + at, dy + at, outer, stride);
    }
    for (; column < inner; column += 4) {
      const at = <usize>column << 2;
      const left = inner - column;
      measure4(x + at, outer, stride, left, epsilon);
      project4(x + at, dy + at, outer, stride, left);
      write4(dx + at, x + at, dy + at, outer, stride, left);
    }
  }
}

function write16(dx: usize, x: usize, dy: usize, outer: u32, stride: usize): void {
  const n0 = near0, s0 = scale0, p0 = share0, c0 = offset0;
  const n1 = near1, s1 = scale1, p1 = share1, c1 = offset1;
  const n2 = near2, s2 = scale2, p2 = share2, c2 = offset2;
  const n3 = near3, s3 = scale3, p3 = share3, c3 = offset3;
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

function write4(dx: usize, x: usize, dy: usize, outer: u32, stride: usize, columns: u32): void {
  const n0 = near0, s0 = scale0, p0 = share0, c0 = offset0;
  for (const end = x + <usize>outer * stride; x < end; dx += stride, x += stride, dy += stride) {
    const dx0 = adjoint(loadLanes(x, columns, n0), loadLanes(dy, columns, n0), n0, s0, p0, c0);
    storeLanes(dx, dx0, columns);
  }
}
