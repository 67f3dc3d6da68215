import { flushBelow, MAGNITUDE, NEGLIGIBLE } from "../../lanes/flush";
import { storeRest } from "../../lanes/simd";
import {
  coupledGradient,
  epsilonOfRoot,
  finiteSquare,
  keptSquare,
  LEAST_SQUARE,
  leastRoot,
  leftOf,
  rootOfShare,
} from "../update/updateLanes";

/** Four lanes of 2¹²⁵, half the largest v: beyond all sizes v − a² is not nothing. */
const LARGEST_MEAN_SQUARE = memory.data<u32>([0x7e000000, 0x7e000000, 0x7e000000, 0x7e000000], 16);

/** Inlined once for each combination of the constants `couples`, `isCentered` and `hasMomentum` that is in use. */
@inline
function rmspropPass(
  couples: bool,
  isCentered: bool,
  hasMomentum: bool,
  parameter: usize,
  square: usize,
  mean: usize,
  velocity: usize,
  gradient: usize,
  n: u32,
  learningRate: f32,
  scale: f32,
  share: f32,
  epsilon: f32,
  momentum: f32,
  decay: f32,
): void {
  // A coupled gradient is scaled on its own, any other in the factors of its uses.
  const factor: f32 = couples ? 1 : scale, rootShare = rootOfShare(share, factor);
  const rates = f32x4.splat(learningRate), gradientRates = f32x4.splat(learningRate * factor);
  const scales = f32x4.splat(scale), decays = f32x4.splat(decay), factors = f32x4.splat(factor);
  const shares = f32x4.splat(share),
    gradientShares = f32x4.splat(share * factor),
    momenta = f32x4.splat(momentum);
  const rootShares = f32x4.splat(rootShare), leastRoots = f32x4.splat(leastRoot(rootShare));
  const leastMean = f32x4.splat(leastRoot(1)), epsilons = f32x4.splat(epsilon), zero = f32x4.splat(0);
  const negligible = v128.load(NEGLIGIBLE), magnitude = v128.load(MAGNITUDE);
  const leastSquare = v128.load(LEAST_SQUARE);
  let left = n;
  // A loop that tests at its end, because V8 computes whatever is constant in one that tests first in every turn.
  if (!left) return;
  do {
    const w = v128.load(parameter);
    let g = v128.load(gradient);
    if (couples) g = coupledGradient(flushBelow(g, negligible, magnitude), w, scales, decays);
    g = flushBelow(g, leastRoots, magnitude);
    const r = f32x4.mul(rootShares, g);
    const sum = finiteSquare(f32x4.add(leftOf(v128.load(square), shares), f32x4.mul(r, r)), couples);
    let a = g, spread = sum;
    if (isCentered) {
      // A mean whose square would be subnormal is nothing to the root of v.
      a = f32x4.add(leftOf(v128.load(mean), shares), f32x4.mul(gradientShares, g));
      a = flushBelow(a, leastMean, magnitude);
      // Where all gradients were alike, rounding may leave less than nothing. pmax keeps NaN in its first operand.
      let mean2 = f32x4.mul(a, a);
      if (couples) mean2 = f32x4.pmin(mean2, v128.load(LARGEST_MEAN_SQUARE));
      spread = f32x4.pmax(f32x4.sub(sum, mean2), zero);
    }
    // What v decays to below leastSquare is nothing to epsilon.
    const v = keptSquare(sum, leastSquare), root = f32x4.add(f32x4.sqrt(spread), epsilons);
    let next: v128, b = g;
    if (hasMomentum) {
      b = f32x4.add(f32x4.mul(momenta, v128.load(velocity)), f32x4.div(f32x4.mul(factors, g), root));
      next = f32x4.sub(w, f32x4.mul(rates, b));
      b = flushBelow(b, negligible, magnitude);
    } else next = f32x4.sub(w, f32x4.div(f32x4.mul(gradientRates, g), root));
    if (left < 4) {
      storeRest(square, v, left);
      if (isCentered) storeRest(mean, a, left);
      if (hasMomentum) storeRest(velocity, b, left);
      storeRest(parameter, next, left);
      return;
    }
    v128.store(square, v);
    if (isCentered) v128.store(mean, a);
    if (hasMomentum) v128.store(velocity, b);
    v128.store(parameter, next);
    parameter += 16;
    square += 16;
    if (isCentered) mean += 16;
    if (hasMomentum) velocity += 16;
    gradient += 16;
    left -= 4;
  } while (left);
}

/** The pass for the slots that there are. Inlined once for each value of the constant `couples`. */
@inline
function rmspropOf(
  couples: bool,
  parameter: usize,
  square: usize,
  mean: usize,
  velocity: usize,
  gradient: usize,
  n: u32,
  learningRate: f32,
  scale: f32,
  share: f32,
  epsilon: f32,
  momentum: f32,
  decay: f32,
): void {
  if (mean && velocity) {
    // prettier-ignore
    rmspropPass(couples, true, true, parameter, square, mean, velocity, gradient, n, learningRate, scale, share, epsilon, momentum, decay);
  } else if (mean) {
    // prettier-ignore
    rmspropPass(couples, true, false, parameter, square, mean, 0, gradient, n, learningRate, scale, share, epsilon, 0, decay);
  } else if (velocity) {
    // prettier-ignore
    rmspropPass(couples, false, true, parameter, square, 0, velocity, gradient, n, learningRate, scale, share, epsilon, momentum, decay);
  } else {
    // prettier-ignore
    rmspropPass(couples, false, false, parameter, square, 0, 0, gradient, n, learningRate, scale, share, epsilon, 0, decay);
  }
}

/**
 * One step of RMSprop (Tieleman and Hinton 2012) as torch.optim.RMSprop:
 *
 *     g = scale · gradient + decay · w
 *     v = (1 − share) · v + share · g²
 *     a = (1 − share) · a + share · g              if centered (Graves 2013), and v − a² stands for v below
 *     b = momentum · b + g / (√v + epsilon)        b = g / (√v + epsilon) without momentum
 *     w −= learningRate · b
 *
 * Gradients whose share of v would be below 2⁻¹²⁰ count as zero, and so do v below it, a below 2⁻⁶⁰ and b below 2⁻¹⁰⁰.
 * Epsilon is at least 2⁻⁵⁶.
 *
 * @param parameter [n] w, in place
 * @param square [n] v, in place; zeros before the first step
 * @param mean [n] a, in place; zeros before the first step; 0 unless centered
 * @param velocity [n] b, in place; zeros before the first step; 0 without momentum
 * @param gradient [n]
 * @param scale what clips the gradient, or 1
 * @param share 1 − rho, 0 < share ≤ 1
 * @param momentum 0 ≤ momentum < 1
 */
export function rmsprop(
  parameter: usize,
  square: usize,
  mean: usize,
  velocity: usize,
  gradient: usize,
  n: u32,
  learningRate: f32,
  scale: f32,
  share: f32,
  epsilon: f32,
  momentum: f32,
  decay: f32,
): void {
  const least: f32 = epsilonOfRoot(epsilon);
  // prettier-ignore
  if (decay == 0) rmspropOf(false, parameter, square, mean, velocity, gradient, n, learningRate, scale, share, least, momentum, 0);
  // prettier-ignore
  else rmspropOf(true, parameter, square, mean, velocity, gradient, n, learningRate, scale, share, least, momentum, decay);
}
