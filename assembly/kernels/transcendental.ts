/** Elementwise functions that need f64 inside: y[i] = f(x[i]) over n floats; y may alias x. NaN gives NaN. */

import { double, expPair, expm1Pair, horner, logPair, logOnePlusPair, sinePair } from "../doubles";

/** One elementwise function of two f32, made f64, whose result is rounded to f32. Stateless; see mapDoubles. */
@unmanaged
abstract class DoubleLane {
  abstract forward(x: v128, alpha: v128): v128;
}

/** y = F(x) over n floats, two at a time. Reads padding, does not write it. */
@inline
function mapDoubles<F extends DoubleLane>(y: usize, x: usize, n: u32, alpha: f32 = 0): void {
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
]);

const ERF = memory.data<f64>([
  // erf(x) / x by x² for |x| ≤ 1, to 2^-40
  1.0589380641075019e-6,
  -1.3909340021874599e-5,
  0.0001195656256820733,
  -0.00085426379970872296,
  0.0052237834771892481,
  -0.026866133235095592,
  0.11283791308604581,
  -0.37612638889635307,
  1.1283791670946767,
  // −ln(1 − erf(x)) for 1 ≤ x ≤ 4, which gives erf(x) to 2^-30
  -1.6371514145936436e-6,
  4.6058042689189779e-5,
  -0.00059680562566077971,
  0.0047595962932662646,
  -0.026421136005663897,
  0.11008008294882025,
  0.63182605155916301,
  1.130233434841994,
  -0.00032013804967769884,
  1.0,
  4.0, // from here on erf(x) rounds to 1
]);

@unmanaged
class Log1p extends DoubleLane {
  // 1 + x is exact in f64 unless |x| is below 2^-29.
  @inline
  forward(x: v128, _alpha: v128): v128 {
    const y = logPair(f64x2.add(x, double(ERF, 18)));
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
    const y = f64x2.add(f64x2.max(x, f64x2.splat(0)), rest);
    return v128.andnot(y, f64x2.lt(y, double(LIMITS, 1)));
  }
}

@unmanaged
class Erf extends DoubleLane {
  // x P(x²) near 0, else 1 − e^−Q(|x|) with the sign of x.
  @inline
  forward(x: v128, _alpha: v128): v128 {
    const size = f64x2.abs(x);
    const square = f64x2.mul(x, x);
    let p = horner(double(ERF, 0), square, ERF, 1);
    p = horner(p, square, ERF, 2);
    p = horner(p, square, ERF, 3);
    p = horner(p, square, ERF, 4);
    p = horner(p, square, ERF, 5);
    p = horner(p, square, ERF, 6);
    p = horner(p, square, ERF, 7);
    p = f64x2.mul(horner(p, square, ERF, 8), x);
    const cut = f64x2.min(size, double(ERF, 19));
    let q = horner(double(ERF, 9), cut, ERF, 10);
    q = horner(q, cut, ERF, 11);
    q = horner(q, cut, ERF, 12);
    q = horner(q, cut, ERF, 13);
    q = horner(q, cut, ERF, 14);
    q = horner(q, cut, ERF, 15);
    q = horner(q, cut, ERF, 16);
    q = horner(q, cut, ERF, 17);
    const far = f64x2.sub(double(ERF, 18), expPair(f64x2.neg(q)));
    const y = v128.bitselect(p, far, f64x2.lt(size, double(ERF, 18)));
    return v128.or(y, v128.xor(x, size));
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
  mapDoubles<Erf>(y, x, n);
}

/** y = x > 0 ? x : alpha · (eˣ − 1) */
export function elu(y: usize, x: usize, n: u32, alpha: f32): void {
  mapDoubles<Elu>(y, x, n, alpha);
}
