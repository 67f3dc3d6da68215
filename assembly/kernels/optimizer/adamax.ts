import { above, flushBelow, MAGNITUDE, NEGLIGIBLE } from "../../lanes/flush";
import { storeRest } from "../../lanes/simd";
import { averageOf, coupledGradient, epsilonOfRoot, power, shareOf } from "../update/updateLanes";

/** The pass over n weights. Inlined once for each value of the constant `couples`. */
@inline
function adamaxPass(
  couples: bool,
  parameter: usize,
  mean: usize,
  largest: usize,
  gradient: usize,
  n: u32,
  stepSize: f32,
  scale: f32,
  beta1: f32,
  beta2: f32,
  epsilon: f32,
  decay: f32,
): void {
  // A coupled gradient is scaled on its own, any other in the factors of its uses.
  const factor: f32 = couples ? 1 : scale;
  const factors = f32x4.splat(factor), stepSizes = f32x4.splat(stepSize), epsilons = f32x4.splat(epsilon);
  const beta1s = f32x4.splat(beta1),
    share1 = f32x4.splat(shareOf(beta1, factor)),
    beta2s = f32x4.splat(beta2);
  const scales = f32x4.splat(scale), decays = f32x4.splat(decay);
  const negligible = v128.load(NEGLIGIBLE), magnitude = v128.load(MAGNITUDE);
  let left = n;
  // A loop that tests at its end, because V8 computes whatever is constant in one that tests first in every turn.
  if (!left) return;
  do {
    const w = v128.load(parameter);
    let g = v128.load(gradient), size = v128.and(g, magnitude);
    if (couples) {
      g = coupledGradient(above(g, size, negligible), w, scales, decays);
      size = v128.and(g, magnitude);
    }
    const value = above(g, size, negligible), extent = above(size, size, negligible);
    const m = flushBelow(averageOf(v128.load(mean), value, beta1s, share1), negligible, magnitude);
    // pmax keeps NaN in its first operand.
    const u = f32x4.pmax(
      f32x4.add(f32x4.mul(factors, extent), epsilons),
      f32x4.mul(beta2s, v128.load(largest)),
    );
    const next = f32x4.sub(w, f32x4.div(f32x4.mul(stepSizes, m), u));
    if (left < 4) {
      storeRest(mean, m, left);
      storeRest(largest, u, left);
      storeRest(parameter, next, left);
      return;
    }
    v128.store(mean, m);
    v128.store(largest, u);
    v128.store(parameter, next);
    parameter += 16;
    mean += 16;
    largest += 16;
    gradient += 16;
    left -= 4;
  } while (left);
}

/**
 * One step of Adamax (Kingma and Ba 2015, §7.1) as torch.optim.Adamax, with t = step + 1:
 *
 *     g = scale · gradient + decay · w
 *     m = beta1 · m + (1 − beta1) · g
 *     u = max(beta2 · u, |g| + epsilon)
 *     w −= learningRate / (1 − beta1ᵗ) · m / u
 *
 * 1 − beta1 and the correction are worked in f64 from the f32 given. Gradients and m below 2⁻¹⁰⁰ count as zero; u is at
 * least epsilon, and that at least 2⁻⁵⁶.
 *
 * @param parameter [n] w, in place
 * @param mean [n] m, in place; zeros before the first step
 * @param largest [n] u, in place; zeros before the first step
 * @param gradient [n]
 * @param scale what clips the gradient, or 1
 * @param beta1 0 ≤ beta1 < 1, and beta2 alike
 * @param step counts from 0
 */
export function adamax(
  parameter: usize,
  mean: usize,
  largest: usize,
  gradient: usize,
  n: u32,
  learningRate: f32,
  scale: f32,
  beta1: f32,
  beta2: f32,
  epsilon: f32,
  decay: f32,
  step: u32,
): void {
  const stepSize = <f32>(<f64>learningRate / (1.0 - power(<f64>beta1, step + 1)));
  const least: f32 = epsilonOfRoot(epsilon);
  // prettier-ignore
  if (decay == 0) adamaxPass(false, parameter, mean, largest, gradient, n, stepSize, scale, beta1, beta2, least, 0);
  // prettier-ignore
  else adamaxPass(true, parameter, mean, largest, gradient, n, stepSize, scale, beta1, beta2, least, decay);
}
