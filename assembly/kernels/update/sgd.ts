import { flushBelow, MAGNITUDE, NEGLIGIBLE } from "../../lanes/flush";
import { storeRest } from "../../lanes/simd";
import { totalGradient } from "./updateLanes";

/** w − learningRate · g */
@inline
function plainUpdate(
  w: v128,
  gradient: v128,
  rate: v128,
  scale: v128,
  decay: v128,
  smallest: v128,
  magnitude: v128,
  decays: bool,
): v128 {
  return f32x4.sub(w, f32x4.mul(rate, totalGradient(gradient, w, scale, decay, smallest, magnitude, decays)));
}

// The loops test at their end, because V8 computes whatever is constant in one that tests first in every turn.

/** The pass without momentum. Inlined once for each value of the constant `decays`. */
@inline
function plainPass(
  w: usize,
  gradient: usize,
  n: u32,
  learningRate: f32,
  scale: f32,
  decay: f32,
  decays: bool,
): void {
  const rate = f32x4.splat(learningRate), scales = f32x4.splat(scale), decayRate = f32x4.splat(decay);
  const tiny = v128.load(NEGLIGIBLE), magnitude = v128.load(MAGNITUDE);
  let left = n;
  if (left >= 16) {
    // Four vectors a turn: one takes twice the time (measured, bench/kernels.mjs, in cache).
    do {
      const w0 = plainUpdate(
        v128.load(w),
        v128.load(gradient),
        rate,
        scales,
        decayRate,
        tiny,
        magnitude,
        decays,
      );
      v128.store(w, w0);
      const w1 = plainUpdate(
        v128.load(w, 16),
        v128.load(gradient, 16),
        rate,
        scales,
        decayRate,
        tiny,
        magnitude,
        decays,
      );
      v128.store(w, w1, 16);
      const w2 = plainUpdate(
        v128.load(w, 32),
        v128.load(gradient, 32),
        rate,
        scales,
        decayRate,
        tiny,
        magnitude,
        decays,
      );
      v128.store(w, w2, 32);
      const w3 = plainUpdate(
        v128.load(w, 48),
        v128.load(gradient, 48),
        rate,
        scales,
        decayRate,
        tiny,
        magnitude,
        decays,
      );
      v128.store(w, w3, 48);
      w += 64;
      gradient += 64;
      left -= 16;
    } while (left >= 16);
  }
  while (left) {
    const next = plainUpdate(
      v128.load(w),
      v128.load(gradient),
      rate,
      scales,
      decayRate,
      tiny,
      magnitude,
      decays,
    );
    if (left < 4) {
      storeRest(w, next, left);
      return;
    }
    v128.store(w, next);
    w += 16;
    gradient += 16;
    left -= 4;
  }
}

/** The pass with momentum. Inlined once for each value of the constants `nesterov` and `decays`. */
@inline
function momentumPass(
  parameter: usize,
  velocity: usize,
  gradient: usize,
  n: u32,
  learningRate: f32,
  scale: f32,
  momentum: f32,
  decay: f32,
  nesterov: bool,
  decays: bool,
): void {
  const rates = f32x4.splat(learningRate), scales = f32x4.splat(scale), decayRates = f32x4.splat(decay);
  const momenta = f32x4.splat(momentum);
  const smallest = v128.load(NEGLIGIBLE), magnitude = v128.load(MAGNITUDE);
  let left = n;
  if (!left) return;
  do {
    const w = v128.load(parameter);
    const g = totalGradient(v128.load(gradient), w, scales, decayRates, smallest, magnitude, decays);
    const v = flushBelow(f32x4.add(f32x4.mul(momenta, v128.load(velocity)), g), smallest, magnitude);
    const d = nesterov ? f32x4.add(g, f32x4.mul(momenta, v)) : v;
    const next = f32x4.sub(w, f32x4.mul(rates, d));
    if (left < 4) {
      storeRest(velocity, v, left);
      storeRest(parameter, next, left);
      return;
    }
    v128.store(velocity, v);
    v128.store(parameter, next);
    parameter += 16;
    velocity += 16;
    gradient += 16;
    left -= 4;
  } while (left);
}

/**
 * One step of stochastic gradient descent, as torch.optim.SGD with dampening 0:
 *
 *     g = scale · gradient + decay · w
 *     v = momentum · v + g                        (v starts at zero)
 *     w −= learningRate · (nesterov ? g + momentum · v : v)      or · g where momentum is 0
 *
 * Gradients and velocities below 2⁻¹⁰⁰ count as zero, so that a dead unit costs nothing.
 *
 * @param parameter [n] w, in place
 * @param velocity [n] v, in place; may be 0 where momentum is 0
 * @param gradient [n]
 * @param scale what clips the gradient, or 1
 * @param nesterov 0 or 1
 */
export function sgd(
  parameter: usize,
  velocity: usize,
  gradient: usize,
  n: u32,
  learningRate: f32,
  scale: f32,
  momentum: f32,
  nesterov: u32,
  decay: f32,
): void {
  if (momentum == 0) {
    if (decay == 0) plainPass(parameter, gradient, n, learningRate, scale, decay, false);
    else plainPass(parameter, gradient, n, learningRate, scale, decay, true);
  } else if (nesterov) {
    if (decay == 0) {
      momentumPass(parameter, velocity, gradient, n, learningRate, scale, momentum, decay, true, false);
    } else momentumPass(parameter, velocity, gradient, n, learningRate, scale, momentum, decay, true, true);
  } else {
    if (decay == 0) {
      momentumPass(parameter, velocity, gradient, n, learningRate, scale, momentum, decay, false, false);
    } else momentumPass(parameter, velocity, gradient, n, learningRate, scale, momentum, decay, false, true);
  }
}
