import { loadLanes, scaleWide, storeLanes, storeTail } from "../simd";

/**
 * parameter = max(low, min(high, parameter)), elementwise. NaN stays NaN.
 *
 * @param parameter [n] in place
 * @param low at most high; either may be infinite
 */
export function constrainRange(parameter: usize, n: u32, low: f32, high: f32): void {
  const lows = f32x4.splat(low), highs = f32x4.splat(high);
  let left = n;
  if (!left) return;
  do {
    // pmin(a, b) is b < a ? b : a: with the parameter as a, a NaN is kept.
    const w = f32x4.pmax(f32x4.pmin(v128.load(parameter), highs), lows);
    if (left < 4) {
      storeTail(parameter, w, left);
      return;
    }
    v128.store(parameter, w);
    parameter += 16;
    left -= 4;
  } while (left);
}

/** What brings a column of that sum of squares to a norm in [low, high]; 1 for one that is there, or is all zeros. */
function factorOf(squares: f64, low: f64, high: f64): f64 {
  const norm = sqrt(squares);
  if (norm > high) return high / norm;
  return norm < low && norm > 0 ? low / norm : 1;
}

function factorsOf(squares: v128, low: f64, high: f64): v128 {
  const first = factorOf(f64x2.extract_lane(squares, 0), low, high);
  return f64x2.replace_lane(f64x2.splat(first), 1, factorOf(f64x2.extract_lane(squares, 1), low, high));
}

/**
 * Scales each column to low ≤ ‖column‖ ≤ high. A column that is there already keeps its bits, and one of zeros, which
 * has no direction, stays zero. Squares are added in f64, row by row.
 *
 * @param parameter [outer, inner] in place
 * @param low from 0 to high
 * @param high may be infinite
 */
export function constrainNorm(parameter: usize, outer: u32, inner: u32, low: f32, high: f32): void {
  const rowBytes = <usize>inner << 2;
  const zero = f32x4.splat(0);
  for (let left = inner; left > 0; parameter += 16) {
    const lanes = min<u32>(left, 4);
    left -= lanes;
    let squares01 = f64x2.splat(0), squares23 = squares01;
    let row = parameter;
    for (let i: u32 = 0; i < outer; i++, row += rowBytes) {
      const w = loadLanes(row, lanes, zero);
      const w01 = f64x2.promote_low_f32x4(w);
      const w23 = f64x2.promote_low_f32x4(v128.shuffle<i32>(w, w, 2, 3, 0, 1));
      squares01 = f64x2.add(squares01, f64x2.mul(w01, w01));
      squares23 = f64x2.add(squares23, f64x2.mul(w23, w23));
    }
    const factors01 = factorsOf(squares01, low, high), factors23 = factorsOf(squares23, low, high);
    const one = f64x2.splat(1);
    if (!v128.any_true(v128.or(f64x2.ne(factors01, one), f64x2.ne(factors23, one)))) continue;
    row = parameter;
    for (let i: u32 = 0; i < outer; i++, row += rowBytes) {
      storeLanes(row, scaleWide(loadLanes(row, lanes, zero), factors01, factors23), lanes);
    }
  }
}
