/**
 * Activations that gate x by a smooth step, and their gradients from the saved x, over n floats.
 *
 * SiLU computes in f32, to 2.5 ulp, in little more than half the time. The others compute in f64, two lanes at a time,
 * and round once: in f32 their tails, and slopes that pass through 0 near x = −1, would lose most of their digits.
 * Results that would be subnormal are 0; NaN gives NaN, and ±Infinity the limit.
 */

import { double, expPair } from "../../lanes/doubles";
import { expNegative4 } from "../../lanes/math";
import { flush } from "../../lanes/simd";
import { DoubleLane, mapDoubles } from "./transcendental";
import { mapUnary, UnaryLane } from "../elementwise/unary";
import { mapUnaryGrad, UnaryGradLane } from "../elementwise/unaryGrad";

const ONE = memory.data<f32>([1.0]);
/** Beyond it sigmoid is 0 or 1 in f32. */
const BOUND = memory.data<f32>([200.0]);

/** Four lanes of an f32 in memory. */
@inline
function single(constant: usize): v128 {
  return v128.load32_splat(constant);
}

const LIMITS = memory.data<f64>([
  1.0,
  2.0,
  200.0, // beyond ±200 expPair stands still; no result differs from its limit there
  -200.0,
  1.1754943508222875e-38, // the least normal f32
]);

const NORMAL = memory.data<f64>([
  14.0, // from here on the tail of the normal distribution, times x, is subnormal in f32
  -14.0,
  -0.5,
  0.3989422804014327, // 1 / √(2π)
  // √(2π) e^(a²/2) times the upper tail at a, over √(2π): Mills’ ratio, as P(a) / Q(a) for 0 ≤ a ≤ 14, to 2^-33.5.
  // All terms are positive, so nothing cancels. Fitted at 160 Chebyshev nodes of (a − 3) / (a + 3) in 40 digits.
  0.0008826561626819897,
  0.01157746871873178,
  0.07101735131364646,
  0.2498851513464819,
  0.5067658098078018,
  0.4999999999609666,
  0.002212493816756175,
  0.02902021593521862,
  0.18023236376185958,
  0.6552876016814937,
  1.4450714171595622,
  1.8114161728812692,
  1.0,
]);

const CUBIC = memory.data<f64>([
  1.5957691216057308, // 2 √(2/π)
  0.07135481627260025, // 2 √(2/π) · 0.044715
  0.21406444881780073, // three times that
]);

/** x, not below −200; NaN stays. pmin and pmax, in the order that keeps NaN, are cheaper than min and max. */
@inline
function notBelow(x: v128): v128 {
  return f64x2.pmax(x, double(LIMITS, 3));
}

/** x between ±200; NaN stays. */
@inline
function between(x: v128): v128 {
  return f64x2.pmin(notBelow(x), double(LIMITS, 2));
}

/** x, or 0 where it is subnormal in f32. */
@inline
function flushPair(x: v128): v128 {
  return v128.andnot(x, f64x2.lt(f64x2.abs(x), double(LIMITS, 4)));
}

/** 1 + e^−x */
@inline
function onePlusExp(x: v128): v128 {
  return f64x2.add(double(LIMITS, 0), expPair(f64x2.neg(x)));
}

/** p · x + the constant: one step of Horner's form. */
@inline
function horner(p: v128, x: v128, index: usize): v128 {
  return f64x2.add(f64x2.mul(p, x), double(NORMAL, index));
}

/** e^(−x²/2) */
@inline
function bell(x: v128): v128 {
  return expPair(f64x2.mul(f64x2.mul(x, x), double(NORMAL, 2)));
}

/** Φ(x), the share of a normal distribution below x, without cancellation; `height` is e^(−a²/2), a = |x| ≤ 14. */
@inline
function normalShare(x: v128, a: v128, height: v128): v128 {
  let p = horner(double(NORMAL, 4), a, 5);
  p = horner(p, a, 6);
  p = horner(p, a, 7);
  p = horner(p, a, 8);
  p = horner(p, a, 9);
  let q = horner(double(NORMAL, 10), a, 11);
  q = horner(q, a, 12);
  q = horner(q, a, 13);
  q = horner(q, a, 14);
  q = horner(q, a, 15);
  q = horner(q, a, 16);
  const tail = f64x2.mul(height, f64x2.div(p, q));
  return v128.bitselect(tail, f64x2.sub(double(LIMITS, 0), tail), f64x2.lt(x, f64x2.splat(0)));
}

/** The v of tanh-GELU = x · sigmoid(v): 2 √(2/π) (x + 0.044715 x³) */
@inline
function cubic(x: v128): v128 {
  const square = f64x2.mul(x, x);
  return f64x2.mul(x, f64x2.add(double(CUBIC, 0), f64x2.mul(double(CUBIC, 1), square)));
}

@unmanaged
class Gelu extends DoubleLane {
  @inline
  forward(x: v128, _alpha: v128): v128 {
    const kept = f64x2.pmax(x, double(NORMAL, 1));
    const a = f64x2.pmin(f64x2.abs(kept), double(NORMAL, 0));
    return flushPair(f64x2.mul(kept, normalShare(kept, a, bell(a))));
  }
}

@unmanaged
class GeluTanh extends DoubleLane {
  @inline
  forward(x: v128, _alpha: v128): v128 {
    const kept = notBelow(x);
    return flushPair(f64x2.div(kept, onePlusExp(cubic(kept))));
  }
}

@unmanaged
class Silu extends UnaryLane {
  // x t / (1 + t) or x / (1 + t), with t = e^−|x|
  @inline
  forward(x: v128, _alpha: v128, _beta: v128): v128 {
    const kept = f32x4.pmax(x, f32x4.neg(single(BOUND)));
    const one = single(ONE);
    const t = expNegative4(f32x4.neg(f32x4.abs(kept)));
    const base = v128.bitselect(t, one, f32x4.lt(kept, f32x4.splat(0)));
    return flush(f32x4.div(f32x4.mul(kept, base), f32x4.add(one, t)));
  }
}

@unmanaged
class Mish extends DoubleLane {
  // tanh(ln(1 + e)) = w / (w + 2) with w = e (e + 2), e = eˣ.
  @inline
  forward(x: v128, _alpha: v128): v128 {
    const kept = notBelow(x);
    const e = expPair(kept);
    const w = f64x2.mul(e, f64x2.add(e, double(LIMITS, 1)));
    return flushPair(f64x2.mul(kept, f64x2.div(w, f64x2.add(w, double(LIMITS, 1)))));
  }
}

/** The derivative of an activation at two f32, made f64. Stateless; see mapGradient. */
@unmanaged
abstract class SlopeLane {
  abstract slope(x: v128): v128;
}

/** dx = dy · F′(x) over n floats, two at a time. Reads padding, does not write it. */
@inline
function mapGradient<F extends SlopeLane>(dx: usize, x: usize, dy: usize, n: u32): void {
  const lane = changetype<F>(0); // a type, never a pointer: methods are @inline and ignore `this`
  let left = <i32>n;
  if (left <= 0) return;
  do {
    const slope = lane.slope(f64x2.promote_low_f32x4(v128.load64_zero(x)));
    const product = f64x2.mul(f64x2.promote_low_f32x4(v128.load64_zero(dy)), slope);
    const rounded = f32x4.demote_f64x2_zero(flushPair(product));
    if (left == 1) {
      v128.store32_lane(dx, rounded, 0);
      return;
    }
    v128.store64_lane(dx, rounded, 0);
    dx += 8;
    x += 8;
    dy += 8;
    left -= 2;
  } while (left > 0);
}

@unmanaged
class GeluSlope extends SlopeLane {
  // Φ(x) + x φ(x)
  @inline
  slope(x: v128): v128 {
    const kept = f64x2.pmin(f64x2.pmax(x, double(NORMAL, 1)), double(NORMAL, 0));
    const a = f64x2.abs(kept);
    const height = bell(a);
    const density = f64x2.mul(height, double(NORMAL, 3));
    return f64x2.add(normalShare(kept, a, height), f64x2.mul(kept, density));
  }
}

@unmanaged
class GeluTanhSlope extends SlopeLane {
  // s + x s (1 − s) v′(x), s = sigmoid(v(x))
  @inline
  slope(x: v128): v128 {
    const kept = between(x);
    const one = double(LIMITS, 0);
    const s = f64x2.div(one, onePlusExp(cubic(kept)));
    const square = f64x2.mul(kept, kept);
    const rise = f64x2.add(double(CUBIC, 0), f64x2.mul(double(CUBIC, 2), square));
    return f64x2.mul(s, f64x2.add(one, f64x2.mul(f64x2.mul(kept, rise), f64x2.sub(one, s))));
  }
}

@unmanaged
class SiluGrad extends UnaryGradLane {
  // dy (s + x s (1 − s)); s and 1 − s are r and t r, or t r and r, with t = e^−|x| and r = 1 / (1 + t)
  @inline
  backward(x: v128, dy: v128): v128 {
    const kept = f32x4.pmin(f32x4.pmax(x, f32x4.neg(single(BOUND))), single(BOUND));
    const one = single(ONE);
    const t = expNegative4(f32x4.neg(f32x4.abs(kept)));
    const r = f32x4.div(one, f32x4.add(one, t));
    const k = f32x4.mul(t, r);
    const s = v128.bitselect(k, r, f32x4.lt(kept, f32x4.splat(0)));
    return f32x4.mul(dy, f32x4.add(s, f32x4.mul(kept, f32x4.mul(k, r))));
  }
}

@unmanaged
class MishSlope extends SlopeLane {
  // (w + 4 x e (e + 1) / (w + 2)) / (w + 2), with e and w as Mish has them
  @inline
  slope(x: v128): v128 {
    const kept = between(x);
    const two = double(LIMITS, 1);
    const e = expPair(kept);
    const w = f64x2.mul(e, f64x2.add(e, two));
    const r = f64x2.div(double(LIMITS, 0), f64x2.add(w, two));
    const rise = f64x2.mul(f64x2.mul(e, f64x2.add(e, double(LIMITS, 0))), r);
    const doubled = f64x2.mul(f64x2.mul(kept, two), two);
    return f64x2.mul(r, f64x2.add(w, f64x2.mul(doubled, rise)));
  }
}

/** y = x Φ(x), Φ the normal distribution (Hendrycks & Gimpel 2016) */
export function gelu(y: usize, x: usize, n: u32): void {
  mapDoubles<Gelu>(y, x, n);
}

/** y = x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2: gelu, approximately */
export function geluTanh(y: usize, x: usize, n: u32): void {
  mapDoubles<GeluTanh>(y, x, n);
}

/** y = x / (1 + e^−x); 0 below −87.3, where e^x would be subnormal and |y| is below 1.1e−36 */
export function silu(y: usize, x: usize, n: u32): void {
  mapUnary<Silu>(y, x, n);
}

/** y = x tanh(ln(1 + eˣ)) (Misra 2019) */
export function mish(y: usize, x: usize, n: u32): void {
  mapDoubles<Mish>(y, x, n);
}

/** dx = dy · gelu′(x); may alias x or dy, as the following */
export function geluGrad(dx: usize, x: usize, dy: usize, n: u32): void {
  mapGradient<GeluSlope>(dx, x, dy, n);
}

/** dx = dy · geluTanh′(x) */
export function geluTanhGrad(dx: usize, x: usize, dy: usize, n: u32): void {
  mapGradient<GeluTanhSlope>(dx, x, dy, n);
}

/** dx = dy · silu′(x) */
export function siluGrad(dx: usize, x: usize, dy: usize, n: u32): void {
  mapUnaryGrad<SiluGrad>(dx, x, dy, n);
}

/** dx = dy · mish′(x) */
export function mishGrad(dx: usize, x: usize, dy: usize, n: u32): void {
  mapGradient<MishSlope>(dx, x, dy, n);
}
