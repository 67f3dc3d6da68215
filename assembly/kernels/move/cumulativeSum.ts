import { loadLanes, storeLanes } from "../../lanes/simd";

/**
 * y[o, t, i] = Σ x[o, s, i] over s ≤ t; s < t where exclusive; s ≥ t or s > t where reverse.
 *
 * Running sums in f64, in the order of s: each result is rounded once from a total that is off by at most
 * t · 2⁻⁵³ · Σ |x|.
 *
 * @param y         [outer, length, inner] out, may alias x
 * @param x         [outer, length, inner]
 * @param reverse   1 sums from the end
 * @param exclusive 1 leaves out the element itself, so that the first sum is 0
 */
export function cumulativeSum(
  y: usize,
  x: usize,
  outer: u32,
  length: u32,
  inner: u32,
  reverse: u32,
  exclusive: u32,
): void {
  if (length == 0) return;
  const row = <usize>inner << 2;
  const matrix = row * length;
  const first = reverse ? matrix - row : 0;
  // Going backwards is adding a step that wraps around.
  const step = reverse ? <usize>0 - row : row;
  for (let o: u32 = 0; o < outer; o++, y += matrix, x += matrix) {
    if (inner == 1) runningSum(y + first, x + first, length, step, exclusive);
    else {
      for (let i: u32 = 0; i < inner; i += 4) {
        const at = first + (<usize>i << 2);
        runningSums(y + at, x + at, length, step, inner - i, exclusive);
      }
    }
  }
}

/** One column: y and x walk `length` floats that lie `step` bytes apart. */
function runningSum(y: usize, x: usize, length: u32, step: usize, exclusive: u32): void {
  let total: f64 = 0;
  for (let left = length; left > 0; left--, y += step, x += step) {
    const before = total;
    total += <f64>load<f32>(x);
    store<f32>(y, <f32>(exclusive ? before : total));
  }
}

/** min(columns, 4) columns at once. */
function runningSums(y: usize, x: usize, length: u32, step: usize, columns: u32, exclusive: u32): void {
  let low = f64x2.splat(0);
  let high = low;
  for (let left = length; left > 0; left--, y += step, x += step) {
    const lowBefore = low;
    const highBefore = high;
    const values = loadLanes(x, columns, f32x4.splat(0));
    low = f64x2.add(low, f64x2.promote_low_f32x4(values));
    high = f64x2.add(high, f64x2.promote_low_f32x4(v128.shuffle<i32>(values, values, 2, 3, 2, 3)));
    const sums = exclusive ? narrow(lowBefore, highBefore) : narrow(low, high);
    storeLanes(y, sums, columns);
  }
}

/** Four f64 as f32. */
@inline
function narrow(low: v128, high: v128): v128 {
  return v128.shuffle<i32>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5);
}
