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

import { expPair, logPair } from "../doubles";
import { flush, loadLanes, storeLanes } from "../simd";
import { expRow, maxRow } from "./row";

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

/** The class of state s. */
@inline
function classOf(target: usize, s: u32, blank: u32): u32 {
  return s & 1 ? labelOf(target, s >> 1) : blank;
}

/** Whether state s + 2 may follow state s: from a label to another one, without a blank between them. */
@inline
function skips(target: usize, s: u32, states: u32): bool {
  return s & 1 && s + 2 < states ? labelOf(target, s >> 1) != labelOf(target, (s >> 1) + 1) : false;
}

/** ln(e^a + e^b + e^c) */
function logAdd(a: f64, b: f64, c: f64): f64 {
  const most = max(a, max(b, c));
  if (most == -Infinity) return most;
  // The greatest contributes exactly 1; one pair holds the others.
  const first = a == most ? b : a;
  const second = a == most || b == most ? c : b;
  const others = expPair(f64x2.replace_lane(f64x2.splat(first - most), 1, second - most));
  const total = 1 + f64x2.extract_lane(others, 0) + f64x2.extract_lane(others, 1);
  return most + f64x2.extract_lane(logPair(f64x2.splat(total)), 0);
}

/** s-th f64. */
@inline
function state(row: usize, s: u32): f64 {
  return load<f64>(row + (<usize>s << 3));
}

/** The logit of a class below the greatest, in f64. */
@inline
function logit(x: usize, index: u32, most: f64): f64 {
  return <f64>load<f32>(x + (<usize>index << 2)) - most;
}

/** ln Σ e^(x − most) in f64: where nearly every path spells the labels, the loss is what is left of larger numbers. */
function normaliserOf(x: usize, classes: u32, most: f64): f64 {
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

/** alpha_t(s) for all times, S f64 in each `slot` bytes; returns ln of the probability of the labels. */
// prettier-ignore
function forwards(alpha: usize, x: usize, target: usize, time: u32, classes: u32, states: u32, slot: usize, blank: u32): f64 {
  for (let t: u32 = 0; t < time; t++) {
    const most = <f64>maxRow(x, classes);
    const normaliser = normaliserOf(x, classes, most);
    const before = alpha - slot;
    for (let s: u32 = 0; s < states; s++) {
      let reached: f64 = s < 2 ? 0 : -Infinity;
      if (t) {
        const stepped: f64 = s > 0 ? state(before, s - 1) : -Infinity;
        const skipped: f64 = s > 1 && skips(target, s - 2, states) ? state(before, s - 2) : -Infinity;
        reached = logAdd(state(before, s), stepped, skipped);
      }
      store<f64>(alpha + (<usize>s << 3), reached + (logit(x, classOf(target, s, blank), most) - normaliser));
    }
    alpha += slot;
    x += <usize>classes << 2;
  }
  const last = alpha - slot;
  return logAdd(state(last, states - 1), states > 1 ? state(last, states - 2) : -Infinity, -Infinity);
}

/**
 * beta_t(s) of beta_t+1(s), in place: without the probabilities at time t itself, and up to a factor that is the same
 * for all states.
 *
 * @param x    logits at time t + 1
 * @param most the greatest of them
 */
function backwards(beta: usize, x: usize, target: usize, states: u32, blank: u32, most: f64): void {
  for (let s: u32 = 0; s < states; s++) {
    const at = beta + (<usize>s << 3);
    const stayed = load<f64>(at) + logit(x, classOf(target, s, blank), most);
    let stepped: f64 = -Infinity;
    let skipped: f64 = -Infinity;
    if (s + 1 < states) stepped = load<f64>(at, 8) + logit(x, classOf(target, s + 1, blank), most);
    if (skips(target, s, states)) skipped = load<f64>(at, 16) + logit(x, classOf(target, s + 2, blank), most);
    store<f64>(at, logAdd(stayed, stepped, skipped));
  }
}

/** What is below is no normal f32. */
const SMALLEST: f64 = 1.1754943508222875e-38;

/** Σ_s alpha · beta = 1 at each time: S f64 of alpha become as many f32, the rest of their `slot` bytes 0. */
function occupy(alpha: usize, beta: usize, states: u32, slot: usize): void {
  let most: f64 = -Infinity;
  for (let s: u32 = 0; s < states; s++) {
    const both = state(alpha, s) + state(beta, s);
    store<f64>(alpha + (<usize>s << 3), both);
    most = max(most, both);
  }
  let total: f64 = 0;
  if (most != -Infinity) {
    for (let s: u32 = 0; s < states; s++) {
      const at = alpha + (<usize>s << 3);
      const share = f64x2.extract_lane(expPair(f64x2.splat(load<f64>(at) - most)), 0);
      store<f64>(at, share);
      total += share;
    }
  }
  // A number of four bytes is written behind those of eight that are still to be read.
  for (let s: u32 = 0; s < states; s++) {
    const share = total == 0 ? 0 : state(alpha, s) / total;
    store<f32>(alpha + (<usize>s << 2), share < SMALLEST ? 0 : <f32>share);
  }
  memory.fill(alpha + (<usize>states << 2), 0, slot - (<usize>states << 2));
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
    const states: u32 = 2 * length + 1;
    const beta = alpha + slot * time;
    let loss: f64 = length ? Infinity : 0;
    if (!areClasses(target, length, classes)) {
      memory.fill(alpha, 0, slot * time);
      loss = NaN;
    } else if (time) {
      loss = -forwards(alpha, x, target, time, classes, states, slot, blank);
      for (let s: u32 = 0; s < states; s++) {
        store<f64>(beta + (<usize>s << 3), s + 2 < states ? -Infinity : 0);
      }
      for (let t: u32 = time; t-- > 0;) {
        const after = x + line * (t + 1);
        if (t + 1 < time) backwards(beta, after, target, states, blank, <f64>maxRow(after, classes));
        occupy(alpha + slot * t, beta, states, slot);
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
