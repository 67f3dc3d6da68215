import { above, MAGNITUDE, NEGLIGIBLE } from "../../lanes/flush";
import { storeRest } from "../../lanes/simd";
import {
  coupledGradient,
  epsilonOfRoot,
  LARGEST_SQUARE,
  LEAST_SQUARE,
  leastRoot,
} from "../update/updateLanes";

/** The pass over n weights. Inlined once for each value of the constant `couples`. */
@inline
function adagradPass(
  couples: bool,
  parameter: usize,
  sum: usize,
  gradient: usize,
  n: u32,
  rate: f32,
  scale: f32,
  epsilon: f32,
  initial: f32,
  decay: f32,
): void {
  // A coupled gradient is scaled on its own, any other in the factors of its uses.
  const factor: f32 = couples ? 1 : scale;
  const factors = f32x4.splat(factor), rates = f32x4.splat(rate * factor);
  const scales = f32x4.splat(scale), decays = f32x4.splat(decay);
  const epsilons = f32x4.splat(epsilon), initials = f32x4.splat(initial);
  const leastRoots = f32x4.splat(leastRoot(factor)), largest = v128.load(LARGEST_SQUARE);
  const negligible = v128.load(NEGLIGIBLE), magnitude = v128.load(MAGNITUDE);
  let left = n;
  // A loop that tests at its end, because V8 computes whatever is constant in one that tests first in every turn.
  if (!left) return;
  do {
    const w = v128.load(parameter);
    let g = v128.load(gradient), size = v128.and(g, magnitude);
    g = above(g, size, negligible);
    if (couples) {
      g = coupledGradient(g, w, scales, decays);
      size = v128.and(g, magnitude);
      g = above(g, size, negligible);
    }
    const root = f32x4.mul(factors, above(g, size, leastRoots));
    // Four gradients near the largest that may be would add up to infinity. pmin keeps NaN in its first operand.
    const s = f32x4.pmin(f32x4.add(v128.load(sum), f32x4.mul(root, root)), largest);
    const divisor = f32x4.add(f32x4.sqrt(f32x4.add(s, initials)), epsilons);
    const next = f32x4.sub(w, f32x4.div(f32x4.mul(rates, g), divisor));
    if (left < 4) {
      storeRest(sum, s, left);
      storeRest(parameter, next, left);
      return;
    }
    v128.store(sum, s);
    v128.store(parameter, next);
    parameter += 16;
    sum += 16;
    gradient += 16;
    left -= 4;
  } while (left);
}

/**
 * One step of AdaGrad (Duchi, Hazan and Singer 2011) as torch.optim.Adagrad:
 *
 *     g = scale · gradient + decay · w
 *     s = s + g²
 *     w −= learningRate / (1 + step · rateDecay) · g / (√(initial + s) + epsilon)
 *
 * Gradients below 2⁻¹⁰⁰, and the squares of those below 2⁻⁶⁰, count as zero; s stays below infinity. Epsilon is at
 * least 2⁻⁵⁶.
 *
 * @param parameter [n] w, in place
 * @param sum [n] s, in place; zeros before the first step
 * @param gradient [n]
 * @param scale what clips the gradient, or 1
 * @param rateDecay at least 0
 * @param initial at least 0
 * @param step counts from 0
 */
export function adagrad(
  parameter: usize,
  sum: usize,
  gradient: usize,
  n: u32,
  learningRate: f32,
  scale: f32,
  epsilon: f32,
  rateDecay: f32,
  initial: f32,
  decay: f32,
  step: u32,
): void {
  const rate = <f32>(<f64>learningRate / (1.0 + <f64>step * <f64>rateDecay));
  const least: f32 = epsilonOfRoot(epsilon);
  const start: f32 = initial < load<f32>(LEAST_SQUARE) ? 0 : min(initial, load<f32>(LARGEST_SQUARE));
  if (decay == 0) adagradPass(false, parameter, sum, gradient, n, rate, scale, least, start, 0);
  else adagradPass(true, parameter, sum, gradient, n, rate, scale, least, start, decay);
}
