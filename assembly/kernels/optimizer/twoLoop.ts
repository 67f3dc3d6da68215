/**
 * The two-loop recursion of L-BFGS (Nocedal and Wright 2006, algorithm 7.4) on pairs of steps s and changes y of the
 * gradient, which are kept divided by √(y · s). Then ρ = 1 / (y · s) is 1 for each, and a pair of zeros does nothing:
 * no pair needs to be counted. Dots are added in f64, long ones in chunks; `partials` is the scratch of a long sum.
 */
import { flushBelow, MAGNITUDE, NEGLIGIBLE } from "../../lanes/flush";
import { loadLanes, loadTail, scaleWide, storeLanes, storeRest, sumDoubles } from "../../lanes/simd";
import { longSum, Terms } from "../reduce/longSum";

/** a · b of lanes 0 and 1 in f64, and of lanes 2 and 3. */
@inline
function products01(a: v128, b: v128): v128 {
  return f64x2.mul(f64x2.promote_low_f32x4(a), f64x2.promote_low_f32x4(b));
}

@inline
function products23(a: v128, b: v128): v128 {
  return products01(v128.shuffle<i32>(a, a, 2, 3, 2, 3), v128.shuffle<i32>(b, b, 2, 3, 2, 3));
}

/** Σ a · b over n floats of a chunk. */
function dotOfChunk(a: usize, b: usize, n: u32): f64 {
  let sum01 = f64x2.splat(0), sum23 = sum01, sum45 = sum01, sum67 = sum01;
  // Two vectors a turn: the latency of one addition would bound a loop of one (measured: 1.6 ns a vector).
  for (const end = a + ((<usize>n & ~7) << 2); a < end; a += 32, b += 32) {
    const a4 = v128.load(a), b4 = v128.load(b), c4 = v128.load(a, 16), d4 = v128.load(b, 16);
    sum01 = f64x2.add(sum01, products01(a4, b4));
    sum23 = f64x2.add(sum23, products23(a4, b4));
    sum45 = f64x2.add(sum45, products01(c4, d4));
    sum67 = f64x2.add(sum67, products23(c4, d4));
  }
  const zero = f32x4.splat(0);
  for (let left = n & 7; left > 0; left -= min(left, 4), a += 16, b += 16) {
    const a4 = loadLanes(a, left, zero), b4 = loadLanes(b, left, zero);
    sum01 = f64x2.add(sum01, products01(a4, b4));
    sum23 = f64x2.add(sum23, products23(a4, b4));
  }
  return sumDoubles(f64x2.add(f64x2.add(sum01, sum45), f64x2.add(sum23, sum67)));
}

/** Σ a · b */
@unmanaged
export class Products extends Terms {
  @inline
  sum(n: u32, a: usize, b: usize, _c: usize, _factor: f64): f64 {
    return dotOfChunk(a, b, n);
  }
}

/** Σ a · b over n floats. */
export function dot(a: usize, b: usize, n: u32, partials: usize): f64 {
  return longSum<Products>(partials, n, a, b, a, 0);
}

/** y = factor · x over n floats; what is negligible is zero. May alias. */
export function scaleTo(y: usize, x: usize, n: u32, factor: f64): void {
  const factors = f64x2.splat(factor);
  const negligible = v128.load(NEGLIGIBLE), magnitude = v128.load(MAGNITUDE);
  for (const end = x + ((<usize>n & ~3) << 2); x < end; x += 16, y += 16) {
    v128.store(y, flushBelow(scaleWide(v128.load(x), factors, factors), negligible, magnitude));
  }
  if (n & 3) {
    const x4 = loadTail(x, n & 3, f32x4.splat(0));
    storeRest(y, flushBelow(scaleWide(x4, factors, factors), negligible, magnitude), n & 3);
  }
}

/** y + factor · x, what is negligible being zero. */
@inline
function added(y: v128, x: v128, factors: v128, negligible: v128, magnitude: v128): v128 {
  return flushBelow(f32x4.add(y, f32x4.mul(factors, x)), negligible, magnitude);
}

/** y += factor · x over n floats of a chunk, and then Σ y · z: one pass for both. */
function addAndDotOfChunk(y: usize, x: usize, z: usize, n: u32, factor: f64): f64 {
  const factors = f32x4.splat(<f32>factor);
  const negligible = v128.load(NEGLIGIBLE), magnitude = v128.load(MAGNITUDE);
  let sum01 = f64x2.splat(0), sum23 = sum01, sum45 = sum01, sum67 = sum01;
  for (const end = y + ((<usize>n & ~7) << 2); y < end; x += 32, y += 32, z += 32) {
    const z4 = v128.load(z), u4 = v128.load(z, 16);
    const y4 = added(v128.load(y), v128.load(x), factors, negligible, magnitude);
    const t4 = added(v128.load(y, 16), v128.load(x, 16), factors, negligible, magnitude);
    v128.store(y, y4);
    v128.store(y, t4, 16);
    sum01 = f64x2.add(sum01, products01(y4, z4));
    sum23 = f64x2.add(sum23, products23(y4, z4));
    sum45 = f64x2.add(sum45, products01(t4, u4));
    sum67 = f64x2.add(sum67, products23(t4, u4));
  }
  const zero = f32x4.splat(0);
  for (let left = n & 7; left > 0; left -= min(left, 4), x += 16, y += 16, z += 16) {
    const z4 = loadLanes(z, left, zero), x4 = loadLanes(x, left, zero);
    const y4 = added(loadLanes(y, left, zero), x4, factors, negligible, magnitude);
    storeLanes(y, y4, left);
    sum01 = f64x2.add(sum01, products01(y4, z4));
    sum23 = f64x2.add(sum23, products23(y4, z4));
  }
  return sumDoubles(f64x2.add(f64x2.add(sum01, sum45), f64x2.add(sum23, sum67)));
}

/** a += factor · b, and then Σ a · c */
@unmanaged
export class AddedProducts extends Terms {
  @inline
  sum(n: u32, a: usize, b: usize, c: usize, factor: f64): f64 {
    return addAndDotOfChunk(a, b, c, n, factor);
  }
}

/** y += factor · x over n floats, and then Σ y · z. */
export function addAndDot(y: usize, x: usize, z: usize, n: u32, factor: f64, partials: usize): f64 {
  return longSum<AddedProducts>(partials, n, y, x, z, factor);
}

/**
 * What a pair and all older ones make of q, down and up again: q = Vᵀ… H0 …V q but for the pair's own share of s,
 * which is the factor that it returns. Recursion keeps each α on the stack, so that it needs no memory.
 *
 * @param q     [n] in place
 * @param s     [n] of the pair; the older ones lie before it
 * @param y     [n] alike
 * @param alpha s · q
 * @param older pairs before it
 * @param scale of the first guess of the inverse Hessian
 */
function descend(
  q: usize,
  s: usize,
  y: usize,
  n: u32,
  alpha: f64,
  older: u32,
  scale: f64,
  partials: usize,
): f64 {
  if (older == 0) {
    addAndDot(q, y, y, n, -alpha, partials);
    scaleTo(q, q, n, scale);
    return alpha - dot(q, y, n, partials);
  }
  const bytes = <usize>n << 2;
  const alphaOlder = addAndDot(q, y, s - bytes, n, -alpha, partials);
  const share = descend(q, s - bytes, y - bytes, n, alphaOlder, older - 1, scale, partials);
  return alpha - addAndDot(q, s - bytes, y, n, share, partials);
}

/**
 * q = H q, with H the inverse Hessian that `pairs` pairs tell of.
 *
 * @param q     [n] in place
 * @param steps [pairs, n], the oldest first
 * @param changes [pairs, n]
 * @param g     [n]
 * @returns H q · g
 */
export function twoLoop(
  q: usize,
  steps: usize,
  changes: usize,
  g: usize,
  n: u32,
  pairs: u32,
  scale: f64,
  partials: usize,
): f64 {
  if (pairs == 0) {
    scaleTo(q, q, n, scale);
    return dot(q, g, n, partials);
  }
  const last = <usize>(pairs - 1) * (<usize>n << 2);
  const share = descend(
    q,
    steps + last,
    changes + last,
    n,
    dot(q, steps + last, n, partials),
    pairs - 1,
    scale,
    partials,
  );
  return addAndDot(q, steps + last, g, n, share, partials);
}
