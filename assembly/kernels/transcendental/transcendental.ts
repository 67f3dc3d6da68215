/** Elementwise functions, of which most compute in f64: y[i] = f(x[i]) over n floats; y may alias x. NaN gives NaN. */

import { double, expPair, expm1Pair, logPair, logOnePlusPair, sinePair } from "../../lanes/doubles";
import { erf4 } from "../../lanes/math";
import { mapUnary, UnaryLane } from "../elementwise/unary";

/** One elementwise function of two f32, made f64, whose result is rounded to f32. Stateless; see mapDoubles. */
@unmanaged
export abstract class DoubleLane {
  abstract forward(x: v128, alpha: v128): v128;
}

/** y = F(x) over n floats, two at a time. Reads padding, does not write it. */
@inline
export function mapDoubles<F extends DoubleLane>(y: usize, x: usize, n: u32, alpha: f32 = 0): void {
  const lane = changetype<F>(0); // a type, never a pointer: methods are @inline and ignore `this`
  const alpha2 = f64x2.splat(<f64>alpha);
  let left = <i32>n;
  if (left <= 0) return;
  do {
    const pair = f64x2.promote_low_f32x4(v128.load64_zero(x));
    const rounded = f32x4.demote_f64x2_zero(lane.forward(pair, alpha2));
    if (left == 1) {
      v128.store32_lane(y, rounded, 0);
      return;
    }
    v128.store64_lane(y, rounded, 0);
    x += 8;
    y += 8;
    left -= 2;
  } while (left > 0);
}

const LIMITS = memory.data<f64>([
  7.450580596923828e-9, // 2^-27: below it, ln(1 + x) rounds to x
  1.1754943508222875e-38, // the least normal f32
  1.0,
]);

@unmanaged
class Log1p extends DoubleLane {
  // 1 + x is exact in f64 unless |x| is below 2^-29.
  @inline
  forward(x: v128, _alpha: v128): v128 {
    const y = logPair(f64x2.add(x, double(LIMITS, 2)));
    return v128.bitselect(x, y, f64x2.lt(f64x2.abs(x), double(LIMITS, 0)));
  }
}

@unmanaged
class Expm1 extends DoubleLane {
  // −0 would become 0, since 2^0 − 1 is +0.
  @inline
  forward(x: v128, _alpha: v128): v128 {
    return v128.or(expm1Pair(x), v128.and(x, f64x2.splat(-0.0)));
  }
}

@unmanaged
class Sin extends DoubleLane {
  @inline
  forward(x: v128, _alpha: v128): v128 {
    return sinePair(x, 0);
  }
}

@unmanaged
class Cos extends DoubleLane {
  @inline
  forward(x: v128, _alpha: v128): v128 {
    return sinePair(x, 1);
  }
}

@unmanaged
class Softplus extends DoubleLane {
  // ln(1 + eˣ) = max(x, 0) + ln(1 + e^−|x|); what is subnormal in f32 becomes 0.
  @inline
  forward(x: v128, _alpha: v128): v128 {
    const rest = logOnePlusPair(expPair(f64x2.neg(f64x2.abs(x))));
    const y = f64x2.add(f64x2.pmax(x, f64x2.splat(0)), rest);
    return v128.andnot(y, f64x2.lt(y, double(LIMITS, 1)));
  }
}

@unmanaged
class Erf extends UnaryLane {
  @inline
  forward(x: v128, _alpha: v128, _beta: v128): v128 {
    return erf4(x);
  }
}

@unmanaged
class Elu extends DoubleLane {
  @inline
  forward(x: v128, alpha: v128): v128 {
    return v128.bitselect(x, f64x2.mul(alpha, expm1Pair(x)), f64x2.gt(x, f64x2.splat(0)));
  }
}

/** y = ln(1 + x); −Infinity at −1, NaN below */
export function log1p(y: usize, x: usize, n: u32): void {
  mapDoubles<Log1p>(y, x, n);
}

/** y = eˣ − 1 */
export function expm1(y: usize, x: usize, n: u32): void {
  mapDoubles<Expm1>(y, x, n);
}

/** y = sin x; NaN at ±Infinity */
export function sin(y: usize, x: usize, n: u32): void {
  mapDoubles<Sin>(y, x, n);
}

/** y = cos x; NaN at ±Infinity */
export function cos(y: usize, x: usize, n: u32): void {
  mapDoubles<Cos>(y, x, n);
}

/** y = ln(1 + eˣ); subnormal results are flushed to 0 */
export function softplus(y: usize, x: usize, n: u32): void {
  mapDoubles<Softplus>(y, x, n);
}

/** y = 2/√π ∫₀ˣ e^(−t²) dt */
export function erf(y: usize, x: usize, n: u32): void {
  mapUnary<Erf>(y, x, n);
}

/** y = x > 0 ? x : alpha · (eˣ − 1) */
export function elu(y: usize, x: usize, n: u32, alpha: f32): void {
  mapDoubles<Elu>(y, x, n, alpha);
}
