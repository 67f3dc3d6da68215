import { flushBelow, MAGNITUDE, NEGLIGIBLE } from "../../lanes/flush";
import { storeRest } from "../../lanes/simd";
import { averageOf, leastOfWeights, shareOf } from "../update/updateLanes";

/** Four lanes of 2¹²⁶: times it, whatever is not negligible is larger than any learning rate. */
const HUGE = memory.data<u32>([0x7e800000, 0x7e800000, 0x7e800000, 0x7e800000], 16);

/** The pass over n weights. Inlined once for each value of the constant `decays`. */
@inline
function lionPass(
  decays: bool,
  parameter: usize,
  mean: usize,
  gradient: usize,
  n: u32,
  learningRate: f32,
  scale: f32,
  beta1: f32,
  beta2: f32,
  decayRate: f32,
): void {
  const rates = f32x4.splat(learningRate), negativeRates = f32x4.splat(-learningRate);
  const beta1s = f32x4.splat(beta1), share1 = f32x4.splat(shareOf(beta1, scale));
  const beta2s = f32x4.splat(beta2), share2 = f32x4.splat(shareOf(beta2, scale));
  const decayRates = f32x4.splat(decayRate), leastWeight = leastOfWeights(decayRate), huge = v128.load(HUGE);
  const negligible = v128.load(NEGLIGIBLE), magnitude = v128.load(MAGNITUDE);
  let left = n;
  // A loop that tests at its end, because V8 computes whatever is constant in one that tests first in every turn.
  if (!left) return;
  do {
    const g = flushBelow(v128.load(gradient), negligible, magnitude), old = v128.load(mean);
    const c = averageOf(old, g, beta1s, share1);
    const m = flushBelow(averageOf(old, g, beta2s, share2), negligible, magnitude);
    // learningRate · sign(c). pmin and pmax keep NaN in their first operand.
    let change = f32x4.pmin(f32x4.pmax(f32x4.mul(c, huge), negativeRates), rates);
    let w = v128.load(parameter);
    if (decays) {
      w = flushBelow(w, leastWeight, magnitude);
      change = f32x4.add(change, f32x4.mul(decayRates, w));
    }
    const next = f32x4.sub(w, change);
    if (left < 4) {
      storeRest(mean, m, left);
      storeRest(parameter, next, left);
      return;
    }
    v128.store(mean, m);
    v128.store(parameter, next);
    parameter += 16;
    mean += 16;
    gradient += 16;
    left -= 4;
  } while (left);
}

/**
 * One step of Lion (Chen et al. 2023, algorithm 2):
 *
 *     g = scale · gradient
 *     c = beta1 · m + (1 − beta1) · g
 *     w −= learningRate · (sign(c) + decay · w)
 *     m = beta2 · m + (1 − beta2) · g
 *
 * sign(0) is 0. 1 − beta is worked from the f32 given. Gradients, c and m below 2⁻¹⁰⁰ count as zero, and so do weights
 * that decay.
 *
 * @param parameter [n] w, in place
 * @param mean [n] m, in place; zeros before the first step
 * @param gradient [n]
 * @param scale what clips the gradient, or 1
 * @param beta1 0 ≤ beta1 < 1, and beta2 alike
 */
export function lion(
  parameter: usize,
  mean: usize,
  gradient: usize,
  n: u32,
  learningRate: f32,
  scale: f32,
  beta1: f32,
  beta2: f32,
  decay: f32,
): void {
  const decayRate = learningRate * decay;
  if (decayRate == 0) lionPass(false, parameter, mean, gradient, n, learningRate, scale, beta1, beta2, 0);
  else lionPass(true, parameter, mean, gradient, n, learningRate, scale, beta1, beta2, decayRate);
}
