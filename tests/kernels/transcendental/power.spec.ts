import { power } from "../../../assembly/kernels/transcendental/power";
import { at, buffer, guarded, put, sample, samples, ulps } from "../floats";

/** aᵇ of two numbers. */
function one(a: f32, b: f32): f32 {
  const left = buffer(1);
  const right = buffer(1);
  put(left, 0, a);
  put(right, 0, b);
  power(left, left, right, 1, 1, 1, 1, 1, 1);
  const y = at(left, 0);
  heap.free(left);
  heap.free(right);
  return y;
}

/** Greatest error in ulp over bases of all exponents, each with exponents b = from, from + by, …, up to. */
function worstOf(from: f64, by: f64, upTo: f64): f64 {
  const n: u32 = 1024;
  const a = buffer(n);
  const b = buffer(1);
  const y = buffer(n);
  let worst: f64 = 0;
  for (let exponent = from; exponent <= upTo; exponent += by) {
    put(b, 0, <f32>exponent);
    for (let i: u32 = 0; i < n; i++) store<u32>(a + (i << 2), i * 2088961 + 12345);
    power(y, a, b, 1, n, n, 1, 0, 0);
    for (let i: u32 = 0; i < n; i++) {
      worst = max(worst, ulps(at(y, i), Math.pow(<f64>at(a, i), <f64>(<f32>exponent))));
    }
  }
  heap.free(a);
  heap.free(b);
  heap.free(y);
  return worst;
}

describe("power", () => {
  it("is within 0.6 ulp of AssemblyScript's f64 pow for positive bases of any size", () => {
    expect(worstOf(-3, 0.0131, 3)).toBeLessThanOrEqual(0.6);
    expect(worstOf(-150, 1.37, 150)).toBeLessThanOrEqual(0.6);
    expect(worstOf(0.9999, 0.0000071, 1.0001)).toBeLessThanOrEqual(0.6);
  });

  it("is within 0.6 ulp where a base near 1 meets a great exponent", () => {
    let worst: f64 = 0;
    for (let bits: u32 = 0x3f7ff000; bits < 0x3f801000; bits += 7) {
      const a = reinterpret<f32>(bits);
      for (let b: f32 = -3e6; b <= 3e6; b += 654321) worst = max(worst, ulps(one(a, b), Math.pow(a, b)));
    }
    expect(worst).toBeLessThanOrEqual(0.6);
  });

  it("is exact where the result is an f32", () => {
    expect(one(3, 4)).toBe(81);
    expect(one(-3, 3)).toBe(-27);
    expect(one(2, -149)).toBe(reinterpret<f32>(1));
    expect(one(16, 0.25)).toBe(2);
    expect(one(4095, 2)).toBe(16769025);
  });

  it("is 1 for an exponent of 0 and for a base of 1, whatever the other is", () => {
    expect(one(NaN, 0)).toBe(1);
    expect(one(0, -0.0)).toBe(1);
    expect(one(-Infinity, 0)).toBe(1);
    expect(one(1, NaN)).toBe(1);
    expect(one(1, -Infinity)).toBe(1);
    expect(one(-1, Infinity)).toBe(1);
    expect(one(-1, -Infinity)).toBe(1);
  });

  it("is NaN for other NaN, and for a negative base under an exponent that is no integer", () => {
    expect(isNaN(one(NaN, 1))).toBe(true);
    expect(isNaN(one(2, NaN))).toBe(true);
    expect(isNaN(one(0, NaN))).toBe(true);
    expect(isNaN(one(-2, 0.5))).toBe(true);
    expect(isNaN(one(-1e-30, -1.5))).toBe(true);
  });

  it("of ±0 and ±Infinity has the sign of an odd exponent only", () => {
    expect(reinterpret<u32>(one(-0.0, 3))).toBe(0x80000000);
    expect(reinterpret<u32>(one(-0.0, 2))).toBe(0);
    expect(reinterpret<u32>(one(-0.0, 0.5))).toBe(0);
    expect(one(-0.0, -3)).toBe(-Infinity);
    expect(one(-0.0, -2)).toBe(Infinity);
    expect(one(0, -0.5)).toBe(Infinity);
    expect(one(0, Infinity)).toBe(0);
    expect(one(0, -Infinity)).toBe(Infinity);
    expect(one(-Infinity, 3)).toBe(-Infinity);
    expect(one(-Infinity, 2)).toBe(Infinity);
    expect(one(-Infinity, 0.5)).toBe(Infinity);
    expect(reinterpret<u32>(one(-Infinity, -3))).toBe(0x80000000);
    expect(reinterpret<u32>(one(-Infinity, -0.5))).toBe(0);
    expect(one(Infinity, 1e-30)).toBe(Infinity);
    expect(one(Infinity, -1e-30)).toBe(0);
  });

  it("goes to 0 and Infinity under infinite and great exponents", () => {
    expect(one(0.5, Infinity)).toBe(0);
    expect(one(0.5, -Infinity)).toBe(Infinity);
    expect(one(-2, Infinity)).toBe(Infinity);
    expect(one(-2, -Infinity)).toBe(0);
    expect(one(-1, 3.4e38)).toBe(1); // every f32 from 2^24 on is even
    expect(one(-1, 16777215)).toBe(-1);
    expect(one(-1.5, 3.4e38)).toBe(Infinity);
    expect(one(10, 39)).toBe(Infinity);
    expect(one(10, -46)).toBe(0);
    expect(one(-10, 39)).toBe(-Infinity);
  });

  it("broadcasts a row, a column and a scalar, for every tail, and works in place", () => {
    for (let n: u32 = 0; n < 12; n++) {
      const a = samples(3 * n, 5);
      const b = samples(max(n, 3), 50);
      const y = buffer(3 * n);
      power(y, a, b, 3, n, n, 1, 0, 1);
      for (let i: u32 = 0; i < 3 * n; i++) {
        const expected = Math.pow(sample(5 + i), sample(50 + (i % n)));
        expect(ulps(at(y, i), expected)).toBeLessThanOrEqual(0.6);
      }
      power(y, a, b, 3, n, n, 1, 1, 0);
      for (let i: u32 = 0; i < 3 * n; i++) {
        const expected = Math.pow(sample(5 + i), sample(50 + i / n));
        expect(ulps(at(y, i), expected)).toBeLessThanOrEqual(0.6);
      }
      power(a, a, b, 3, n, n, 1, 1, 0);
      expect(memory.compare(a, y, 3 * (n << 2))).toBe(0);
      expect(guarded(y, 3 * n) && guarded(a, 3 * n)).toBe(true);
      heap.free(a);
      heap.free(b);
      heap.free(y);
    }
  });
});
