import { flushBelow, MAGNITUDE, NEGLIGIBLE } from "../../lanes/flush";
import { loadLanes, storeLanes, sumDoubles, sumPairs } from "../../lanes/simd";
import { longSum, Terms } from "../reduce/longSum";
import { gradientNorm } from "../step/gradientNorm";
import { dot, scaleTo, twoLoop } from "./twoLoop";

/** torch.optim.LBFGS: tolerance_grad, tolerance_change, and the least y · s that makes a pair. */
const LEAST_GRADIENT: f32 = 1e-7;
const LEAST_DESCENT: f64 = 1e-9;
const LEAST_CURVATURE: f64 = 1e-10;
/** An update that, after a few steps more, would leave the range of f32: as interpreter.ts has it. */
const LARGEST_UPDATE: f64 = 1e30;

/** g = scale · gradient + decay · w at an offset, flushed of what is negligible; zeros behind the lanes. */
@inline
function totalGradient(gradient: usize, parameter: usize, lanes: u32, scale: f32, decay: f32): v128 {
  const zero = f32x4.splat(0);
  const g = f32x4.mul(f32x4.splat(scale), loadLanes(gradient, lanes, zero));
  const w = f32x4.mul(f32x4.splat(decay), loadLanes(parameter, lanes, zero));
  return flushBelow(f32x4.add(g, w), v128.load(NEGLIGIBLE), v128.load(MAGNITUDE));
}

/** max |g| */
function largest(gradient: usize, parameter: usize, n: u32, scale: f32, decay: f32): f32 {
  let most = f32x4.splat(0);
  for (let i: u32 = 0; i < n; i += 4) {
    const at = <usize>i << 2;
    const g = totalGradient(gradient + at, parameter + at, n - i, scale, decay);
    most = f32x4.pmax(most, f32x4.abs(g));
  }
  const first = max(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1));
  return max(first, max(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3)));
}

/** last = w − last and previous = g − previous: the step that was made, and how the gradient changed by it. */
function differences(
  last: usize,
  previous: usize,
  gradient: usize,
  parameter: usize,
  n: u32,
  scale: f32,
  decay: f32,
): void {
  const zero = f32x4.splat(0);
  for (let i: u32 = 0; i < n; i += 4) {
    const at = <usize>i << 2, lanes = n - i;
    const g = totalGradient(gradient + at, parameter + at, lanes, scale, decay);
    const w = loadLanes(parameter + at, lanes, zero);
    storeLanes(last + at, f32x4.sub(w, loadLanes(last + at, lanes, zero)), lanes);
    storeLanes(previous + at, f32x4.sub(g, loadLanes(previous + at, lanes, zero)), lanes);
  }
}

/** previous = g and direction = −g */
function begin(
  direction: usize,
  previous: usize,
  gradient: usize,
  parameter: usize,
  n: u32,
  scale: f32,
  decay: f32,
): void {
  for (let i: u32 = 0; i < n; i += 4) {
    const at = <usize>i << 2, lanes = n - i;
    const g = totalGradient(gradient + at, parameter + at, lanes, scale, decay);
    storeLanes(previous + at, g, lanes);
    storeLanes(direction + at, f32x4.neg(g), lanes);
  }
}

/** Σ |x| over n floats of a chunk. */
function sumSizes(x: usize, n: u32): f64 {
  const zero = f32x4.splat(0);
  let sum = f64x2.splat(0);
  for (let i: u32 = 0; i < n; i += 4, x += 16) {
    sum = f64x2.add(sum, sumPairs(f32x4.abs(loadLanes(x, n - i, zero))));
  }
  return sumDoubles(sum);
}

/** Σ |a| */
@unmanaged
export class Sizes extends Terms {
  @inline
  sum(n: u32, a: usize, _b: usize, _c: usize, _factor: f64): f64 {
    return sumSizes(a, n);
  }
}

/** direction = w, and then w += rate · direction as it was. */
function move(parameter: usize, direction: usize, n: u32, rate: f32): void {
  const zero = f32x4.splat(0);
  for (let i: u32 = 0; i < n; i += 4) {
    const at = <usize>i << 2, lanes = n - i;
    const w = loadLanes(parameter + at, lanes, zero);
    const d = f32x4.mul(f32x4.splat(rate), loadLanes(direction + at, lanes, zero));
    storeLanes(direction + at, w, lanes);
    storeLanes(parameter + at, f32x4.add(w, d), lanes);
  }
}

/** Room for one pair more: the oldest falls out. Returns the bytes before the newest. */
function shift(steps: usize, changes: usize, n: u32, history: u32): usize {
  const bytes = <usize>n << 2, kept = <usize>(history - 1) * bytes;
  memory.copy(steps, steps + bytes, kept);
  memory.copy(changes, changes + bytes, kept);
  return kept;
}

/**
 * One step of L-BFGS (Liu and Nocedal 1989), as torch.optim.LBFGS(max_iter=1, line_search_fn=None) makes it:
 *
 *     g = scale · gradient + decay · w
 *     s = w − the last w, y = g − the last g          a pair of the history where y · s > 1e−10
 *     d = −H g                                        by the two-loop recursion from H₀ = y · s / y · y
 *     w += learningRate · d                           in the first step · min(1, 1 / Σ|g|)
 *
 * It rests where max |g| ≤ 1e−7 or −g · d < 1e−9. As s is what the weights really did, and not learningRate · d, the
 * pair is right too where a constraint, an average or the user moved them in between.
 *
 * @param parameter [n] w, in place
 * @param direction [n] the last w, in place; d is made in it
 * @param previous  [n] the last g, in place
 * @param steps     [history, n] s / √(y · s), the oldest first, in place; so are those behind
 * @param changes   [history, n] y / √(y · s); pairs that there are not yet are zeros and come first
 * @param gradient  [n]
 * @param history   at least 1
 * @param step      counts from 0; the first clears the history
 * @param partials  scratch of a long sum
 * @returns whether the update is within the range of f32; if not, it was not made
 */
export function lbfgs(
  parameter: usize,
  direction: usize,
  previous: usize,
  steps: usize,
  changes: usize,
  gradient: usize,
  n: u32,
  learningRate: f32,
  scale: f32,
  history: u32,
  decay: f32,
  step: u32,
  partials: usize,
): bool {
  const size = <usize>n << 2;
  const isFlat = largest(gradient, parameter, n, scale, decay) <= LEAST_GRADIENT;
  let inverse: f64 = 1;
  if (step == 0) {
    memory.fill(steps, 0, <usize>history * size);
    memory.fill(changes, 0, <usize>history * size);
  } else {
    if (isFlat) return true;
    differences(direction, previous, gradient, parameter, n, scale, decay);
    const curvature = dot(direction, previous, n, partials);
    if (curvature > LEAST_CURVATURE && isFinite(curvature)) {
      const newest = shift(steps, changes, n, history);
      scaleTo(steps + newest, direction, n, 1 / sqrt(curvature));
      scaleTo(changes + newest, previous, n, 1 / sqrt(curvature));
    }
    const newest = changes + <usize>(history - 1) * size;
    const square = dot(newest, newest, n, partials);
    if (square > 0) inverse = 1 / square;
  }
  begin(direction, previous, gradient, parameter, n, scale, decay);
  const pairs = min(step, history);
  // Pairs that there are lie at the end of the history.
  const first = <usize>(history - pairs) * size;
  const slope = twoLoop(direction, steps + first, changes + first, previous, n, pairs, inverse, partials);
  let rate = learningRate;
  if (step == 0) {
    const sum = longSum<Sizes>(partials, n, previous, previous, previous, 0);
    rate = <f32>(<f64>learningRate * min(1.0, 1.0 / sum));
  }
  const rests = isFlat || slope > -LEAST_DESCENT;
  const isWithin = rests || <f64>rate * gradientNorm(direction, n, partials) <= LARGEST_UPDATE;
  if (rests || !isWithin) memory.copy(direction, parameter, size);
  else move(parameter, direction, n, rate);
  return isWithin;
}
