/** Elementwise functions that are linear piece by piece: see elementwise/unary.ts. */
import { mapUnary, UnaryLane } from "../elementwise/unary";

@unmanaged
class LeakyRelu extends UnaryLane {
  @inline
  forward(x: v128, slope: v128, _beta: v128): v128 {
    return v128.bitselect(x, f32x4.mul(slope, x), f32x4.gt(x, f32x4.splat(0)));
  }
}

@unmanaged
class Clip extends UnaryLane {
  // Operands in the order that keeps a NaN of x.
  @inline
  forward(x: v128, low: v128, high: v128): v128 {
    return f32x4.pmin(f32x4.pmax(x, low), high);
  }
}

/** y = x > 0 ? x : slope · x */
export function leakyRelu(y: usize, x: usize, n: u32, slope: f32): void {
  mapUnary<LeakyRelu>(y, x, n, slope);
}

/** y = min(max(x, low), high), low ≤ high */
export function clip(y: usize, x: usize, n: u32, low: f32, high: f32): void {
  mapUnary<Clip>(y, x, n, low, high);
}
