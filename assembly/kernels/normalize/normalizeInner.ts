/**
 * Rows of x [outer, inner] brought to mean 0 and variance 1, or to a mean square of 1, and the adjoint of that.
 *
 * Two passes, the first relative to the row's first element: what a distance from 0 costs is not squared. The mean is
 * kept in two parts, near + rest, so that x − near is exact where the row lies far from 0. Sums are of 16 elements in
 * f32, and of those in f64, and long ones in chunks: see reduce/chunks.ts.
 */

import { flush, loadLanes, madd, storeLanes, sumDoubles, sumPairs } from "../../lanes/simd";
import { longSum, Terms } from "../reduce/longSum";

/** Σ (x − shift) over n floats. */
function sumFrom(x: usize, n: u32, shift: f32): f64 {
  const shift4 = f32x4.splat(shift);
  let total = f64x2.splat(0);
  let i: u32 = 0;
  for (; i + 16 <= n; i += 16, x += 64) {
    const first = f32x4.add(f32x4.sub(v128.load(x), shift4), f32x4.sub(v128.load(x, 16), shift4));
    const second = f32x4.add(f32x4.sub(v128.load(x, 32), shift4), f32x4.sub(v128.load(x, 48), shift4));
    total = f64x2.add(total, sumPairs(f32x4.add(first, second)));
  }
  for (; i < n; i += 4, x += 16) {
    total = f64x2.add(total, sumPairs(f32x4.sub(loadLanes(x, n - i, shift4), shift4)));
  }
  return sumDoubles(total);
}

/** Σ (x − near)² over n floats. */
function squaresFrom(x: usize, n: u32, near: f32): f64 {
  const near4 = f32x4.splat(near);
  let total = f64x2.splat(0);
  let i: u32 = 0;
  for (; i + 16 <= n; i += 16, x += 64) {
    const d0 = f32x4.sub(v128.load(x), near4);
    const d1 = f32x4.sub(v128.load(x, 16), near4);
    const d2 = f32x4.sub(v128.load(x, 32), near4);
    const d3 = f32x4.sub(v128.load(x, 48), near4);
    const first = madd(d0, d0, f32x4.mul(d1, d1));
    const second = madd(d2, d2, f32x4.mul(d3, d3));
    total = f64x2.add(total, sumPairs(f32x4.add(first, second)));
  }
  for (; i < n; i += 4, x += 16) {
    const d = f32x4.sub(loadLanes(x, n - i, near4), near4);
    total = f64x2.add(total, sumPairs(f32x4.mul(d, d)));
  }
  return sumDoubles(total);
}

/** Σ dy · (x − near) over n floats. */
function dotFrom(x: usize, dy: usize, n: u32, near: f32): f64 {
  const near4 = f32x4.splat(near);
  let total = f64x2.splat(0);
  let i: u32 = 0;
  for (; i + 16 <= n; i += 16, x += 64, dy += 64) {
    const p0 = f32x4.mul(v128.load(dy), f32x4.sub(v128.load(x), near4));
    const p1 = f32x4.mul(v128.load(dy, 16), f32x4.sub(v128.load(x, 16), near4));
    const first = madd(v128.load(dy, 32), f32x4.sub(v128.load(x, 32), near4), p0);
    const second = madd(v128.load(dy, 48), f32x4.sub(v128.load(x, 48), near4), p1);
    total = f64x2.add(total, sumPairs(f32x4.add(first, second)));
  }
  for (; i < n; i += 4, x += 16, dy += 16) {
    const d = f32x4.sub(loadLanes(x, n - i, near4), near4);
    total = f64x2.add(total, sumPairs(f32x4.mul(loadLanes(dy, n - i, near4), d)));
  }
  return sumDoubles(total);
}

@unmanaged
class Distances extends Terms {
  @inline
  sum(n: u32, a: usize, _b: usize, _c: usize, factor: f64): f64 {
    return sumFrom(a, n, <f32>factor);
  }
}

@unmanaged
class SquaredDistances extends Terms {
  @inline
  sum(n: u32, a: usize, _b: usize, _c: usize, factor: f64): f64 {
    return squaresFrom(a, n, <f32>factor);
  }
}

@unmanaged
class DistanceProducts extends Terms {
  @inline
  sum(n: u32, a: usize, b: usize, _c: usize, factor: f64): f64 {
    return dotFrom(a, b, n, <f32>factor);
  }
}

/** The mean of a row as a distance from its first element: mean = x[0] + this. */
@inline
function meanFromFirst(x: usize, n: u32, partials: usize): f32 {
  return <f32>(longSum<Distances>(partials, n, x, x, x, load<f32>(x)) / <f64>n);
}

/** What `near` leaves of the mean x[0] + fromFirst. */
@inline
function restOf(x: usize, fromFirst: f32, near: f32): f32 {
  return fromFirst - (near - load<f32>(x));
}

/** 1 / √(variance + epsilon) of a row whose mean is near + rest. */
@inline
function scaleOf(x: usize, n: u32, near: f32, rest: f32, epsilon: f32, partials: usize): f32 {
  const squares = longSum<SquaredDistances>(partials, n, x, x, x, near);
  const variance = squares / <f64>n - <f64>rest * <f64>rest;
  return <f32>(1 / sqrt<f64>(max<f64>(variance, 0) + <f64>epsilon));
}

@inline
function standardized(x: v128, near: v128, rest: v128, scale: v128): v128 {
  return f32x4.mul(f32x4.sub(f32x4.sub(x, near), rest), scale);
}

/** y = ((x − near) − rest) · scale over n floats. */
function writeRow(y: usize, x: usize, n: u32, near: v128, rest: v128, scale: v128): void {
  let i: u32 = 0;
  for (; i + 16 <= n; i += 16, x += 64, y += 64) {
    v128.store(y, standardized(v128.load(x), near, rest, scale));
    v128.store(y, standardized(v128.load(x, 16), near, rest, scale), 16);
    v128.store(y, standardized(v128.load(x, 32), near, rest, scale), 32);
    v128.store(y, standardized(v128.load(x, 48), near, rest, scale), 48);
  }
  for (; i < n; i += 4, x += 16, y += 16) {
    storeLanes(y, standardized(loadLanes(x, n - i, near), near, rest, scale), n - i);
  }
}

/** (dy − offset) · scale − (x − near) · share: see writeGradRow. */
@inline
function adjoint(x: v128, dy: v128, near: v128, scale: v128, share: v128, offset: v128): v128 {
  const along = f32x4.mul(f32x4.sub(x, near), share);
  return flush(f32x4.sub(f32x4.mul(f32x4.sub(dy, offset), scale), along));
}

/**
 * dx over n floats: share is scale³ · mean(dy · (x − mean)), and offset mean(dy) − rest · share / scale, as x − near has
 * `rest` more than x − mean.
 */
function writeGradRow(
  dx: usize,
  x: usize,
  dy: usize,
  n: u32,
  near: v128,
  scale: v128,
  share: v128,
  offset: v128,
): void {
  let i: u32 = 0;
  for (; i + 8 <= n; i += 8, x += 32, dy += 32, dx += 32) {
    v128.store(dx, adjoint(v128.load(x), v128.load(dy), near, scale, share, offset));
    v128.store(dx, adjoint(v128.load(x, 16), v128.load(dy, 16), near, scale, share, offset), 16);
  }
  for (; i < n; i += 4, x += 16, dy += 16, dx += 16) {
    const dy4 = loadLanes(dy, n - i, offset);
    storeLanes(dx, adjoint(loadLanes(x, n - i, near), dy4, near, scale, share, offset), n - i);
  }
}

/**
 * y = (x − mean) / √(variance + epsilon) per row, the variance being Σ (x − mean)² / inner; without `centered`
 * y = x / √(Σ x² / inner + epsilon).
 *
 * @param y [outer, inner] out, may alias x
 * @param x [outer, inner]
 * @param epsilon above 0
 * @param partials scratch of a long sum
 */
export function normalizeInner(
  y: usize,
  x: usize,
  outer: u32,
  inner: u32,
  epsilon: f32,
  centered: u32,
  partials: usize,
): void {
  if (inner == 0) return;
  for (let row: u32 = 0; row < outer; row++) {
    const fromFirst = centered ? meanFromFirst(x, inner, partials) : 0;
    const near = centered ? load<f32>(x) + fromFirst : 0;
    const rest = centered ? restOf(x, fromFirst, near) : 0;
    const scale = scaleOf(x, inner, near, rest, epsilon, partials);
    writeRow(y, x, inner, f32x4.splat(near), f32x4.splat(rest), f32x4.splat(scale));
    y += <usize>inner << 2;
    x += <usize>inner << 2;
  }
}

/**
 * dx = (dy − mean(dy) − y · mean(dy · y)) / √(variance + epsilon) per row, y being the normalized x; without `centered`
 * dx = (dy − y · mean(dy · y)) / √(mean square + epsilon). Mean and variance are found again from x. Subnormal results
 * are flushed to 0.
 *
 * @param dx [outer, inner] out, may alias x or dy
 * @param x  [outer, inner] (residual)
 * @param dy [outer, inner]
 * @param partials scratch of a long sum
 */
export function normalizeInnerGrad(
  dx: usize,
  x: usize,
  dy: usize,
  outer: u32,
  inner: u32,
  epsilon: f32,
  centered: u32,
  partials: usize,
): void {
  if (inner == 0) return;
  for (let row: u32 = 0; row < outer; row++) {
    const fromFirst = centered ? meanFromFirst(x, inner, partials) : 0;
    const near = centered ? load<f32>(x) + fromFirst : 0;
    const rest = centered ? restOf(x, fromFirst, near) : 0;
    const scale = scaleOf(x, inner, near, rest, epsilon, partials);
    const total = centered ? longSum<Distances>(partials, inner, dy, dy, dy, 0) : 0;
    const wide = <f64>scale;
    const dot = longSum<DistanceProducts>(partials, inner, x, dy, x, near);
    const covariance = (dot - <f64>rest * total) / <f64>inner;
    const share = covariance * wide * wide * wide;
    const offset = total / <f64>inner - (<f64>rest * share) / wide;
    writeGradRow(
      dx,
      x,
      dy,
      inner,
      f32x4.splat(near),
      f32x4.splat(scale),
      f32x4.splat(<f32>share),
      f32x4.splat(<f32>offset),
    );
    dx += <usize>inner << 2;
    x += <usize>inner << 2;
    dy += <usize>inner << 2;
  }
}
