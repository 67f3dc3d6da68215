/** The pass over the weights that Adam, NAdam and RAdam have in common: only its factors differ. */
import { above, flushBelow, MAGNITUDE, NEGLIGIBLE } from "../../lanes/flush";
import { storeRest } from "../../lanes/simd";
import {
  averageOf,
  coupledGradient,
  finiteSquare,
  keptSquare,
  LEAST_SQUARE,
  leastOfWeights,
  leastRoot,
  rootOfShare,
  shareOf,
} from "./updateLanes";

/** Inlined once for each combination of the constants at its head that is in use. */
@inline
function momentsPass(
  couples: bool,
  decouples: bool,
  isLargest: bool,
  looksAhead: bool,
  parameter: usize,
  mean: usize,
  variance: usize,
  largest: usize,
  gradient: usize,
  n: u32,
  scale: f32,
  beta1: f32,
  beta2: f32,
  meanStep: f32,
  gradientStep: f32,
  epsilon: f32,
  coupledDecay: f32,
  decayRate: f32,
): void {
  // A coupled gradient is scaled on its own, any other in the factors of its uses.
  const factor: f32 = couples ? 1 : scale;
  const rootShare = rootOfShare(1.0 - <f64>beta2, factor);
  const beta1s = f32x4.splat(beta1), share1 = f32x4.splat(shareOf(beta1, factor));
  const beta2s = f32x4.splat(beta2), rootShares = f32x4.splat(rootShare);
  const leastRoots = f32x4.splat(leastRoot(rootShare)), epsilons = f32x4.splat(epsilon);
  const meanSteps = f32x4.splat(meanStep), gradientSteps = f32x4.splat(gradientStep * factor);
  const scales = f32x4.splat(scale), decays = f32x4.splat(coupledDecay), decayRates = f32x4.splat(decayRate);
  const leastWeight = leastOfWeights(decayRate), leastSquare = v128.load(LEAST_SQUARE);
  const negligible = v128.load(NEGLIGIBLE), magnitude = v128.load(MAGNITUDE);
  let left = n;
  // A loop that tests at its end, because V8 computes whatever is constant in one that tests first in every turn
  // of it: here splats, a division and a square root (measured: 2.2 ns a weight, not 0.7).
  if (!left) return;
  do {
    let w = v128.load(parameter), g = v128.load(gradient);
    if (decouples) {
      w = flushBelow(w, leastWeight, magnitude);
      // Not w · (1 − decayRate): 1 less 1e-6 is off by 1 % of that once it is rounded, for all weights alike.
      w = f32x4.sub(w, f32x4.mul(decayRates, w));
    }
    let size = v128.and(g, magnitude);
    g = above(g, size, negligible);
    if (couples) {
      g = coupledGradient(g, w, scales, decays);
      size = v128.and(g, magnitude);
      g = above(g, size, negligible);
    }
    const m = flushBelow(averageOf(v128.load(mean), g, beta1s, share1), negligible, magnitude);
    const root = f32x4.mul(rootShares, above(g, size, leastRoots));
    const v = finiteSquare(f32x4.add(f32x4.mul(beta2s, v128.load(variance)), f32x4.mul(root, root)), couples);
    // pmax keeps the first operand where the second is NaN. What v decays to below leastSquare is nothing to epsilon.
    const most = isLargest ? f32x4.pmax(v128.load(largest), v) : v;
    let step = f32x4.mul(meanSteps, m);
    if (looksAhead) step = f32x4.add(step, f32x4.mul(gradientSteps, g));
    const next = f32x4.sub(w, f32x4.div(step, f32x4.add(f32x4.sqrt(most), epsilons)));
    const keptVariance = keptSquare(v, leastSquare);
    if (left < 4) {
      storeRest(mean, m, left);
      storeRest(variance, keptVariance, left);
      if (isLargest) storeRest(largest, most, left);
      storeRest(parameter, next, left);
      return;
    }
    v128.store(mean, m);
    v128.store(variance, keptVariance);
    if (isLargest) v128.store(largest, most);
    v128.store(parameter, next);
    parameter += 16;
    mean += 16;
    variance += 16;
    if (isLargest) largest += 16;
    gradient += 16;
    left -= 4;
  } while (left);
}

/**
 * w −= meanStep · m / (√v + epsilon) + decayRate · w, once m and v have moved on to g and g²:
 *
 *     g = scale · gradient + coupledDecay · w
 *     m = beta1 · m + (1 − beta1) · g
 *     v = beta2 · v + (1 − beta2) · g²
 *
 * The betas are the f32 given: 1 − beta and its root are worked in f64 from those, then rounded, so m and v stay true
 * averages although 0.999 in f32 is 0.99900001. Gradients and m below 2⁻¹⁰⁰, v below 2⁻¹²⁰ and squares too small to
 * reach it count as zero, and so do weights below 2⁻¹⁰⁰ where decayRate is not 0: nothing decays into the subnormals.
 *
 * @param parameter [n] w, in place
 * @param mean [n] m, in place
 * @param variance [n] v, in place
 * @param largest [n] the largest v so far, in place, which stands for v in the update; or 0, for v itself
 * @param gradient [n]
 * @param coupledDecay 0 where decayRate is not
 */
export function moveByMean(
  parameter: usize,
  mean: usize,
  variance: usize,
  largest: usize,
  gradient: usize,
  n: u32,
  scale: f32,
  beta1: f32,
  beta2: f32,
  meanStep: f32,
  epsilon: f32,
  coupledDecay: f32,
  decayRate: f32,
): void {
  if (largest) {
    // prettier-ignore
    if (coupledDecay != 0) momentsPass(true, false, true, false, parameter, mean, variance, largest, gradient, n, scale, beta1, beta2, meanStep, 0, epsilon, coupledDecay, 0);
    // prettier-ignore
    else momentsPass(false, true, true, false, parameter, mean, variance, largest, gradient, n, scale, beta1, beta2, meanStep, 0, epsilon, 0, decayRate);
    return;
  }
  // prettier-ignore
  if (coupledDecay != 0) momentsPass(true, false, false, false, parameter, mean, variance, 0, gradient, n, scale, beta1, beta2, meanStep, 0, epsilon, coupledDecay, 0);
  // prettier-ignore
  else if (decayRate != 0) momentsPass(false, true, false, false, parameter, mean, variance, 0, gradient, n, scale, beta1, beta2, meanStep, 0, epsilon, 0, decayRate);
  // prettier-ignore
  else momentsPass(false, false, false, false, parameter, mean, variance, 0, gradient, n, scale, beta1, beta2, meanStep, 0, epsilon, 0, 0);
}

/** moveByMean without a `largest`, but w −= (meanStep · m + gradientStep · g) / (√v + epsilon) + decayRate · w. */
export function moveByMeanAndGradient(
  parameter: usize,
  mean: usize,
  variance: usize,
  gradient: usize,
  n: u32,
  scale: f32,
  beta1: f32,
  beta2: f32,
  meanStep: f32,
  gradientStep: f32,
  epsilon: f32,
  coupledDecay: f32,
  decayRate: f32,
): void {
  // prettier-ignore
  if (coupledDecay != 0) momentsPass(true, false, false, true, parameter, mean, variance, 0, gradient, n, scale, beta1, beta2, meanStep, gradientStep, epsilon, coupledDecay, 0);
  // prettier-ignore
  else if (decayRate == 0) momentsPass(false, false, false, true, parameter, mean, variance, 0, gradient, n, scale, beta1, beta2, meanStep, gradientStep, epsilon, 0, 0);
  // prettier-ignore
  else momentsPass(false, true, false, true, parameter, mean, variance, 0, gradient, n, scale, beta1, beta2, meanStep, gradientStep, epsilon, 0, decayRate);
}
