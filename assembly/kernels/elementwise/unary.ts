/** Elementwise functions of one operand: y[i] = f(x[i]) over n floats; y may alias x. NaN gives NaN. */

import { sigmoid4, tanh4 } from "../../lanes/math";
import { storeRest } from "../../lanes/simd";

/** One elementwise function, four lanes at a time. Stateless; see mapUnary. */
@unmanaged
export abstract class UnaryLane {
  /** alpha and beta are the instruction's reals; most functions have none. */
  abstract forward(x: v128, alpha: v128, beta: v128): v128;
}

/** y = F(x) over n floats. Reads padding, does not write it. */
@inline
export function mapUnary<F extends UnaryLane>(
  y: usize,
  x: usize,
  n: u32,
  alpha: f32 = 0,
  beta: f32 = 0,
): void {
  const lane = changetype<F>(0); // a type, never a pointer: methods are @inline and ignore `this`
  const alpha4 = f32x4.splat(alpha);
  const beta4 = f32x4.splat(beta);
  const end = x + ((<usize>n & ~3) << 2);
  for (; x < end; x += 16, y += 16) {
    v128.store(y, lane.forward(v128.load(x), alpha4, beta4));
  }
  if (n & 3) storeRest(y, lane.forward(v128.load(x), alpha4, beta4), n & 3);
}

/** mapUnary of a long series, in a loop that has its instructions once, for the tail too. */
@inline
export function mapSeries<F extends UnaryLane>(y: usize, x: usize, n: u32): void {
  const lane = changetype<F>(0);
  const none = f32x4.splat(0);
  let left = n;
  if (!left) return;
  do {
    const lanes = lane.forward(v128.load(x), none, none);
    if (left < 4) {
      storeRest(y, lanes, left);
      return;
    }
    v128.store(y, lanes);
    x += 16;
    y += 16;
    left -= 4;
  } while (left);
}

@unmanaged
class Copy extends UnaryLane {
  @inline
  forward(x: v128, _alpha: v128, _beta: v128): v128 {
    return x;
  }
}

@unmanaged
class Negate extends UnaryLane {
  @inline
  forward(x: v128, _alpha: v128, _beta: v128): v128 {
    return f32x4.neg(x);
  }
}

@unmanaged
class Abs extends UnaryLane {
  @inline
  forward(x: v128, _alpha: v128, _beta: v128): v128 {
    return f32x4.abs(x);
  }
}

@unmanaged
class Square extends UnaryLane {
  @inline
  forward(x: v128, _alpha: v128, _beta: v128): v128 {
    return f32x4.mul(x, x);
  }
}

@unmanaged
class SquareRoot extends UnaryLane {
  @inline
  forward(x: v128, _alpha: v128, _beta: v128): v128 {
    return f32x4.sqrt(x);
  }
}

@unmanaged
class Reciprocal extends UnaryLane {
  @inline
  forward(x: v128, _alpha: v128, _beta: v128): v128 {
    return f32x4.div(f32x4.splat(1), x);
  }
}

@unmanaged
class Tanh extends UnaryLane {
  @inline
  forward(x: v128, _alpha: v128, _beta: v128): v128 {
    return tanh4(x);
  }
}

@unmanaged
class Sigmoid extends UnaryLane {
  @inline
  forward(x: v128, _alpha: v128, _beta: v128): v128 {
    return sigmoid4(x);
  }
}

@unmanaged
class Relu extends UnaryLane {
  @inline
  forward(x: v128, _alpha: v128, _beta: v128): v128 {
    return f32x4.pmax(x, f32x4.splat(0)); // x < 0 ? 0 : x, so that NaN stays
  }
}

@unmanaged
class Affine extends UnaryLane {
  @inline
  forward(x: v128, alpha: v128, beta: v128): v128 {
    return f32x4.add(f32x4.mul(alpha, x), beta);
  }
}

@unmanaged
class GreaterThan extends UnaryLane {
  @inline
  forward(x: v128, alpha: v128, _beta: v128): v128 {
    return v128.and(f32x4.gt(x, alpha), f32x4.splat(1));
  }
}

/** y = x */
export function copy(y: usize, x: usize, n: u32): void {
  mapUnary<Copy>(y, x, n);
}

/** y = −x */
export function negate(y: usize, x: usize, n: u32): void {
  mapUnary<Negate>(y, x, n);
}

/** y = |x| */
export function abs(y: usize, x: usize, n: u32): void {
  mapUnary<Abs>(y, x, n);
}

/** y = x² */
export function square(y: usize, x: usize, n: u32): void {
  mapUnary<Square>(y, x, n);
}

/** y = √x, correctly rounded; NaN for x < 0 */
export function squareRoot(y: usize, x: usize, n: u32): void {
  mapUnary<SquareRoot>(y, x, n);
}

/** y = 1 / x, correctly rounded; ±0 gives ±Infinity */
export function reciprocal(y: usize, x: usize, n: u32): void {
  mapUnary<Reciprocal>(y, x, n);
}

/** y = tanh(x) */
export function tanh(y: usize, x: usize, n: u32): void {
  mapSeries<Tanh>(y, x, n);
}

/** y = 1 / (1 + e^−x); subnormal results are flushed to 0 */
export function sigmoid(y: usize, x: usize, n: u32): void {
  mapSeries<Sigmoid>(y, x, n);
}

/** y = max(x, 0) */
export function relu(y: usize, x: usize, n: u32): void {
  mapUnary<Relu>(y, x, n);
}

/** y = scale · x + offset */
export function affine(y: usize, x: usize, n: u32, scale: f32, offset: f32): void {
  mapUnary<Affine>(y, x, n, scale, offset);
}

/** y = x > threshold ? 1 : 0; NaN gives 0 */
export function greaterThan(y: usize, x: usize, n: u32, threshold: f32): void {
  mapUnary<GreaterThan>(y, x, n, threshold);
}
