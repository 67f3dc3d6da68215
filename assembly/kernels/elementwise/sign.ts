/** The sign, and 1 / √x: see unary.ts. */
import { mapUnary, UnaryLane } from "./unary";

@unmanaged
class Sign extends UnaryLane {
  // What is neither above nor below 0 stays: zeros of either sign, and NaN.
  @inline
  forward(x: v128, _alpha: v128, _beta: v128): v128 {
    const zero = f32x4.splat(0);
    const one = v128.or(f32x4.splat(1), v128.and(x, f32x4.splat(-0.0)));
    return v128.bitselect(one, x, v128.or(f32x4.gt(x, zero), f32x4.lt(x, zero)));
  }
}

@unmanaged
class ReciprocalSquareRoot extends UnaryLane {
  @inline
  forward(x: v128, _alpha: v128, _beta: v128): v128 {
    return f32x4.div(f32x4.splat(1), f32x4.sqrt(x));
  }
}

/** y = −1, 0 or 1; 0 keeps its sign */
export function sign(y: usize, x: usize, n: u32): void {
  mapUnary<Sign>(y, x, n);
}

/** y = 1 / √x; ±0 gives ±Infinity, x < 0 NaN */
export function reciprocalSquareRoot(y: usize, x: usize, n: u32): void {
  mapUnary<ReciprocalSquareRoot>(y, x, n);
}
