import { logSumExp } from "../../../assembly/kernels/transcendental/softmax";
import { at, buffer, guarded, put, sample, samplesAtMemoryEnd } from "../floats";

/** ln Σ e^x over n floats, in f64. */
function formula(x: usize, n: u32): f64 {
  let most: f64 = -Infinity;
  for (let i: u32 = 0; i < n; i++) most = max(most, <f64>at(x, i));
  let total: f64 = 0;
  for (let i: u32 = 0; i < n; i++) total += Math.exp(<f64>at(x, i) - most);
  return most + Math.log(total);
}

/** Greatest error over three rows, relative to the greatest of 1 and the result. */
function worst(inner: u32, spread: f32): f64 {
  const x = buffer(3 * inner);
  for (let i: u32 = 0; i < 3 * inner; i++) put(x, i, spread * sample(i + inner));
  const y = buffer(3);
  logSumExp(y, x, 3, inner);
  let error: f64 = guarded(y, 3) ? 0 : Infinity;
  for (let o: u32 = 0; o < 3; o++) {
    const expected = formula(x + ((o * inner) << 2), inner);
    error = max(error, abs(<f64>at(y, o) - expected) / max<f64>(1, abs(expected)));
  }
  heap.free(x);
  heap.free(y);
  return error;
}

/** Of a row of seven zeros with two other elements among them. */
function among(one: f32, other: f32): f32 {
  const x = buffer(7);
  for (let i: u32 = 0; i < 7; i++) put(x, i, 0);
  put(x, 2, one);
  put(x, 5, other);
  const y = buffer(1);
  logSumExp(y, x, 1, 7);
  const result = at(y, 0);
  heap.free(x);
  heap.free(y);
  return result;
}

/** Of a row of five of one kind, with `last` at its end. */
function ending(value: f32, last: f32): f32 {
  const x = buffer(5);
  for (let i: u32 = 0; i < 5; i++) put(x, i, i < 4 ? value : last);
  const y = buffer(1);
  logSumExp(y, x, 1, 5);
  const result = at(y, 0);
  heap.free(x);
  heap.free(y);
  return result;
}

describe("logSumExp", () => {
  it("agrees with f64 to 2e-7 for every tail and spread", () => {
    for (let inner: u32 = 1; inner <= 35; inner++) {
      expect(worst(inner, 1)).toBeLessThan(2e-7);
      expect(worst(inner, 12)).toBeLessThan(2e-7);
      expect(worst(inner, 3000)).toBeLessThan(2e-7);
    }
    expect(worst(1999, 1)).toBeLessThan(2e-7);
  });

  it("is −Infinity for a row of −Infinity and for an empty one", () => {
    expect(ending(-Infinity, -Infinity)).toBe(-Infinity);
    const y = buffer(1);
    logSumExp(y, y, 1, 0);
    expect(at(y, 0)).toBe(-Infinity);
    heap.free(y);
  });

  it("leaves −Infinity out, takes Infinity over, and keeps NaN", () => {
    expect(ending(-Infinity, 3)).toBe(3);
    expect(among(Infinity, -Infinity)).toBe(Infinity);
    expect(among(Infinity, Infinity)).toBe(Infinity);
    expect(isNaN(among(NaN, 1))).toBe(true);
    expect(isNaN(among(NaN, Infinity))).toBe(true);
    expect(isNaN(among(Infinity, NaN))).toBe(true);
    expect(isNaN(ending(-Infinity, NaN))).toBe(true);
    expect(isNaN(ending(NaN, -Infinity))).toBe(true);
  });

  it("neither overflows nor underflows at the ends of the range", () => {
    expect(ending(-Infinity, 3.4e38)).toBe(<f32>3.4e38);
    expect(among(3.4e38, -3.4e38)).toBe(<f32>3.4e38);
    expect(ending(-1000, -1000)).toBe(<f32>-998.3905620875659); // ln 5 − 1000
  });

  it("reads nothing beyond the last row", () => {
    for (let inner: u32 = 1; inner < 9; inner++) {
      const x = samplesAtMemoryEnd(2 * inner);
      const y = buffer(2);
      logSumExp(y, x, 2, inner);
      expect(guarded(y, 2)).toBe(true);
      heap.free(y);
    }
  });
});
