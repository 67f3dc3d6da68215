import { softmax } from "../../../assembly/kernels/reduce/softmax";
import { logSoftmax, logSoftmaxGrad, softmaxGrad } from "../../../assembly/kernels/transcendental/softmax";
import { at, buffer, guarded, near, put, sample, samples, samplesAtMemoryEnd, ulps } from "../floats";

/** ln Σ e^x over n floats, in f64. */
function logSum(x: usize, n: u32): f64 {
  let most: f64 = -Infinity;
  for (let i: u32 = 0; i < n; i++) most = max(most, <f64>at(x, i));
  let total: f64 = 0;
  for (let i: u32 = 0; i < n; i++) total += Math.exp(<f64>at(x, i) - most);
  return most + Math.log(total);
}

/** A copy of n floats. */
function copyOf(x: usize, n: u32): usize {
  const copy = buffer(n);
  memory.copy(copy, x, n << 2);
  return copy;
}

/** Greatest error of softmax, in ulp beyond what the rounding of x − max costs, and of logSoftmax in 1e-6. */
function worstForward(outer: u32, inner: u32, spread: f32): f64 {
  const n = outer * inner;
  const x = buffer(n);
  for (let i: u32 = 0; i < n; i++) put(x, i, spread * sample(i + inner));
  const y = buffer(n);
  const logY = buffer(n);
  softmax(y, x, outer, inner);
  logSoftmax(logY, x, outer, inner);
  let worst: f64 = guarded(y, n) && guarded(logY, n) ? 0 : Infinity;
  for (let o: u32 = 0; o < outer; o++) {
    const total = logSum(x + ((o * inner) << 2), inner);
    for (let i = o * inner; i < (o + 1) * inner; i++) {
      const expected = <f64>at(x, i) - total;
      const size = 1 + abs(expected);
      if (Math.exp(expected) < 1.17549e-38) {
        if (at(y, i) != 0) worst = Infinity;
      } else {
        worst = max(worst, ulps(at(y, i), Math.exp(expected)) / (2 + size));
      }
      worst = max(worst, abs(<f64>at(logY, i) - expected) / size / 2e-7);
    }
  }
  softmax(x, x, outer, inner);
  if (memory.compare(x, y, n << 2) || !guarded(x, n)) worst = Infinity;
  heap.free(x);
  heap.free(y);
  heap.free(logY);
  return worst;
}

describe("softmax and logSoftmax", () => {
  it("agree with f64 for every tail and spread of logits", () => {
    for (let inner: u32 = 1; inner <= 35; inner++) {
      expect(worstForward(3, inner, 1)).toBeLessThanOrEqual(1);
      expect(worstForward(5, inner, 12)).toBeLessThanOrEqual(1);
      expect(worstForward(2, inner, 3000)).toBeLessThanOrEqual(1);
    }
    expect(worstForward(2, 1999, 1)).toBeLessThanOrEqual(1);
  });

  it("do nothing without rows or columns", () => {
    const y = buffer(0);
    const x = buffer(0);
    softmax(y, x, 0, 10);
    softmax(y, x, 3, 0);
    logSoftmax(y, x, 0, 10);
    logSoftmax(y, x, 3, 0);
    softmaxGrad(y, x, x, 3, 0);
    logSoftmaxGrad(y, x, x, 3, 0);
    expect(guarded(y, 0)).toBe(true);
    heap.free(x);
    heap.free(y);
  });

  it("read nothing beyond the last row, nor do their gradients", () => {
    for (let inner: u32 = 1; inner < 7; inner++) {
      const x = samplesAtMemoryEnd(inner);
      const y = buffer(inner);
      softmax(y, x, 1, inner);
      logSoftmax(y, x, 1, inner);
      softmaxGrad(y, x, x, 1, inner);
      logSoftmaxGrad(y, x, x, 1, inner);
      expect(guarded(y, inner)).toBe(true);
      heap.free(y);
    }
  });

  it("rows sum to one when logits reach 1e4, and 1e38", () => {
    for (let inner: u32 = 1; inner <= 20; inner++) {
      for (let size: f32 = 1; size < 1e38; size *= 10) {
        const x = buffer(inner);
        for (let i: u32 = 0; i < inner; i++) put(x, i, size * sample(i));
        softmax(x, x, 1, inner);
        let total: f64 = 0;
        for (let i: u32 = 0; i < inner; i++) total += <f64>at(x, i);
        expect(abs(total - 1)).toBeLessThanOrEqual(2e-7);
        heap.free(x);
      }
    }
  });

  it("a logit of −Infinity has probability 0 and leaves the others as they were", () => {
    for (let place: u32 = 0; place < 10; place++) {
      const x = buffer(10);
      for (let i: u32 = 0; i < 10; i++) put(x, i, i == place ? -Infinity : 1);
      const logY = buffer(10);
      logSoftmax(logY, x, 1, 10);
      softmax(x, x, 1, 10);
      for (let i: u32 = 0; i < 10; i++) {
        expect(at(x, i)).toBe(i == place ? 0 : <f32>(1.0 / 9.0));
        if (i == place) expect(at(logY, i)).toBe(-Infinity);
        else expect(near(at(logY, i), -2.1972245773362196, 1e-7, 3)).toBe(true); // −ln 9
      }
      heap.free(x);
      heap.free(logY);
    }
  });

  it("are NaN throughout a row with a NaN, and only there", () => {
    for (let place: u32 = 0; place < 7; place++) {
      const x = samples(21, 0);
      put(x, 7 + place, NaN);
      const logY = buffer(21);
      logSoftmax(logY, x, 3, 7);
      softmax(x, x, 3, 7);
      for (let i: u32 = 0; i < 21; i++) {
        expect(isNaN(at(x, i))).toBe(i >= 7 && i < 14);
        expect(isNaN(at(logY, i))).toBe(i >= 7 && i < 14);
      }
      heap.free(x);
      heap.free(logY);
    }
  });

  it("softmax flushes subnormal probabilities to 0", () => {
    // e^-87 is normal, but not a tenth of it, which is what is left beside nine other greatest logits.
    const x = buffer(11);
    for (let i: u32 = 0; i < 11; i++) put(x, i, i == 4 ? -87 : 0);
    softmax(x, x, 1, 11);
    expect(at(x, 4)).toBe(0);
    expect(at(x, 5)).toBe(<f32>0.1);
    heap.free(x);
  });

  it("logSoftmax keeps the small loss of a sure answer", () => {
    const x = buffer(2);
    put(x, 0, 20);
    put(x, 1, 0);
    logSoftmax(x, x, 1, 2);
    expect(ulps(at(x, 0), -2.061153620314381e-9)).toBeLessThanOrEqual(3); // −log1p(e^-20)
    expect(at(x, 1)).toBe(-20);
    heap.free(x);
  });
});

describe("softmaxGrad and logSoftmaxGrad", () => {
  it("agree with f64 for every tail, in place of y or dy too", () => {
    for (let inner: u32 = 1; inner <= 35; inner++) {
      const n = 3 * inner;
      const y = samples(n, 5);
      const logY = samples(n, 5);
      softmax(y, y, 3, inner);
      logSoftmax(logY, logY, 3, inner);
      const dy = samples(n, 900);
      const dx = buffer(n);
      const dlog = buffer(n);
      softmaxGrad(dx, y, dy, 3, inner);
      logSoftmaxGrad(dlog, logY, dy, 3, inner);
      for (let o: u32 = 0; o < 3; o++) {
        let dot: f64 = 0;
        let total: f64 = 0;
        for (let i = o * inner; i < (o + 1) * inner; i++) {
          dot += <f64>at(y, i) * <f64>at(dy, i);
          total += <f64>at(dy, i);
        }
        for (let i = o * inner; i < (o + 1) * inner; i++) {
          const expected = <f64>at(y, i) * (<f64>at(dy, i) - dot);
          expect(near(at(dx, i), expected, 1e-6, <f64>at(y, i) * 8)).toBe(true);
          const expectedLog = <f64>at(dy, i) - Math.exp(<f64>at(logY, i)) * total;
          expect(near(at(dlog, i), expectedLog, 4e-7, 4 + abs(total))).toBe(true);
        }
      }
      const dy2 = copyOf(dy, n);
      const dy3 = copyOf(dy, n);
      softmaxGrad(dy2, y, dy2, 3, inner);
      softmaxGrad(y, y, dy, 3, inner);
      logSoftmaxGrad(dy3, logY, dy3, 3, inner);
      logSoftmaxGrad(logY, logY, dy, 3, inner);
      expect(memory.compare(dy2, dx, n << 2)).toBe(0);
      expect(memory.compare(y, dx, n << 2)).toBe(0);
      expect(memory.compare(dy3, dlog, n << 2)).toBe(0);
      expect(memory.compare(logY, dlog, n << 2)).toBe(0);
      expect(guarded(dx, n) && guarded(dlog, n) && guarded(dy2, n) && guarded(y, n)).toBe(true);
      expect(guarded(dy3, n) && guarded(logY, n)).toBe(true);
      heap.free(y);
      heap.free(logY);
      heap.free(dy);
      heap.free(dx);
      heap.free(dlog);
      heap.free(dy2);
      heap.free(dy3);
    }
  });

  it("flush subnormal results to 0, let NaN through", () => {
    const y = buffer(2);
    const dy = buffer(2);
    put(y, 0, 1);
    put(y, 1, 1e-30);
    put(dy, 0, 0);
    put(dy, 1, 1e-10);
    softmaxGrad(dy, y, dy, 1, 2);
    expect(at(dy, 1)).toBe(0);
    put(y, 0, 0);
    put(y, 1, -80);
    put(dy, 0, 1e-10);
    put(dy, 1, 1e-40);
    logSoftmaxGrad(dy, y, dy, 1, 2);
    expect(at(dy, 0)).toBe(0);
    expect(at(dy, 1)).toBe(0);
    put(dy, 1, NaN);
    logSoftmaxGrad(dy, y, dy, 1, 2);
    expect(isNaN(at(dy, 0))).toBe(true);
    put(dy, 0, 1);
    put(dy, 1, NaN);
    softmaxGrad(dy, y, dy, 1, 2);
    expect(isNaN(at(dy, 1))).toBe(true);
    heap.free(y);
    heap.free(dy);
  });
});
