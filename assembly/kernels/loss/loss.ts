/**
 * Losses per row, and their gradients: loss [outer] from prediction [outer, inner] and target.
 *
 * A gradient is with respect to the prediction, which it may alias (`dprediction` out), given dloss [outer]; results
 * that are subnormal are flushed to 0. Sums over a row are in f64.
 */

import { expNegative4, logOnePlus4 } from "../../lanes/math";
import { flush, loadLanes, storeLanes, sumDoubles, sumPairs } from "../../lanes/simd";
import { expRow, logSumRow, maxRow, sumRow } from "../reduce/row";

/**
 * loss = Σ_i (prediction − target)² per row; target [outer, inner]
 *
 * Rows of one element are taken four at a time; the bits are the same, for the sum of one float is that float.
 */
export function squaredError(loss: usize, prediction: usize, target: usize, outer: u32, inner: u32): void {
  if (inner == 1) {
    for (let i: u32 = 0; i < outer; i += 4) {
      const at = <usize>i << 2;
      const p = loadLanes(prediction + at, outer - i, f32x4.splat(0));
      const error = f32x4.sub(p, loadLanes(target + at, outer - i, f32x4.splat(0)));
      storeLanes(loss + at, f32x4.mul(error, error), outer - i);
    }
    return;
  }
  for (let row: u32 = 0; row < outer; row++) {
    let total = f64x2.splat(0);
    for (let i: u32 = 0; i < inner; i += 4) {
      const at = <usize>i << 2;
      const p = loadLanes(prediction + at, inner - i, f32x4.splat(0));
      const error = f32x4.sub(p, loadLanes(target + at, inner - i, f32x4.splat(0)));
      total = f64x2.add(total, sumPairs(f32x4.mul(error, error)));
    }
    store<f32>(loss, <f32>sumDoubles(total));
    loss += 4;
    prediction += <usize>inner << 2;
    target += <usize>inner << 2;
  }
}

/** dprediction = 2 · (prediction − target) · dloss */
// prettier-ignore
export function squaredErrorGrad(dprediction: usize, prediction: usize, target: usize, dloss: usize, outer: u32, inner: u32): void {
  if (inner == 1) {
    for (let i: u32 = 0; i < outer; i += 4) {
      const at = <usize>i << 2;
      const scale = loadLanes(dloss + at, outer - i, f32x4.splat(0));
      const p = loadLanes(prediction + at, outer - i, scale);
      const error = f32x4.sub(p, loadLanes(target + at, outer - i, scale));
      storeLanes(dprediction + at, flush(f32x4.mul(error, f32x4.add(scale, scale))), outer - i);
    }
    return;
  }
  for (let row: u32 = 0; row < outer; row++) {
    const scale = f32x4.splat(2 * load<f32>(dloss));
    for (let i: u32 = 0; i < inner; i += 4) {
      const at = <usize>i << 2;
      const p = loadLanes(prediction + at, inner - i, scale);
      const error = f32x4.sub(p, loadLanes(target + at, inner - i, scale));
      storeLanes(dprediction + at, flush(f32x4.mul(error, scale)), inner - i);
    }
    dloss += 4;
    dprediction += <usize>inner << 2;
    prediction += <usize>inner << 2;
    target += <usize>inner << 2;
  }
}

/** The address of the labeled element of a row; 0 where the label is not an index into it. */
@inline
function labeled(row: usize, label: f32, inner: u32): usize {
  return label >= 0 && label < <f32>inner ? row + (<usize>label << 2) : 0;
}

/**
 * loss = ln Σ_i e^logits − logits[label] per row.
 *
 * @param label [outer] the index of the class, as f32; one that is no index gives NaN
 */
export function crossEntropy(loss: usize, logits: usize, label: usize, outer: u32, inner: u32): void {
  for (let row: u32 = 0; row < outer; row++) {
    const chosen = labeled(logits, load<f32>(label), inner);
    if (chosen) {
      const most = maxRow(logits, inner);
      store<f32>(loss, most - load<f32>(chosen) + logSumRow(logits, inner, most));
    } else {
      store<f32>(loss, NaN);
    }
    loss += 4;
    logits += <usize>inner << 2;
    label += 4;
  }
}

/** dprediction = (softmax(logits) − [i = label]) · dloss; the labeled element is as exact as the others. */
// prettier-ignore
export function crossEntropyGrad(dprediction: usize, logits: usize, label: usize, dloss: usize, outer: u32, inner: u32): void {
  for (let row: u32 = 0; row < outer; row++) {
    const total = expRow(dprediction, logits, inner, maxRow(logits, inner));
    const scale = <f64>load<f32>(dloss) / total;
    const chosen = labeled(dprediction, load<f32>(label), inner);
    // e / Σ − 1 would cancel where the network is sure; (e − Σ) / Σ in f64 does not.
    const wanted = chosen ? <f32>((<f64>load<f32>(chosen) - total) * scale) : 0;
    const scale4 = f32x4.splat(<f32>scale);
    for (let i: u32 = 0; i < inner; i += 4) {
      const at = dprediction + (<usize>i << 2);
      storeLanes(at, flush(f32x4.mul(loadLanes(at, inner - i, scale4), scale4)), inner - i);
    }
    if (chosen) store<f32>(chosen, f32x4.extract_lane(flush(f32x4.splat(wanted)), 0));
    dloss += 4;
    dprediction += <usize>inner << 2;
    logits += <usize>inner << 2;
    label += 4;
  }
}

/**
 * loss = Σ_i target · (ln Σ e^logits − logits) per row. A target of 0 contributes 0, whatever its logit.
 *
 * @param target [outer, inner] one-hot rows or any weights
 */
export function crossEntropyOneHot(loss: usize, logits: usize, target: usize, outer: u32, inner: u32): void {
  for (let row: u32 = 0; row < outer; row++) {
    const most = maxRow(logits, inner);
    const most4 = f32x4.splat(most);
    const logSum4 = f32x4.splat(logSumRow(logits, inner, most));
    let total = f64x2.splat(0);
    for (let i: u32 = 0; i < inner; i += 4) {
      const at = <usize>i << 2;
      const surprise = f32x4.add(f32x4.sub(most4, loadLanes(logits + at, inner - i, most4)), logSum4);
      const weight = loadLanes(target + at, inner - i, f32x4.splat(0));
      const counted = v128.and(f32x4.mul(weight, surprise), f32x4.ne(weight, f32x4.splat(0)));
      total = f64x2.add(total, sumPairs(counted));
    }
    store<f32>(loss, <f32>sumDoubles(total));
    loss += 4;
    logits += <usize>inner << 2;
    target += <usize>inner << 2;
  }
}

/** dprediction = (softmax(logits) · Σ target − target) · dloss */
// prettier-ignore
export function crossEntropyOneHotGrad(dprediction: usize, logits: usize, target: usize, dloss: usize, outer: u32, inner: u32): void {
  for (let row: u32 = 0; row < outer; row++) {
    const total = expRow(dprediction, logits, inner, maxRow(logits, inner));
    const share = f32x4.splat(<f32>(sumRow(target, inner) / total));
    const scale = f32x4.splat(load<f32>(dloss));
    for (let i: u32 = 0; i < inner; i += 4) {
      const at = <usize>i << 2;
      const expected = f32x4.mul(loadLanes(dprediction + at, inner - i, share), share);
      const error = f32x4.sub(expected, loadLanes(target + at, inner - i, share));
      storeLanes(dprediction + at, flush(f32x4.mul(error, scale)), inner - i);
    }
    dloss += 4;
    dprediction += <usize>inner << 2;
    logits += <usize>inner << 2;
    target += <usize>inner << 2;
  }
}

/** max(x, 0) − x · t: |x| · (x < 0 ? t : 1 − t), which does not cancel. */
@inline
function wrongness(x: v128, t: v128): v128 {
  const wrong = v128.bitselect(t, f32x4.sub(f32x4.splat(1), t), f32x4.lt(x, f32x4.splat(0)));
  return f32x4.mul(f32x4.abs(x), wrong);
}

/** ln(1 + e^−|x|). A call for four logits: a second copy of its polynomials would be downloaded for nothing. */
function unsureness(x: v128): v128 {
  return logOnePlus4(expNegative4(f32x4.neg(f32x4.abs(x))));
}

/**
 * loss = Σ_i max(x, 0) − x · target + ln(1 + e^−|x|) per row, x = logits.
 *
 * Rows of one logit are taken four at a time: 19.5 ns a row become 3.9 (measured, bench/kernels). The bits are the same, for
 * the sum of two floats rounds once in f32 as it does by way of f64.
 *
 * @param target [outer, inner] in [0, 1]
 */
export function binaryCrossEntropy(loss: usize, logits: usize, target: usize, outer: u32, inner: u32): void {
  if (inner == 1) {
    for (let i: u32 = 0; i < outer; i += 4) {
      const at = <usize>i << 2;
      const x = loadLanes(logits + at, outer - i, f32x4.splat(0));
      const t = loadLanes(target + at, outer - i, f32x4.splat(0));
      storeLanes(loss + at, f32x4.add(wrongness(x, t), unsureness(x)), outer - i);
    }
    return;
  }
  for (let row: u32 = 0; row < outer; row++) {
    let total = f64x2.splat(0);
    for (let i: u32 = 0; i < inner; i += 4) {
      const at = <usize>i << 2;
      // The lanes beyond the row are sure and right, which costs exactly nothing.
      const x = loadLanes(logits + at, inner - i, f32x4.splat(-1000));
      const t = loadLanes(target + at, inner - i, f32x4.splat(0));
      total = f64x2.add(total, f64x2.add(sumPairs(wrongness(x, t)), sumPairs(unsureness(x))));
    }
    store<f32>(loss, <f32>sumDoubles(total));
    loss += 4;
    logits += <usize>inner << 2;
    target += <usize>inner << 2;
  }
}

/** (sigmoid(x) − t) · scale */
function binaryGradient(x: v128, t: v128, scale: v128): v128 {
  const one = f32x4.splat(1);
  const power = expNegative4(f32x4.neg(f32x4.abs(x)));
  const negative = f32x4.lt(x, f32x4.splat(0));
  // sigmoid is rise / (1 + e^-|x|) and 1 − sigmoid is fall / (1 + e^-|x|): no difference of near equals.
  const rise = v128.bitselect(power, one, negative);
  const fall = v128.bitselect(one, power, negative);
  const error = f32x4.sub(f32x4.mul(f32x4.sub(one, t), rise), f32x4.mul(t, fall));
  return flush(f32x4.mul(f32x4.div(error, f32x4.add(one, power)), scale));
}

/** dprediction = (sigmoid(logits) − target) · dloss, exact to the last bits where sigmoid is near 0 or 1 too. */
// prettier-ignore
export function binaryCrossEntropyGrad(dprediction: usize, logits: usize, target: usize, dloss: usize, outer: u32, inner: u32): void {
  const one = f32x4.splat(1);
  if (inner == 1) {
    for (let i: u32 = 0; i < outer; i += 4) {
      const at = <usize>i << 2;
      const left = outer - i;
      const scale = loadLanes(dloss + at, left, one);
      const gradient = binaryGradient(loadLanes(logits + at, left, one), loadLanes(target + at, left, one), scale);
      storeLanes(dprediction + at, gradient, left);
    }
    return;
  }
  for (let row: u32 = 0; row < outer; row++) {
    const scale = f32x4.splat(load<f32>(dloss));
    for (let i: u32 = 0; i < inner; i += 4) {
      const at = <usize>i << 2;
      const x = loadLanes(logits + at, inner - i, one);
      const t = loadLanes(target + at, inner - i, one);
      storeLanes(dprediction + at, binaryGradient(x, t, scale), inner - i);
    }
    dloss += 4;
    dprediction += <usize>inner << 2;
    logits += <usize>inner << 2;
    target += <usize>inner << 2;
  }
}
