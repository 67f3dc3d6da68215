import { epsilonOfRoot, power } from "./updateLanes";
import { moveByMean } from "./moments";

/**
 * One step of Adam (Kingma and Ba 2015), of AdamW (Loshchilov and Hutter 2019) where `decoupled`, of AMSGrad (Reddi et
 * al. 2018) where there is a `largest`, as torch.optim has them, with t = step + 1:
 *
 *     g = scale · gradient + decay · w            w *= 1 − learningRate · decay instead, where decoupled
 *     m = beta1 · m + (1 − beta1) · g
 *     v = beta2 · v + (1 − beta2) · g²
 *     u = v                                       max(u, v) for AMSGrad
 *     w −= learningRate / (1 − beta1ᵗ) · m / (√u / √(1 − beta2ᵗ) + epsilon)
 *
 * Both corrections are worked in f64. What is too small to count: see moveByMean. Epsilon is at least 2⁻⁵⁶.
 *
 * @param parameter [n] w, in place
 * @param mean [n] m, in place; zeros before the first step
 * @param variance [n] v, in place; zeros before the first step
 * @param largest [n] u, in place; zeros before the first step; or 0
 * @param gradient [n]
 * @param scale what clips the gradient, or 1
 * @param beta1 0 ≤ beta1 < 1, and beta2 alike
 * @param decoupled 0 or 1
 * @param step counts from 0
 */
export function adam(
  parameter: usize,
  mean: usize,
  variance: usize,
  largest: usize,
  gradient: usize,
  n: u32,
  learningRate: f32,
  scale: f32,
  beta1: f32,
  beta2: f32,
  epsilon: f32,
  decay: f32,
  decoupled: u32,
  step: u32,
): void {
  // learningRate · m̂ / (√û + epsilon), both sides times √(1 − beta2ᵗ).
  const correction = sqrt(1.0 - power(<f64>beta2, step + 1));
  moveByMean(
    parameter,
    mean,
    variance,
    largest,
    gradient,
    n,
    scale,
    beta1,
    beta2,
    <f32>((<f64>learningRate * correction) / (1.0 - power(<f64>beta1, step + 1))),
    <f32>(<f64>epsilonOfRoot(epsilon) * correction),
    decoupled ? 0 : decay,
    decoupled ? learningRate * decay : 0,
  );
}
