/**
 * What the optimizers share: gradients, squares and denominators of which none is subnormal, infinite or zero where
 * the mathematics has it otherwise. See flush.ts for what is negligible.
 *
 * The passes are bound by how long a weight's chain of operations is and by how many chains the processor can hold at
 * a time: both weight decays and their flushes at the head of Adam's chain, nine operations more on some thirty, made
 * 0.92 ns a weight of 0.57 (measured). So what is constant is folded into few factors beforehand, in f64: the clipping
 * factor into shares and rates, the share of a square into its root.
 */
import { flushBelow, NEGLIGIBLE } from "../../lanes/flush";

/** Four lanes of 2⁻¹²⁰, the least running square that is kept: · beta2 it stays normal. */
export const LEAST_SQUARE = memory.data<u32>([0x03800000, 0x03800000, 0x03800000, 0x03800000], 16);

/** Four lanes of 2¹²⁶, the largest square that is kept: averages of it stay below infinity. */
export const LARGEST_SQUARE = memory.data<u32>([0x7e800000, 0x7e800000, 0x7e800000, 0x7e800000], 16);

/** 2⁻⁵⁶: where running squares below 2⁻¹²⁰ are nothing, no root may be divided by less than sixteen times their own. */
const LEAST_EPSILON: f32 = 1.3877787807814457e-17;

/** Epsilon as it is added to a root. */
export function epsilonOfRoot(epsilon: f32): f32 {
  return max(epsilon, LEAST_EPSILON);
}

/** Epsilon as it is added under a root. */
export function epsilonOfSquare(epsilon: f32): f32 {
  return max(epsilon, LEAST_EPSILON * LEAST_EPSILON);
}

/** (1 − beta) · factor, worked from the f32 that was given, so that a running average is one although 0.999 is 0.99900001. */
export function shareOf(beta: f32, factor: f32): f32 {
  return <f32>((1.0 - <f64>beta) * <f64>factor);
}

/** What a gradient is multiplied by so that its square is share · (factor · gradient)². */
export function rootOfShare(share: f64, factor: f32): f32 {
  return <f32>(sqrt(share) * <f64>factor);
}

/** The smallest |gradient| whose square is not below LEAST_SQUARE once it was multiplied by `factor`. */
export function leastRoot(factor: f32): f32 {
  return <f32>(sqrt(<f64>load<f32>(LEAST_SQUARE)) / <f64>factor);
}

/** base^exponent by repeated squaring: the same bits in every engine, which Math.pow does not promise. */
export function power(base: f64, exponent: u32): f64 {
  let result: f64 = 1;
  for (; exponent; exponent >>= 1, base *= base) {
    if (exponent & 1) result *= base;
  }
  return result;
}

/** Four lanes of the least weight that is kept: none is flushed where none decays, so that a rate of 0 moves nothing. */
export function leastOfWeights(decayRate: f32): v128 {
  return decayRate == 0 ? f32x4.splat(0) : v128.load(NEGLIGIBLE);
}

/** scale · gradient + decay · w, of a gradient that is flushed already. */
@inline
export function coupledGradient(gradient: v128, w: v128, scale: v128, decay: v128): v128 {
  return f32x4.add(f32x4.mul(scale, gradient), f32x4.mul(decay, w));
}

/** g = scale · gradient + decay · w, flushed of what is negligible. `couples` is constant where it is inlined. */
@inline
export function totalGradient(
  gradient: v128,
  w: v128,
  scale: v128,
  decay: v128,
  negligible: v128,
  magnitude: v128,
  couples: bool,
): v128 {
  const g = flushBelow(gradient, negligible, magnitude);
  if (!couples) return f32x4.mul(scale, g);
  return flushBelow(coupledGradient(g, w, scale, decay), negligible, magnitude);
}

/** Σ of squares, at most LARGEST_SQUARE where `couples`: weight decay may make a gradient of any size. */
@inline
export function finiteSquare(sum: v128, couples: bool): v128 {
  // pmin keeps NaN in its first operand.
  return couples ? f32x4.pmin(sum, v128.load(LARGEST_SQUARE)) : sum;
}

/** beta · average + share · value. */
@inline
export function averageOf(average: v128, value: v128, beta: v128, share: v128): v128 {
  return f32x4.add(f32x4.mul(beta, average), f32x4.mul(share, value));
}

/** (1 − share) · average, of the share itself: 1 less a rounded rho may be far from it. */
@inline
export function leftOf(average: v128, share: v128): v128 {
  return f32x4.sub(average, f32x4.mul(share, average));
}

/** A running square, or 0 where it is below `least`; so is what rounding left negative. */
@inline
export function keptSquare(square: v128, least: v128): v128 {
  return v128.andnot(square, f32x4.lt(square, least));
}
