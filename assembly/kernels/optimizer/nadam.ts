import { epsilonOfRoot, power } from "../update/updateLanes";
import { moveByMeanAndGradient } from "../update/moments";

/** A product of momenta that is nothing beside 1 in f64. */
const VANISHED: f64 = 1e-20;

/**
 * One step of NAdam (Dozat 2016) as torch.optim has it, with t = step + 1, b = momentumBase and
 * μᵢ = beta1 · (1 − ½ · bⁱ):
 *
 *     g = scale · gradient + decay · w            w *= 1 − learningRate · decay instead, where decoupled
 *     m = beta1 · m + (1 − beta1) · g
 *     v = beta2 · v + (1 − beta2) · g²
 *     w −= learningRate · (μₜ₊₁ · m / (1 − Π μ₁…μₜ₊₁) + (1 − μₜ) · g / (1 − Π μ₁…μₜ)) / (√v / √(1 − beta2ᵗ) + epsilon)
 *
 * The products are made anew in every step, in f64, until they have vanished: a few hundred factors where beta1 is
 * 0.9. What is too small to count: see moveByMean. Epsilon is at least 2⁻⁵⁶.
 *
 * @param parameter [n] w, in place
 * @param mean [n] m, in place; zeros before the first step
 * @param variance [n] v, in place; zeros before the first step
 * @param gradient [n]
 * @param scale what clips the gradient, or 1
 * @param beta1 0 ≤ beta1 < 1, and beta2 alike
 * @param momentumBase 0 < b ≤ 1
 * @param decoupled 0 or 1
 * @param step counts from 0
 */
export function nadam(
  parameter: usize,
  mean: usize,
  variance: usize,
  gradient: usize,
  n: u32,
  learningRate: f32,
  scale: f32,
  beta1: f32,
  beta2: f32,
  epsilon: f32,
  momentumBase: f64,
  decay: f32,
  decoupled: u32,
  step: u32,
): void {
  let product: f64 = 1, weight: f64 = 1;
  for (let i: u32 = 0; i <= step && product > VANISHED; i++) {
    weight *= momentumBase;
    product *= <f64>beta1 * (1.0 - 0.5 * weight);
  }
  const now = power(momentumBase, step + 1);
  const momentum = <f64>beta1 * (1.0 - 0.5 * now);
  const nextMomentum = <f64>beta1 * (1.0 - 0.5 * now * momentumBase);
  // Both sides of the quotient times √(1 − beta2ᵗ).
  const correction = sqrt(1.0 - power(<f64>beta2, step + 1));
  const rate = <f64>learningRate * correction;
  moveByMeanAndGradient(
    parameter,
    mean,
    variance,
    gradient,
    n,
    scale,
    beta1,
    beta2,
    <f32>((rate * nextMomentum) / (1.0 - product * nextMomentum)),
    <f32>((rate * (1.0 - momentum)) / (1.0 - product)),
    <f32>(<f64>epsilonOfRoot(epsilon) * correction),
    decoupled ? 0 : decay,
    decoupled ? learningRate * decay : 0,
  );
}
