import { epsilonOfRoot, power } from "../update/updateLanes";
import { moveByMean } from "../update/moments";
import { sgd } from "../update/sgd";

/**
 * One step of RAdam (Liu et al. 2020) as torch.optim has it, with t = step + 1:
 *
 *     g = scale · gradient + decay · w            w *= 1 − learningRate · decay instead, where decoupled
 *     m = beta1 · m + (1 − beta1) · g
 *     v = beta2 · v + (1 − beta2) · g²
 *     ρ∞ = 2 / (1 − beta2) − 1
 *     ρ = ρ∞ − 2t · beta2ᵗ / (1 − beta2ᵗ)
 *     w −= learningRate / (1 − beta1ᵗ) · m · (ρ > 5 ? r · √(1 − beta2ᵗ) / (√v + epsilon) : 1)
 *     r = √((ρ − 4)(ρ − 2) ρ∞ / ((ρ∞ − 4)(ρ∞ − 2) ρ))
 *
 * ρ and r are worked in f64, from the beta2 that was given: they go by 1 − beta2, of which the float leaves 0.001 only to
 * 1e-5, and 0.0001 to 2e-4. What is too small to count: see moveByMean. Epsilon is at least 2⁻⁵⁶.
 *
 * @param parameter [n] w, in place
 * @param mean [n] m, in place; zeros before the first step
 * @param variance [n] v, in place; zeros before the first step
 * @param gradient [n]
 * @param scale what clips the gradient, or 1
 * @param beta1 0 ≤ beta1 < 1, and beta2 alike, as it was given
 * @param decoupled 0 or 1
 * @param step counts from 0
 */
export function radam(
  parameter: usize,
  mean: usize,
  variance: usize,
  gradient: usize,
  n: u32,
  learningRate: f32,
  scale: f32,
  beta1: f32,
  beta2: f64,
  epsilon: f32,
  decay: f32,
  decoupled: u32,
  step: u32,
): void {
  const t = <f64>step + 1.0, decayed = power(beta2, step + 1);
  const longest = 2.0 / (1.0 - beta2) - 1.0;
  const length = longest - (2.0 * t * decayed) / (1.0 - decayed);
  const isRectified = length > 5.0;
  const stepSize = <f64>learningRate / (1.0 - power(<f64>beta1, step + 1));
  let rectified: f64 = 0;
  if (isRectified) {
    const r2 = ((length - 4.0) * (length - 2.0) * longest) / ((longest - 4.0) * (longest - 2.0) * length);
    // v is an average by the float.
    rectified = stepSize * sqrt(r2 * (1.0 - power(<f64>(<f32>beta2), step + 1)));
  }
  moveByMean(
    parameter,
    mean,
    variance,
    0,
    gradient,
    n,
    scale,
    beta1,
    <f32>beta2,
    <f32>rectified,
    epsilonOfRoot(epsilon),
    decoupled ? 0 : decay,
    decoupled ? learningRate * decay : 0,
  );
  // The first steps go along m as it is: a pass more, five times.
  if (!isRectified) sgd(parameter, 0, mean, n, <f32>stepSize, 1, 0, 0, 0);
}
