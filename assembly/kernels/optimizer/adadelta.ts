import { flushBelow, MAGNITUDE, NEGLIGIBLE } from "../../lanes/flush";
import { storeRest } from "../../lanes/simd";
import {
  coupledGradient,
  epsilonOfSquare,
  finiteSquare,
  keptSquare,
  LEAST_SQUARE,
  leastRoot,
  leftOf,
  rootOfShare,
} from "../update/updateLanes";

/** Four lanes of 2¹⁰⁰, the largest average of squared changes: gradients that keep growing would double it each step. */
const LARGEST_CHANGE = memory.data<u32>([0x71800000, 0x71800000, 0x71800000, 0x71800000], 16);

/** The pass over n weights. Inlined once for each value of the constant `couples`. */
@inline
function adadeltaPass(
  couples: bool,
  parameter: usize,
  square: usize,
  change: usize,
  gradient: usize,
  n: u32,
  learningRate: f32,
  scale: f32,
  share: f32,
  epsilon: f32,
  decay: f32,
): void {
  // A coupled gradient is scaled on its own, any other in the factors of its uses.
  const factor: f32 = couples ? 1 : scale, rootShare = rootOfShare(share, factor);
  const rates = f32x4.splat(learningRate * factor), shares = f32x4.splat(share);
  const scales = f32x4.splat(scale), decays = f32x4.splat(decay), epsilons = f32x4.splat(epsilon);
  const rootShares = f32x4.splat(rootShare), leastRoots = f32x4.splat(leastRoot(rootShare));
  const negligible = v128.load(NEGLIGIBLE), magnitude = v128.load(MAGNITUDE);
  const leastSquare = v128.load(LEAST_SQUARE), largest = v128.load(LARGEST_CHANGE);
  let left = n;
  // A loop that tests at its end, because V8 computes whatever is constant in one that tests first in every turn.
  if (!left) return;
  do {
    const w = v128.load(parameter), a = v128.load(change);
    let g = v128.load(gradient);
    if (couples) g = coupledGradient(flushBelow(g, negligible, magnitude), w, scales, decays);
    g = flushBelow(g, leastRoots, magnitude);
    const root = f32x4.mul(rootShares, g), own = f32x4.mul(root, root);
    const v = finiteSquare(f32x4.add(leftOf(v128.load(square), shares), own), couples);
    const ratio = f32x4.div(f32x4.add(a, epsilons), f32x4.add(v, epsilons));
    const next = f32x4.sub(w, f32x4.mul(f32x4.sqrt(ratio), f32x4.mul(rates, g)));
    // share · d² = ratio · share · g²
    const changes = f32x4.pmin(f32x4.add(leftOf(a, shares), f32x4.mul(ratio, own)), largest);
    const keptChange = keptSquare(changes, leastSquare), keptV = keptSquare(v, leastSquare);
    if (left < 4) {
      storeRest(square, keptV, left);
      storeRest(change, keptChange, left);
      storeRest(parameter, next, left);
      return;
    }
    v128.store(square, keptV);
    v128.store(change, keptChange);
    v128.store(parameter, next);
    parameter += 16;
    square += 16;
    change += 16;
    gradient += 16;
    left -= 4;
  } while (left);
}

/**
 * One step of Adadelta (Zeiler 2012) as torch.optim.Adadelta:
 *
 *     g = scale · gradient + decay · w
 *     v = (1 − share) · v + share · g²
 *     d = √(a + epsilon) / √(v + epsilon) · g
 *     a = (1 − share) · a + share · d²
 *     w −= learningRate · d
 *
 * The two roots are one, of the quotient. Gradients whose share of v would be below
 * 2⁻¹²⁰ count as zero, and so do v and a below it; a is at most 2¹⁰⁰. Epsilon is at least 2⁻¹¹².
 *
 * @param parameter [n] w, in place
 * @param square [n] v, in place; zeros before the first step
 * @param change [n] a, in place; zeros before the first step
 * @param gradient [n]
 * @param scale what clips the gradient, or 1
 * @param share 1 − rho, 0 < share ≤ 1
 */
export function adadelta(
  parameter: usize,
  square: usize,
  change: usize,
  gradient: usize,
  n: u32,
  learningRate: f32,
  scale: f32,
  share: f32,
  epsilon: f32,
  decay: f32,
): void {
  const least: f32 = epsilonOfSquare(epsilon);
  // prettier-ignore
  if (decay == 0) adadeltaPass(false, parameter, square, change, gradient, n, learningRate, scale, share, least, 0);
  else adadeltaPass(true, parameter, square, change, gradient, n, learningRate, scale, share, least, decay);
}
