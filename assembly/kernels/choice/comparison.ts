/** The rarer comparisons of two operands, and the lesser of them: see elementwise/binary.ts. */
import { BinaryLane, mapBinary } from "../elementwise/binary";

@unmanaged
class Minimum extends BinaryLane {
  @inline
  forward(a: v128, b: v128): v128 {
    return f32x4.min(a, b);
  }
}

@unmanaged
class NotEqual extends BinaryLane {
  @inline
  forward(a: v128, b: v128): v128 {
    return v128.and(f32x4.ne(a, b), f32x4.splat(1));
  }
}

@unmanaged
class Greater extends BinaryLane {
  @inline
  forward(a: v128, b: v128): v128 {
    return v128.and(f32x4.gt(a, b), f32x4.splat(1));
  }
}

@unmanaged
class GreaterEqual extends BinaryLane {
  @inline
  forward(a: v128, b: v128): v128 {
    return v128.and(f32x4.ge(a, b), f32x4.splat(1));
  }
}

/** y = min(a, b); NaN if either is */
// prettier-ignore
export function minimum(y: usize, a: usize, b: usize, outer: u32, inner: u32, aOuter: u32, aInner: u32, bOuter: u32, bInner: u32): void {
  mapBinary<Minimum>(y, a, b, outer, inner, aOuter, aInner, bOuter, bInner);
}

/** y = a ≠ b ? 1 : 0; NaN differs from everything */
// prettier-ignore
export function notEqual(y: usize, a: usize, b: usize, outer: u32, inner: u32, aOuter: u32, aInner: u32, bOuter: u32, bInner: u32): void {
  mapBinary<NotEqual>(y, a, b, outer, inner, aOuter, aInner, bOuter, bInner);
}

/** y = a > b ? 1 : 0; 0 where either is NaN */
// prettier-ignore
export function greater(y: usize, a: usize, b: usize, outer: u32, inner: u32, aOuter: u32, aInner: u32, bOuter: u32, bInner: u32): void {
  mapBinary<Greater>(y, a, b, outer, inner, aOuter, aInner, bOuter, bInner);
}

/** y = a ≥ b ? 1 : 0; 0 where either is NaN */
// prettier-ignore
export function greaterEqual(y: usize, a: usize, b: usize, outer: u32, inner: u32, aOuter: u32, aInner: u32, bOuter: u32, bInner: u32): void {
  mapBinary<GreaterEqual>(y, a, b, outer, inner, aOuter, aInner, bOuter, bInner);
}
