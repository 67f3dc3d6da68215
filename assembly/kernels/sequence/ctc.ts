/**
 * Connectionist temporal classification: −ln of the probability that a row of logits [time, classes] spells its labels,
 * summed over all alignments (Graves et al. 2006).
 *
 * A row of `labels` places holds its labels from the first on; the first number below 0 ends them. Its L labels with
 * blanks around them make S = 2L + 1 states: even ones are blanks, state s = 2i + 1 is label i.
 *
 * `alpha` is what is kept of a row, [time + 1, 2, 2 · labels + 1]: [t, 0, s] is the occupancy of state s, its
 * probability at time t given the labels; [time, 0, 0] is the loss; all else is 0. While a row is worked on, each [2, …]
 * holds as many f64: the forward variables at each time, and behind them the backward variables. Everything is in
 * logarithms, as f64, so that a path stays alive that only the last label shows to be the right one.
 */

import { expPair, logPair } from "../../lanes/doubles";
import { flush, loadLanes, storeLanes } from "../../lanes/simd";
import { expRow, maxRow } from "../reduce/row";

/** Labels of a row. */
function lengthOf(target: usize, labels: u32): u32 {
  let length: u32 = 0;
  while (length < labels && load<f32>(target + (<usize>length << 2)) >= 0) length++;
  return length;
}

/** Whether every label is below `classes`: the others would be read outside their row. */
function areClasses(target: usize, length: u32, classes: u32): bool {
  for (let i: u32 = 0; i < length; i++) {
    if (!(load<f32>(target + (<usize>i << 2)) < <f32>classes)) return false;
  }
  return true;
}

@inline
function labelOf(target: usize, i: u32): u32 {
  return <u32>load<f32>(target + (<usize>i << 2));
}

/** Whether label i may follow label i − 1 without a blank between them. */
@inline
function skips(target: usize, i: u32): bool {
  return i > 0 && labelOf(target, i) != labelOf(target, i - 1);
}

/** Two lanes of f64. */
@inline
function pairOf(first: f64, second: f64): v128 {
  return f64x2.replace_lane(f64x2.splat(first), 1, second);
}

/** ln(e^a + e^b + e^c) in each lane. */
function logAdd(a: v128, b: v128, c: v128): v128 {
  const more = f64x2.max(a, b);
  const most = f64x2.max(more, c);
  // The greatest contributes exactly 1. Where no path is possible, −Infinity − −Infinity would be NaN: 0 is in its place.
  const isPossible = f64x2.ne(most, f64x2.splat(-Infinity));
  const origin = v128.and(most, isPossible);
  const least = expPair(f64x2.sub(f64x2.min(a, b), origin));
  const middle = expPair(f64x2.sub(f64x2.min(more, c), origin));
  const total = f64x2.add(f64x2.splat(1), f64x2.add(least, middle));
  return v128.bitselect(f64x2.add(most, logPair(total)), most, isPossible);
}

/** The logit of a class below the greatest, in f64. */
@inline
function logit(x: usize, index: u32, most: f64): f64 {
  return <f64>load<f32>(x + (<usize>index << 2)) - most;
}

/** ln Σ e^(x − most) in f64: where nearly every path spells the labels, the loss is what is left of larger numbers. */
function normalizerOf(x: usize, classes: u32, most: f64): f64 {
  const most2 = f64x2.splat(most);
  let total = f64x2.splat(0);
  for (let i: u32 = 0; i + 1 < classes; i += 2) {
    const pair = f64x2.promote_low_f32x4(v128.load64_zero(x + (<usize>i << 2)));
    total = f64x2.add(total, expPair(f64x2.sub(pair, most2)));
  }
  if (classes & 1) {
    const last = expPair(f64x2.splat(logit(x, classes - 1, most)));
    total = f64x2.add(total, f64x2.replace_lane(last, 1, 0));
  }
  const sum = f64x2.extract_lane(total, 0) + f64x2.extract_lane(total, 1);
  return f64x2.extract_lane(logPair(f64x2.splat(sum)), 0);
}

/**
 * alpha_t of alpha_t−1 at the time of the logits x: state 0, then each label with the blank behind it as a pair. Of
 * `reached` labels at most; paths to those behind them have had no time.
 */
// prettier-ignore
function forward(alpha: usize, slot: usize, x: usize, target: usize, length: u32, reached: u32, blank: u32, most: f64, normalizer: f64): void {
  const silence = logit(x, blank, most) - normalizer;
  let before = alpha - slot;
  store<f64>(alpha, load<f64>(before) + silence);
  for (let i: u32 = 0; i < reached; i++) {
    const skipped = skips(target, i) ? load<f64>(before - 8) : -Infinity;
    const paths = logAdd(v128.load(before, 8), v128.load(before), pairOf(skipped, -Infinity));
    const emitted = pairOf(logit(x, labelOf(target, i), most) - normalizer, silence);
    v128.store(alpha, f64x2.add(paths, emitted), 8);
    alpha += 16;
    before += 16;
  }
  for (let i = reached; i < length; i++, alpha += 16) v128.store(alpha, f64x2.splat(-Infinity), 8);
}

/** alpha_t(s) for all times, S f64 in each `slot` bytes; returns ln of the probability of the labels. */
// prettier-ignore
function forwards(alpha: usize, x: usize, target: usize, time: u32, classes: u32, length: u32, slot: usize, blank: u32): f64 {
  for (let t: u32 = 0; t < time; t++) {
    const most = <f64>maxRow(x, classes);
    const normalizer = normalizerOf(x, classes, most);
    if (t) {
      forward(alpha, slot, x, target, length, min(t + 1, length), blank, most, normalizer);
    } else {
      for (let i: u32 = 0; i < length; i++) v128.store(alpha + (<usize>i << 4), f64x2.splat(-Infinity), 8);
      store<f64>(alpha, logit(x, blank, most) - normalizer);
      if (length) store<f64>(alpha, logit(x, labelOf(target, 0), most) - normalizer, 8);
    }
    alpha += slot;
    x += <usize>classes << 2;
  }
  const last = alpha - slot + (<usize>length << 4);
  const withLabel = length ? load<f64>(last - 8) : -Infinity;
  const none = f64x2.splat(-Infinity);
  return f64x2.extract_lane(logAdd(f64x2.splat(load<f64>(last)), f64x2.splat(withLabel), none), 0);
}

/**
 * beta_t(s) of beta_t+1(s), in place: without the probabilities at time t itself, and up to a factor that is the same
 * for all states. Each blank with the label behind it is a pair, from label `first` on; the last state is alone.
 *
 * @param x    logits at time t + 1
 * @param most the greatest of them
 */
// prettier-ignore
function backward(beta: usize, x: usize, target: usize, first: u32, length: u32, blank: u32, most: f64): void {
  const silence = logit(x, blank, most);
  for (let i = first; i < length; i++) {
    const at = beta + (<usize>i << 4);
    const sound = logit(x, labelOf(target, i), most);
    let skipped: f64 = -Infinity;
    if (i + 1 < length && skips(target, i + 1)) {
      skipped = load<f64>(at, 24) + logit(x, labelOf(target, i + 1), most);
    }
    const stayed = f64x2.add(v128.load(at), pairOf(silence, sound));
    const stepped = f64x2.add(v128.load(at, 8), pairOf(sound, silence));
    v128.store(at, logAdd(stayed, stepped, pairOf(-Infinity, skipped)));
  }
  const last = beta + (<usize>length << 4);
  store<f64>(last, load<f64>(last) + silence);
}

/** What is below is no normal f32. */
const SMALLEST: f64 = 1.1754943508222875e-38;

/** Σ_s alpha · beta = 1 at each time: S f64 of alpha become as many f32, the rest of their `slot` bytes 0. */
function occupy(alpha: usize, beta: usize, length: u32, slot: usize): void {
  const end = alpha + (<usize>length << 4);
  const first = load<f64>(alpha) + load<f64>(beta);
  let most2 = f64x2.splat(first);
  for (let a = alpha + 8, b = beta + 8; a < end; a += 16, b += 16) {
    const both = f64x2.add(v128.load(a), v128.load(b));
    v128.store(a, both);
    most2 = f64x2.max(most2, both);
  }
  const most = max(f64x2.extract_lane(most2, 0), f64x2.extract_lane(most2, 1));
  if (most == -Infinity) {
    memory.fill(alpha, 0, slot);
    return;
  }
  most2 = f64x2.splat(most);
  const share = f64x2.extract_lane(expPair(f64x2.splat(first - most)), 0);
  let total = pairOf(share, 0);
  store<f64>(alpha, share);
  for (let a = alpha + 8; a < end; a += 16) {
    const shares = expPair(f64x2.sub(v128.load(a), most2));
    v128.store(a, shares);
    total = f64x2.add(total, shares);
  }
  const scale = 1 / (f64x2.extract_lane(total, 0) + f64x2.extract_lane(total, 1));
  // A number of four bytes is written behind those of eight that are still to be read.
  let y = alpha;
  for (let a = alpha; a <= end; a += 8, y += 4) {
    const share = load<f64>(a) * scale;
    store<f32>(y, share < SMALLEST ? 0 : <f32>share);
  }
  memory.fill(y, 0, alpha + slot - y);
}

/**
 * Occupancies and loss of each row. The loss is Infinity where there are too few times for the labels, and the
 * occupancies are 0; it is NaN where a label is no class.
 *
 * @param alpha  [rows, time + 1, 2, 2 · labels + 1] out
 * @param x      [rows, time, classes] logits
 * @param target [rows, labels] the classes of a row, then −1
 */
export function ctcAlpha(
  alpha: usize,
  x: usize,
  target: usize,
  rows: u32,
  time: u32,
  classes: u32,
  labels: u32,
  blank: u32,
): void {
  const slot = <usize>(2 * labels + 1) << 3;
  const line = <usize>classes << 2;
  for (let row: u32 = 0; row < rows; row++) {
    const length = lengthOf(target, labels);
    const beta = alpha + slot * time;
    let loss: f64 = length ? Infinity : 0;
    if (!areClasses(target, length, classes)) {
      memory.fill(alpha, 0, slot * time);
      loss = NaN;
    } else if (time) {
      loss = -forwards(alpha, x, target, time, classes, length, slot, blank);
      for (let i: u32 = 0; i < length; i++) v128.store(beta + (<usize>i << 4), f64x2.splat(-Infinity));
      // A path ends in the last label or in the blank behind it.
      if (length) store<f64>(beta + (<usize>length << 4) - 8, 0);
      store<f64>(beta + (<usize>length << 4), 0);
      for (let t: u32 = time; t-- > 0;) {
        const left = time - t;
        const after = x + line * (t + 1);
        // No path that ends has a label to come for which there is no time.
        const first = length > left ? length - left : 0;
        if (left > 1) backward(beta, after, target, first, length, blank, <f64>maxRow(after, classes));
        occupy(alpha + slot * t, beta, length, slot);
      }
    }
    memory.fill(beta, 0, slot);
    store<f32>(beta, <f32>loss);
    alpha = beta + slot;
    x += line * time;
    target += <usize>labels << 2;
  }
}

/**
 * loss [rows], as ctcAlpha left it.
 *
 * @param alpha [rows, time + 1, 2, 2 · labels + 1]
 */
export function ctcLoss(loss: usize, alpha: usize, target: usize, rows: u32, time: u32, labels: u32): void {
  const slot = <usize>(2 * labels + 1) << 3;
  for (let row: u32 = 0; row < rows; row++) {
    store<f32>(loss + (<usize>row << 2), load<f32>(alpha + slot * time));
    alpha += slot * (time + 1);
  }
}

/** dx −= occupancies at one time: those of the blank, which are many, summed in f64. */
function takeOccupancies(
  dx: usize,
  alpha: usize,
  target: usize,
  classes: u32,
  length: u32,
  blank: u32,
): void {
  let blanks = <f64>load<f32>(alpha);
  for (let i: u32 = 0; i < length; i++) {
    const at = alpha + (<usize>i << 3);
    const label = labelOf(target, i);
    if (label < classes) {
      const place = dx + (<usize>label << 2);
      store<f32>(place, load<f32>(place) - load<f32>(at, 4));
    }
    blanks += <f64>load<f32>(at, 8);
  }
  const place = dx + (<usize>blank << 2);
  store<f32>(place, <f32>(<f64>load<f32>(place) - blanks));
}

/**
 * dx = (softmax(x) − Σ of the occupancies of each class) · dloss; what would be subnormal is 0.
 *
 * @param dx    [rows, time, classes] out, may alias x
 * @param alpha [rows, time + 1, 2, 2 · labels + 1]
 * @param dloss [rows]
 */
export function ctcGrad(
  dx: usize,
  x: usize,
  alpha: usize,
  target: usize,
  dloss: usize,
  rows: u32,
  time: u32,
  classes: u32,
  labels: u32,
  blank: u32,
): void {
  const slot = <usize>(2 * labels + 1) << 3;
  for (let row: u32 = 0; row < rows; row++) {
    const length = lengthOf(target, labels);
    const scale = f32x4.splat(load<f32>(dloss + (<usize>row << 2)));
    for (let t: u32 = 0; t < time; t++) {
      const total = expRow(dx, x, classes, maxRow(x, classes));
      const share = f32x4.splat(<f32>(1 / total));
      for (let i: u32 = 0; i < classes; i += 4) {
        const at = dx + (<usize>i << 2);
        storeLanes(at, f32x4.mul(loadLanes(at, classes - i, share), share), classes - i);
      }
      takeOccupancies(dx, alpha, target, classes, length, blank);
      for (let i: u32 = 0; i < classes; i += 4) {
        const at = dx + (<usize>i << 2);
        storeLanes(at, flush(f32x4.mul(loadLanes(at, classes - i, scale), scale)), classes - i);
      }
      dx += <usize>classes << 2;
      x += <usize>classes << 2;
      alpha += slot;
    }
    alpha += slot;
    target += <usize>labels << 2;
  }
}
