/** log-softmax and log-sum-exp over the rows of x [outer, inner], and the adjoints of softmax and log-softmax. */

import { expNegative4 } from "../../lanes/math";
import { flush, loadLanes, storeLanes, sumDoubles } from "../../lanes/simd";
import { logSumRow, maxRow, sumRow } from "../reduce/row";

/**
 * y = x − max x − ln Σ e^(x − max x) per row.
 *
 * @param y [outer, inner] out, may alias x
 * @param x [outer, inner]
 */
export function logSoftmax(y: usize, x: usize, outer: u32, inner: u32): void {
  for (let row: u32 = 0; row < outer; row++) {
    const most = maxRow(x, inner);
    const most4 = f32x4.splat(most);
    const logSum4 = f32x4.splat(logSumRow(x, inner, most));
    for (let i: u32 = 0; i < inner; i += 4) {
      const at = <usize>i << 2;
      const fromMost = f32x4.sub(loadLanes(x + at, inner - i, most4), most4);
      storeLanes(y + at, f32x4.sub(fromMost, logSum4), inner - i);
    }
    y += <usize>inner << 2;
    x += <usize>inner << 2;
  }
}

/**
 * dx = y · (dy − Σ y · dy) per row: the adjoint of softmax. Subnormal results are flushed to 0.
 *
 * @param dx [outer, inner] out, may alias y or dy
 * @param y  [outer, inner] softmax output (residual)
 * @param dy [outer, inner]
 */
export function softmaxGrad(dx: usize, y: usize, dy: usize, outer: u32, inner: u32): void {
  for (let row: u32 = 0; row < outer; row++) {
    const dot4 = f32x4.splat(<f32>dotRow(y, dy, inner));
    for (let i: u32 = 0; i < inner; i += 4) {
      const at = <usize>i << 2;
      const deviation = f32x4.sub(loadLanes(dy + at, inner - i, dot4), dot4);
      const product = f32x4.mul(loadLanes(y + at, inner - i, dot4), deviation);
      storeLanes(dx + at, flush(product), inner - i);
    }
    dx += <usize>inner << 2;
    y += <usize>inner << 2;
    dy += <usize>inner << 2;
  }
}

/** Σ a · b over n floats, the products and their sum in f64. */
function dotRow(a: usize, b: usize, n: u32): f64 {
  let low = f64x2.splat(0);
  let high = low;
  for (let i: u32 = 0; i < n; i += 4) {
    const at = <usize>i << 2;
    const left = loadLanes(a + at, n - i, f32x4.splat(0));
    const right = loadLanes(b + at, n - i, f32x4.splat(0));
    low = f64x2.add(low, f64x2.mul(f64x2.promote_low_f32x4(left), f64x2.promote_low_f32x4(right)));
    const leftHigh = v128.shuffle<i32>(left, left, 2, 3, 2, 3);
    const rightHigh = v128.shuffle<i32>(right, right, 2, 3, 2, 3);
    high = f64x2.add(high, f64x2.mul(f64x2.promote_low_f32x4(leftHigh), f64x2.promote_low_f32x4(rightHigh)));
  }
  return sumDoubles(f64x2.add(low, high));
}

/**
 * dx = dy − e^y · Σ dy per row: the adjoint of logSoftmax. Subnormal results are flushed to 0.
 *
 * @param dx [outer, inner] out, may alias y or dy
 * @param y  [outer, inner] logSoftmax output (residual), so y ≤ 0
 * @param dy [outer, inner]
 */
export function logSoftmaxGrad(dx: usize, y: usize, dy: usize, outer: u32, inner: u32): void {
  for (let row: u32 = 0; row < outer; row++) {
    const total4 = f32x4.splat(<f32>sumRow(dy, inner));
    for (let i: u32 = 0; i < inner; i += 4) {
      const at = <usize>i << 2;
      const probability = expNegative4(loadLanes(y + at, inner - i, total4));
      const share = f32x4.mul(probability, total4);
      storeLanes(dx + at, flush(f32x4.sub(loadLanes(dy + at, inner - i, total4), share)), inner - i);
    }
    dx += <usize>inner << 2;
    y += <usize>inner << 2;
    dy += <usize>inner << 2;
  }
}

/**
 * y = max x + ln Σ e^(x − max x) per row; −Infinity where all elements are, and of an empty row; Infinity where any
 * element is; NaN where any element is.
 *
 * @param y [outer] out
 * @param x [outer, inner]
 */
export function logSumExp(y: usize, x: usize, outer: u32, inner: u32): void {
  for (let row: u32 = 0; row < outer; row++, y += 4, x += <usize>inner << 2) {
    const most = maxRow(x, inner);
    // x − most is NaN where both are infinite.
    if (isFinite(most)) store<f32>(y, most + logSumRow(x, inner, most));
    else store<f32>(y, hasNaN(x, inner) ? NaN : most);
  }
}

function hasNaN(x: usize, n: u32): bool {
  for (let i: u32 = 0; i < n; i++) if (isNaN(load<f32>(x + (<usize>i << 2)))) return true;
  return false;
}
