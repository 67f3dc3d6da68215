import { expPair, logPair } from "../../lanes/doubles";
import { BinaryLane, mapBinary } from "../elementwise/binary";

/** aᵇ of two f32, made f64: e^(b ln|a|), then what IEEE 754 says of signs, integers and ends (pow, section 9.2.1). */
@inline
function powerPair(a: v128, b: v128): v128 {
  const one = f64x2.splat(1);
  const size = f64x2.abs(a);
  const half = f64x2.mul(b, f64x2.splat(0.5));
  const isInteger = f64x2.eq(b, f64x2.nearest(b));
  const isOdd = v128.andnot(isInteger, f64x2.eq(half, f64x2.nearest(half)));
  const y = v128.xor(expPair(f64x2.mul(b, logPair(size))), v128.and(v128.and(a, isOdd), f64x2.splat(-0.0)));
  // Setting all bits makes a NaN. Every odd root of −Infinity counts as Infinity, so that it is none.
  const isNegative = v128.and(f64x2.lt(a, f64x2.splat(0)), f64x2.lt(size, f64x2.splat(Infinity)));
  const root = v128.or(y, v128.andnot(isNegative, isInteger));
  // 1 whatever the other is, a NaN too, and (−1)^±Infinity.
  const end = v128.and(f64x2.eq(size, one), f64x2.eq(f64x2.abs(b), f64x2.splat(Infinity)));
  const isOne = v128.or(v128.or(f64x2.eq(a, one), f64x2.eq(b, f64x2.splat(0))), end);
  return v128.bitselect(one, root, isOne);
}

/** Lanes 2 and 3, made f64. */
@inline
function promoteHigh(x: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<i64>(x, x, 1, 1));
}

/** A function of its own, so that the six places where mapBinary needs it share it. */
function powerLanes(a: v128, b: v128): v128 {
  const low = powerPair(f64x2.promote_low_f32x4(a), f64x2.promote_low_f32x4(b));
  const high = powerPair(promoteHigh(a), promoteHigh(b));
  return v128.shuffle<i64>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2);
}

@unmanaged
class Power extends BinaryLane {
  @inline
  forward(a: v128, b: v128): v128 {
    return powerLanes(a, b);
  }
}

/** y = aᵇ, rounded from f64, with the special cases of IEEE 754's pow, as in NumPy: see mapBinary for the strides */
// prettier-ignore
export function power(y: usize, a: usize, b: usize, outer: u32, inner: u32, aOuter: u32, aInner: u32, bOuter: u32, bInner: u32): void {
  mapBinary<Power>(y, a, b, outer, inner, aOuter, aInner, bOuter, bInner);
}
