import { flushBelow, MAGNITUDE, NEGLIGIBLE } from "../../lanes/flush";
import { scaleWide, storeRest } from "../../lanes/simd";
import { gradientNorm } from "../step/gradientNorm";

/**
 * gradient = max(−limit, min(limit, gradient)), elementwise, as torch.nn.utils.clip_grad_value_. NaN stays NaN.
 *
 * @param gradient [n] in place
 * @param limit above 0
 */
export function clipElements(gradient: usize, n: u32, limit: f32): void {
  const high = f32x4.splat(limit), low = f32x4.splat(-limit);
  let left = n;
  if (!left) return;
  // A loop that tests at its end, because V8 computes whatever is constant in one that tests first in every turn.
  do {
    // pmin(a, b) is b < a ? b : a: with the gradient as a, a NaN is kept.
    const g = f32x4.pmax(f32x4.pmin(v128.load(gradient), high), low);
    if (left < 4) {
      storeRest(gradient, g, left);
      return;
    }
    v128.store(gradient, g);
    gradient += 16;
    left -= 4;
  } while (left);
}

/** gradient *= factor, worked in f64, in which no factor is subnormal; what falls below 2⁻¹⁰⁰ is zero. */
function scale(gradient: usize, n: u32, factor: f64): void {
  const factors = f64x2.splat(factor);
  const negligible = v128.load(NEGLIGIBLE), magnitude = v128.load(MAGNITUDE);
  let left = n;
  if (!left) return;
  do {
    const next = flushBelow(scaleWide(v128.load(gradient), factors, factors), negligible, magnitude);
    if (left < 4) {
      storeRest(gradient, next, left);
      return;
    }
    v128.store(gradient, next);
    gradient += 16;
    left -= 4;
  } while (left);
}

/**
 * gradient *= limit / ‖gradient‖ where that is below 1, as torch.nn.utils.clip_grad_norm_, which adds 1e-6 to the norm.
 *
 * @param gradient [n] in place; finite
 * @param limit above 0
 * @param partials scratch of a long sum
 */
export function clipNorm(gradient: usize, n: u32, limit: f32, partials: usize): void {
  const norm = gradientNorm(gradient, n, partials);
  if (norm > <f64>limit) scale(gradient, n, <f64>limit / norm);
}
