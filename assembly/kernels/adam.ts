import { flushBelow, MAGNITUDE, NEGLIGIBLE } from "../flush";
import { storeTail } from "../simd";

/**
 * Four lanes of 2⁻¹²⁰, the least variance that is kept: its root, 9e−19, is nothing beside epsilon, and · beta2 it
 * stays normal.
 */
const LEAST_VARIANCE = memory.data<u32>([0x03800000, 0x03800000, 0x03800000, 0x03800000], 16);

/** base^exponent by repeated squaring: the same bits in every engine, which Math.pow does not promise. */
function power(base: f64, exponent: u32): f64 {
  let result: f64 = 1;
  for (; exponent; exponent >>= 1, base *= base) {
    if (exponent & 1) result *= base;
  }
  return result;
}

/** stepSize · m / (√v · correction + epsilon). */
@inline
function update(m: v128, v: v128, stepSize: v128, correction: v128, epsilon: v128): v128 {
  return f32x4.div(f32x4.mul(stepSize, m), f32x4.add(f32x4.mul(f32x4.sqrt(v), correction), epsilon));
}

/** The pass over n weights. `decays` is constant where it is inlined, so the branches of the other are gone. */
@inline
function adamPass(
  decays: bool,
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
  coupledDecay: f32,
  keptShare: f32,
  step: u32,
): void {
  const beta1s = f32x4.splat(beta1), share1 = f32x4.splat(<f32>(1.0 - <f64>beta1));
  const beta2s = f32x4.splat(beta2), share2 = f32x4.splat(<f32>(1.0 - <f64>beta2));
  const stepSize = f32x4.splat(<f32>(<f64>learningRate / (1.0 - power(<f64>beta1, step + 1))));
  const correction = f32x4.splat(<f32>(1.0 / sqrt(1.0 - power(<f64>beta2, step + 1))));
  const coupled = f32x4.splat(coupledDecay), kept = f32x4.splat(keptShare);
  const epsilons = f32x4.splat(epsilon), scales = f32x4.splat(scale);
  const negligible = v128.load(NEGLIGIBLE), leastVariance = v128.load(LEAST_VARIANCE);
  const magnitude = v128.load(MAGNITUDE);
  // The smallest |g| whose share of the variance, (1 − beta2) · g², is not below LEAST_VARIANCE.
  const leastRoot = f32x4.splat(<f32>sqrt(<f64>load<f32>(LEAST_VARIANCE) / (1.0 - <f64>beta2)));

  let left = n;
  // A loop that tests at its end, because V8 computes whatever is constant in one that tests first in every turn
  // of it: here splats, a division and a square root (measured: 2.2 ns a weight, not 0.7).
  if (!left) return;
  do {
    let w = v128.load(parameter);
    let g = f32x4.mul(scales, flushBelow(v128.load(gradient), negligible, magnitude));
    if (decays) {
      w = flushBelow(f32x4.mul(w, kept), negligible, magnitude);
      g = flushBelow(f32x4.add(g, f32x4.mul(coupled, w)), negligible, magnitude);
    }
    const m = flushBelow(
      f32x4.add(f32x4.mul(beta1s, v128.load(mean)), f32x4.mul(share1, g)),
      negligible,
      magnitude,
    );
    const root = flushBelow(g, leastRoot, magnitude);
    const sum = f32x4.add(f32x4.mul(beta2s, v128.load(variance)), f32x4.mul(share2, f32x4.mul(root, root)));
    const v = v128.andnot(sum, f32x4.lt(sum, leastVariance));
    const next = f32x4.sub(w, update(m, v, stepSize, correction, epsilons));
    if (left < 4) {
      storeTail(mean, m, left);
      storeTail(variance, v, left);
      storeTail(parameter, next, left);
      return;
    }
    v128.store(mean, m);
    v128.store(variance, v);
    v128.store(parameter, next);
    parameter += 16;
    mean += 16;
    variance += 16;
    gradient += 16;
    left -= 4;
  } while (left);
}

/**
 * One step of Adam (Kingma and Ba 2015), or of AdamW (Loshchilov and Hutter 2019) where `decoupled`, as torch.optim
 * has them, with t = step + 1:
 *
 *     g = scale · gradient + decay · w            w *= 1 − learningRate · decay instead, where decoupled
 *     m = beta1 · m + (1 − beta1) · g
 *     v = beta2 · v + (1 − beta2) · g²
 *     w −= learningRate / (1 − beta1ᵗ) · m / (√v / √(1 − beta2ᵗ) + epsilon)
 *
 * The betas are the f32 given: 1 − beta, the powers and both corrections are worked in f64 from those, then rounded,
 * so m and v stay true averages although 0.999 in f32 is 0.99900001.
 * Gradients and m below 2⁻¹⁰⁰, v below 2⁻¹²⁰ and squares too small to reach it count as zero, and so do weights
 * below 2⁻¹⁰⁰ under decay: nothing decays into the subnormals.
 *
 * @param parameter [n] w, in place
 * @param mean [n] m, in place; zeros before the first step
 * @param variance [n] v, in place; zeros before the first step
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
  // One of the two decays is idle: it multiplies by 1, or adds 0 · w.
  const coupled: f32 = decoupled ? 0 : decay;
  const kept = <f32>(decoupled ? 1.0 - <f64>learningRate * <f64>decay : 1.0);
  // prettier-ignore
  if (decay == 0) adamPass(false, parameter, mean, variance, gradient, n, learningRate, scale, beta1, beta2, epsilon, coupled, kept, step);
  // prettier-ignore
  else adamPass(true, parameter, mean, variance, gradient, n, learningRate, scale, beta1, beta2, epsilon, coupled, kept, step);
}
