/**
 * Gradients of elementwise functions, from the saved output: dx = dy · f′ over n floats.
 *
 * Subnormal results are flushed to 0: they would slow down every product that reads them. NaN and Infinity pass.
 * dx may alias dy or y.
 */

import { flush, storeRest } from "../../lanes/simd";

/** The gradient of one elementwise function. Stateless; see mapUnaryGrad. */
@unmanaged
export abstract class UnaryGradLane {
  abstract backward(y: v128, dy: v128): v128;
}

/** dx = F(y, dy) over n floats. Reads padding, does not write it. */
@inline
export function mapUnaryGrad<F extends UnaryGradLane>(dx: usize, y: usize, dy: usize, n: u32): void {
  const lane = changetype<F>(0); // a type, never a pointer: methods are @inline and ignore `this`
  const end = y + ((<usize>n & ~3) << 2);
  for (; y < end; dx += 16, y += 16, dy += 16) {
    v128.store(dx, flush(lane.backward(v128.load(y), v128.load(dy))));
  }
  if (n & 3) storeRest(dx, flush(lane.backward(v128.load(y), v128.load(dy))), n & 3);
}

@unmanaged
class Relu extends UnaryGradLane {
  @inline
  backward(y: v128, dy: v128): v128 {
    return v128.and(dy, f32x4.gt(y, f32x4.splat(0)));
  }
}

@unmanaged
class Sigmoid extends UnaryGradLane {
  @inline
  backward(y: v128, dy: v128): v128 {
    return f32x4.mul(dy, f32x4.mul(y, f32x4.sub(f32x4.splat(1), y)));
  }
}

@unmanaged
class Tanh extends UnaryGradLane {
  @inline
  backward(y: v128, dy: v128): v128 {
    return f32x4.mul(dy, f32x4.sub(f32x4.splat(1), f32x4.mul(y, y)));
  }
}

/** dx = y > 0 ? dy : 0 */
export function reluGrad(dx: usize, y: usize, dy: usize, n: u32): void {
  mapUnaryGrad<Relu>(dx, y, dy, n);
}

/** dx = dy · y · (1 − y) */
export function sigmoidGrad(dx: usize, y: usize, dy: usize, n: u32): void {
  mapUnaryGrad<Sigmoid>(dx, y, dy, n);
}

/** dx = dy · (1 − y²) */
export function tanhGrad(dx: usize, y: usize, dy: usize, n: u32): void {
  mapUnaryGrad<Tanh>(dx, y, dy, n);
}
