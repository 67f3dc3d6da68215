import {
  binaryCrossEntropy,
  binaryCrossEntropyGrad,
  crossEntropy,
  crossEntropyGrad,
  crossEntropyOneHot,
  crossEntropyOneHotGrad,
  squaredError,
  squaredErrorGrad,
} from "../../../assembly/kernels/loss/loss";
import { at, buffer, guarded, near, put, sample, samples, samplesAtMemoryEnd, ulps } from "../floats";

type Loss = (loss: usize, prediction: usize, target: usize, outer: u32, inner: u32) => void;
// prettier-ignore
type Gradient = (dprediction: usize, prediction: usize, target: usize, dloss: usize, outer: u32, inner: u32) => void;
/** The f64 loss of one row. */
type RowLoss = (prediction: usize, target: usize, n: u32) => f64;
/** The f64 gradient of one row's loss with respect to its i-th prediction. */
type RowGradient = (prediction: usize, target: usize, n: u32, i: u32) => f64;
/** Fills one row of targets; the last argument is the row's number. */
type Targets = (target: usize, n: u32, row: u32) => void;

/** ln Σ e^x over n floats, in f64. */
function logSum(x: usize, n: u32): f64 {
  let most: f64 = -Infinity;
  for (let i: u32 = 0; i < n; i++) most = max(most, <f64>at(x, i));
  let total: f64 = 0;
  for (let i: u32 = 0; i < n; i++) total += Math.exp(<f64>at(x, i) - most);
  return most + Math.log(total);
}

function probability(x: usize, n: u32, i: u32): f64 {
  return Math.exp(<f64>at(x, i) - logSum(x, n));
}

const rows: u32 = 3;

/**
 * Whether loss and gradient agree with their f64 formulas to 1e-6 of the greatest logit, for rows of every length, the
 * gradient in place of the prediction too; `targets` floats of target belong to a row, 0 meaning as many as predictions.
 */
function agrees(
  loss: Loss,
  gradient: Gradient,
  rowLoss: RowLoss,
  rowGradient: RowGradient,
  fill: Targets,
  targets: u32,
  spread: f32,
): bool {
  for (let inner: u32 = 1; inner <= 35; inner++) {
    const n = rows * inner;
    const wide = targets ? targets : inner;
    const x = buffer(n);
    for (let i: u32 = 0; i < n; i++) put(x, i, spread * sample(i + inner));
    const t = buffer(rows * wide);
    const dloss = samples(rows, 40);
    const y = buffer(rows);
    const dx = buffer(n);
    for (let o: u32 = 0; o < rows; o++) fill(t + ((o * wide) << 2), inner, o);
    loss(y, x, t, rows, inner);
    gradient(dx, x, t, dloss, rows, inner);
    if (!guarded(y, rows) || !guarded(dx, n)) return false;
    for (let o: u32 = 0; o < rows; o++) {
      const row = x + ((o * inner) << 2);
      const target = t + ((o * wide) << 2);
      const expected = rowLoss(row, target, inner);
      if (!near(at(y, o), expected, 1e-6, max(1, abs(expected)) + <f64>spread)) return false;
      for (let i: u32 = 0; i < inner; i++) {
        const slope = rowGradient(row, target, inner, i) * <f64>at(dloss, o);
        const scale = max(abs(slope), <f64>spread * abs(<f64>at(dloss, o)));
        if (!near(at(dx, o * inner + i), slope, 1e-6, scale)) return false;
      }
    }
    gradient(x, x, t, dloss, rows, inner);
    if (memory.compare(x, dx, n << 2) || !guarded(x, n)) return false;
    heap.free(x);
    heap.free(t);
    heap.free(dloss);
    heap.free(y);
    heap.free(dx);
  }
  return true;
}

/** The loss of one row [a, b]. */
function lossOf(loss: Loss, a: f32, b: f32, targetA: f32, targetB: f32, inner: u32): f32 {
  const x = buffer(2);
  const t = buffer(2);
  const y = buffer(1);
  put(x, 0, a);
  put(x, 1, b);
  put(t, 0, targetA);
  put(t, 1, targetB);
  loss(y, x, t, 1, inner);
  const result = at(y, 0);
  heap.free(x);
  heap.free(t);
  heap.free(y);
  return result;
}

/** The i-th gradient of one row [a, b]. */
// prettier-ignore
function gradientOf(gradient: Gradient, a: f32, b: f32, targetA: f32, targetB: f32, dloss: f32, inner: u32, i: u32): f32 {
  const x = buffer(2);
  const t = buffer(2);
  const dy = buffer(1);
  put(x, 0, a);
  put(x, 1, b);
  put(t, 0, targetA);
  put(t, 1, targetB);
  put(dy, 0, dloss);
  gradient(x, x, t, dy, 1, inner);
  const result = at(x, i);
  heap.free(x);
  heap.free(t);
  heap.free(dy);
  return result;
}

const anyTargets: Targets = (target, n, row) => {
  for (let i: u32 = 0; i < n; i++) put(target, i, sample(i + 500 * row));
};

const weights: Targets = (target, n, row) => {
  for (let i: u32 = 0; i < n; i++) put(target, i, (i + row) % 3 ? (sample(i + 500 * row) + 4) / 8 : 0);
};

const labels: Targets = (target, n, row) => {
  put(target, 0, <f32>((row * 7 + n / 2) % n));
};

const oneHot: Targets = (target, n, row) => {
  for (let i: u32 = 0; i < n; i++) put(target, i, i == (row * 7 + n / 2) % n ? 1 : 0);
};

const squaredErrorRow: RowLoss = (p, t, n) => {
  let total: f64 = 0;
  for (let i: u32 = 0; i < n; i++) total += (<f64>at(p, i) - <f64>at(t, i)) ** 2;
  return total;
};

const crossEntropyRow: RowLoss = (x, t, n) => logSum(x, n) - <f64>at(x, <u32>at(t, 0));

const crossEntropyOneHotRow: RowLoss = (x, t, n) => {
  let total: f64 = 0;
  for (let i: u32 = 0; i < n; i++) total += <f64>at(t, i) * (logSum(x, n) - <f64>at(x, i));
  return total;
};

const crossEntropyOneHotRowGrad: RowGradient = (x, t, n, i) => {
  let total: f64 = 0;
  for (let j: u32 = 0; j < n; j++) total += <f64>at(t, j);
  return probability(x, n, i) * total - <f64>at(t, i);
};

const binaryCrossEntropyRow: RowLoss = (x, t, n) => {
  let total: f64 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const logit = <f64>at(x, i);
    total += max<f64>(logit, 0) - logit * <f64>at(t, i) + Math.log1p(Math.exp(-abs(logit)));
  }
  return total;
};

describe("losses and their gradients", () => {
  it("squaredError agrees with f64", () => {
    const slope: RowGradient = (p, t, _n, i) => 2 * (<f64>at(p, i) - <f64>at(t, i));
    expect(agrees(squaredError, squaredErrorGrad, squaredErrorRow, slope, anyTargets, 0, 1)).toBe(true);
  });

  it("crossEntropy agrees with f64", () => {
    const slope: RowGradient = (x, t, n, i) => probability(x, n, i) - (<u32>at(t, 0) == i ? 1 : 0);
    expect(agrees(crossEntropy, crossEntropyGrad, crossEntropyRow, slope, labels, 1, 1)).toBe(true);
    expect(agrees(crossEntropy, crossEntropyGrad, crossEntropyRow, slope, labels, 1, 2500)).toBe(true);
  });

  it("crossEntropyOneHot agrees with f64, for one-hot rows and for any weights", () => {
    const slope = crossEntropyOneHotRowGrad;
    const row = crossEntropyOneHotRow;
    expect(agrees(crossEntropyOneHot, crossEntropyOneHotGrad, row, slope, oneHot, 0, 1)).toBe(true);
    expect(agrees(crossEntropyOneHot, crossEntropyOneHotGrad, row, slope, oneHot, 0, 2500)).toBe(true);
    expect(agrees(crossEntropyOneHot, crossEntropyOneHotGrad, row, slope, weights, 0, 1)).toBe(true);
  });

  it("binaryCrossEntropy agrees with f64", () => {
    const slope: RowGradient = (x, t, _n, i) => 1 / (1 + Math.exp(-(<f64>at(x, i)))) - <f64>at(t, i);
    const row = binaryCrossEntropyRow;
    expect(agrees(binaryCrossEntropy, binaryCrossEntropyGrad, row, slope, weights, 0, 1)).toBe(true);
    expect(agrees(binaryCrossEntropy, binaryCrossEntropyGrad, row, slope, oneHot, 0, 2500)).toBe(true);
  });

  it("read nothing beyond the last row", () => {
    for (let inner: u32 = 1; inner < 7; inner++) {
      const x = samplesAtMemoryEnd(inner);
      const dx = buffer(inner);
      const label = buffer(1);
      put(label, 0, 0);
      squaredError(dx, x, x, 1, inner);
      squaredErrorGrad(dx, x, x, x, 1, inner);
      crossEntropy(dx, x, label, 1, inner);
      crossEntropyGrad(dx, x, label, x, 1, inner);
      crossEntropyOneHot(dx, x, x, 1, inner);
      crossEntropyOneHotGrad(dx, x, x, x, 1, inner);
      binaryCrossEntropy(dx, x, x, 1, inner);
      binaryCrossEntropyGrad(dx, x, x, x, 1, inner);
      expect(guarded(dx, inner)).toBe(true);
      heap.free(dx);
      heap.free(label);
    }
  });

  it("do nothing without rows", () => {
    const x = buffer(0);
    squaredError(x, x, x, 0, 3);
    squaredErrorGrad(x, x, x, x, 0, 3);
    crossEntropy(x, x, x, 0, 3);
    crossEntropyGrad(x, x, x, x, 0, 3);
    crossEntropyOneHot(x, x, x, 0, 3);
    crossEntropyOneHotGrad(x, x, x, x, 0, 3);
    binaryCrossEntropy(x, x, x, 0, 3);
    binaryCrossEntropyGrad(x, x, x, x, 0, 3);
    expect(guarded(x, 0)).toBe(true);
    heap.free(x);
  });
});

describe("a sure answer", () => {
  // Expected, worked in f64: log1p(e^-30), log1p(e^-20), 1 / (1 + e^20) and 1 / (1 + e^30).
  it("still has a loss: that of a logit of 30 for its own class is 9.36e-14, not 0", () => {
    expect(ulps(lossOf(binaryCrossEntropy, 30, 0, 1, 0, 1), 9.357622968839737e-14)).toBeLessThanOrEqual(3);
    expect(ulps(lossOf(binaryCrossEntropy, -30, 0, 0, 0, 1), 9.357622968839737e-14)).toBeLessThanOrEqual(3);
    expect(ulps(lossOf(crossEntropy, 20, 0, 0, 0, 2), 2.061153620314381e-9)).toBeLessThanOrEqual(3);
    expect(ulps(lossOf(crossEntropyOneHot, 20, 0, 1, 0, 2), 2.061153620314381e-9)).toBeLessThanOrEqual(3);
  });

  it("still has a gradient for its own class", () => {
    const right = gradientOf(crossEntropyGrad, 20, 0, 0, 0, 1, 2, 0);
    expect(ulps(right, -2.0611536181902037e-9)).toBeLessThanOrEqual(3);
    const high = gradientOf(binaryCrossEntropyGrad, 30, 0, 1, 0, 1, 1, 0);
    expect(ulps(high, -9.357622968839299e-14)).toBeLessThanOrEqual(3);
    const low = gradientOf(binaryCrossEntropyGrad, -30, 0, 0, 0, 1, 1, 0);
    expect(ulps(low, 9.357622968839299e-14)).toBeLessThanOrEqual(3);
  });

  it("that is wrong costs its distance, whatever the size of the logits", () => {
    expect(lossOf(crossEntropy, 1e4, -1e4, 1, 0, 2)).toBe(2e4);
    expect(lossOf(crossEntropyOneHot, 1e30, -1e30, 0, 1, 2)).toBe(2e30);
    expect(lossOf(binaryCrossEntropy, 1e4, 0, 0, 0, 1)).toBe(1e4);
    expect(gradientOf(crossEntropyGrad, 1e4, -1e4, 1, 0, 0.5, 2, 0)).toBe(0.5);
    expect(gradientOf(crossEntropyGrad, 1e4, -1e4, 1, 0, 0.5, 2, 1)).toBe(-0.5);
    expect(gradientOf(binaryCrossEntropyGrad, -1e30, 0, 1, 0, 0.5, 1, 0)).toBe(-0.5);
  });
});

describe("losses at the ends of the range", () => {
  it("a logit of −Infinity costs nothing where its target is 0", () => {
    expect(lossOf(crossEntropyOneHot, 3, -Infinity, 1, 0, 2)).toBe(0);
    expect(lossOf(crossEntropy, 3, -Infinity, 0, 0, 2)).toBe(0);
    expect(gradientOf(crossEntropyOneHotGrad, 3, -Infinity, 1, 0, 1, 2, 1)).toBe(0);
    expect(gradientOf(crossEntropyGrad, 3, -Infinity, 0, 0, 1, 2, 0)).toBe(0);
  });

  it("a logit of −Infinity costs Infinity where its target is not", () => {
    expect(lossOf(crossEntropyOneHot, 3, -Infinity, 0.5, 0.5, 2)).toBe(Infinity);
    expect(lossOf(crossEntropy, 3, -Infinity, 1, 0, 2)).toBe(Infinity);
  });

  it("a label that is no index gives NaN and reads nothing outside the row", () => {
    expect(isNaN(lossOf(crossEntropy, 1, 2, -1, 0, 2))).toBe(true);
    expect(isNaN(lossOf(crossEntropy, 1, 2, 2, 0, 2))).toBe(true);
    expect(isNaN(lossOf(crossEntropy, 1, 2, 1, 0, 1))).toBe(true);
    expect(isNaN(lossOf(crossEntropy, 1, 2, 1e30, 0, 2))).toBe(true);
    expect(isNaN(lossOf(crossEntropy, 1, 2, NaN, 0, 2))).toBe(true);
  });

  it("NaN reaches every loss and every gradient of its row", () => {
    expect(isNaN(lossOf(squaredError, NaN, 0, 0, 0, 2))).toBe(true);
    expect(isNaN(lossOf(crossEntropy, 0, NaN, 0, 0, 2))).toBe(true);
    expect(isNaN(lossOf(crossEntropyOneHot, 0, NaN, 1, 0, 2))).toBe(true);
    expect(isNaN(lossOf(crossEntropyOneHot, 0, 1, NaN, 0, 2))).toBe(true);
    expect(isNaN(lossOf(binaryCrossEntropy, 0, NaN, 0, 0, 2))).toBe(true);
    expect(isNaN(gradientOf(squaredErrorGrad, NaN, 0, 0, 0, 1, 2, 0))).toBe(true);
    expect(isNaN(gradientOf(crossEntropyGrad, 0, NaN, 0, 0, 1, 2, 0))).toBe(true);
    expect(isNaN(gradientOf(crossEntropyOneHotGrad, 0, NaN, 1, 0, 1, 2, 0))).toBe(true);
    expect(isNaN(gradientOf(binaryCrossEntropyGrad, NaN, 0, 0, 0, 1, 2, 0))).toBe(true);
    expect(isNaN(gradientOf(binaryCrossEntropyGrad, 1, 0, 0, 0, NaN, 2, 0))).toBe(true);
  });

  it("squaredError overflows to Infinity", () => {
    expect(lossOf(squaredError, 3e38, 0, 0, 0, 2)).toBe(Infinity);
    expect(lossOf(squaredError, Infinity, 0, 0, 0, 2)).toBe(Infinity);
  });

  it("gradients flush subnormal results to 0", () => {
    expect(gradientOf(squaredErrorGrad, 1e-20, 0, 0, 0, 1e-20, 2, 0)).toBe(0);
    expect(gradientOf(crossEntropyGrad, -80, 0, 1, 0, 1e-10, 2, 0)).toBe(0);
    expect(gradientOf(crossEntropyGrad, -80, 0, 1, 0, 1e-10, 2, 1)).toBe(0);
    expect(gradientOf(crossEntropyGrad, 0, 0, 0, 0, 1e-38, 2, 0)).toBe(0);
    expect(gradientOf(crossEntropyGrad, 0, 0, 0, 0, 1e-38, 2, 1)).toBe(0);
    expect(gradientOf(crossEntropyOneHotGrad, -80, 0, 0, 1, 1e-10, 2, 0)).toBe(0);
    expect(gradientOf(binaryCrossEntropyGrad, -80, 0, 0, 0, 1e-10, 2, 0)).toBe(0);
  });
});
