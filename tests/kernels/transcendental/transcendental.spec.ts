import * as transcendental from "../../../assembly/kernels/transcendental/transcendental";
import { at, buffer, guarded, put, sample, samples, ulps } from "../floats";
import { Formula, Kernel, one } from "../mapped";

const LEAST_NORMAL: f64 = 1.1754943508222875e-38;
const BLOCK: u32 = 1021;

/** Every STRIDE-th bit pattern; prime to powers of two, so that all mantissas are met. */
const STRIDE: u64 = 9973;

/** Greatest error in ulp over all floats, NaN and infinities included; subnormal results must be 0 if flushed. */
function sweep(kernel: Kernel, formula: Formula, flushed: bool, first: u64 = 0, last: u64 = 0xffffffff): f64 {
  const x = buffer(BLOCK);
  const y = buffer(BLOCK);
  let worst: f64 = 0;
  for (let bits = first; bits + BLOCK * STRIDE <= last; bits += BLOCK * STRIDE) {
    for (let i: u32 = 0; i < BLOCK; i++) store<u32>(x + (<usize>i << 2), <u32>(bits + i * STRIDE));
    kernel(y, x, BLOCK);
    for (let i: u32 = 0; i < BLOCK; i++) {
      const expected = formula(<f64>at(x, i));
      const vanishes = flushed && abs(expected) < LEAST_NORMAL;
      worst = max(worst, ulps(at(y, i), vanishes ? 0 : expected));
    }
  }
  heap.free(x);
  heap.free(y);
  return worst;
}

/** A sweep that meets no error of almost half a unit has met nothing. */
function expectRounded(worst: f64): void {
  expect(worst).toBeLessThanOrEqual(0.52);
  expect(worst).toBeGreaterThan(0.49);
}

/** Whether y = kernel(x) is as near for every tail, out of place and in place, and nothing beyond n is touched. */
function holdsForEveryTail(kernel: Kernel, formula: Formula): bool {
  for (let n: u32 = 0; n <= 21; n++) {
    const x = samples(n, n);
    const y = buffer(n);
    kernel(y, x, n);
    for (let i: u32 = 0; i < n; i++) {
      if (ulps(at(y, i), formula(<f64>sample(n + i))) > 1.4 || at(x, i) != sample(n + i)) return false;
    }
    kernel(x, x, n);
    if (memory.compare(x, y, n << 2) || !guarded(x, n) || !guarded(y, n)) return false;
    heap.free(x);
    heap.free(y);
  }
  return true;
}

const isMinusZero = (x: f32): bool => reinterpret<u32>(x) == 0x80000000;

// The f64 functions of AssemblyScript's NativeMath are the reference: fdlibm, below 1 ulp of f64.
const log1p: Formula = (x) => Math.log1p(x);
const expm1: Formula = (x) => Math.expm1(x);
const sin: Formula = (x) => Math.sin(x);
const cos: Formula = (x) => Math.cos(x);
const softplus: Formula = (x) => (x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x)));
const elu: Formula = (x) => (x > 0 ? x : 0.75 * Math.expm1(x));
const eluKernel: Kernel = (y, x, n) => transcendental.elu(y, x, n, 0.75);

/** 2/√π e^(−x²) Σ 2ⁿ x^(2n+1) / (1 · 3 · … · (2n + 1)): Abramowitz and Stegun 7.1.6, all terms of one sign. */
const erf: Formula = (x) => {
  if (isNaN(x) || abs(x) > 6) return isNaN(x) ? x : x > 0 ? 1 : -1;
  let term = x;
  let sum = x;
  for (let n: f64 = 1; abs(term) > abs(sum) * 1e-17; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return 1.1283791670955126 * Math.exp(-x * x) * sum;
};

describe("the reference of erf", () => {
  it("is what Abramowitz and Stegun, table 7.1, print", () => {
    expect(abs(erf(0.5) - 0.5204998778) < 1e-10).toBe(true);
    expect(abs(erf(1) - 0.8427007929) < 1e-10).toBe(true);
    expect(abs(erf(2) - 0.995322265) < 1e-10).toBe(true);
  });
});

describe("functions that need f64 inside, over all floats, are within 0.52 ulp:", () => {
  it("log1p", () => {
    expectRounded(sweep(transcendental.log1p, log1p, false));
  });
  it("expm1", () => {
    expectRounded(sweep(transcendental.expm1, expm1, false));
  });
  it("sin", () => {
    expectRounded(sweep(transcendental.sin, sin, false));
  });
  it("cos", () => {
    expectRounded(sweep(transcendental.cos, cos, false));
  });
  it("softplus, but for subnormal results, which are flushed", () => {
    expectRounded(sweep(transcendental.softplus, softplus, true));
  });
  it("elu", () => {
    expectRounded(sweep(eluKernel, elu, false));
  });
});

describe("erf", () => {
  it("is within 1.4 ulp over all floats", () => {
    const worst = sweep(transcendental.erf, erf, false);
    expect(worst).toBeLessThanOrEqual(1.4);
    expect(worst).toBeGreaterThan(0.5);
  });

  it("ends at ±1, never beyond", () => {
    for (let x: f32 = 3; x < 5; x += 0.0078125) {
      expect(one(transcendental.erf, x)).toBeLessThanOrEqual(1);
      expect(one(transcendental.erf, -x)).toBe(-one(transcendental.erf, x));
    }
  });
});

describe("transcendental functions", () => {
  it("work for every tail, in place too, touching nothing beyond n", () => {
    expect(holdsForEveryTail(transcendental.log1p, log1p)).toBe(true);
    expect(holdsForEveryTail(transcendental.expm1, expm1)).toBe(true);
    expect(holdsForEveryTail(transcendental.sin, sin)).toBe(true);
    expect(holdsForEveryTail(transcendental.cos, cos)).toBe(true);
    expect(holdsForEveryTail(transcendental.softplus, softplus)).toBe(true);
    expect(holdsForEveryTail(transcendental.erf, erf)).toBe(true);
    expect(holdsForEveryTail(eluKernel, elu)).toBe(true);
  });

  it("reach their limits", () => {
    expect(one(transcendental.log1p, -1)).toBe(-Infinity);
    expect(one(transcendental.log1p, Infinity)).toBe(Infinity);
    expect(isNaN(one(transcendental.log1p, -1.5))).toBe(true);
    expect(one(transcendental.expm1, -Infinity)).toBe(-1);
    expect(one(transcendental.expm1, Infinity)).toBe(Infinity);
    expect(isNaN(one(transcendental.sin, Infinity))).toBe(true);
    expect(isNaN(one(transcendental.cos, -Infinity))).toBe(true);
    expect(one(transcendental.cos, 0)).toBe(1);
    expect(one(transcendental.softplus, -Infinity)).toBe(0);
    expect(one(transcendental.softplus, -88)).toBe(0);
    expect(one(transcendental.softplus, Infinity)).toBe(Infinity);
    expect(one(transcendental.softplus, 3.4e38)).toBe(3.4e38);
    expect(one(transcendental.erf, Infinity)).toBe(1);
    expect(one(transcendental.erf, -Infinity)).toBe(-1);
    expect(one(eluKernel, -Infinity)).toBe(-0.75);
    expect(one(eluKernel, Infinity)).toBe(Infinity);
  });

  it("let NaN through, so that divergence is seen", () => {
    expect(isNaN(one(transcendental.log1p, NaN))).toBe(true);
    expect(isNaN(one(transcendental.expm1, NaN))).toBe(true);
    expect(isNaN(one(transcendental.sin, NaN))).toBe(true);
    expect(isNaN(one(transcendental.cos, NaN))).toBe(true);
    expect(isNaN(one(transcendental.softplus, NaN))).toBe(true);
    expect(isNaN(one(transcendental.erf, NaN))).toBe(true);
    expect(isNaN(one(eluKernel, NaN))).toBe(true);
  });

  it("that are odd keep the sign of zero", () => {
    expect(isMinusZero(one(transcendental.log1p, -0.0))).toBe(true);
    expect(isMinusZero(one(transcendental.expm1, -0.0))).toBe(true);
    expect(isMinusZero(one(transcendental.sin, -0.0))).toBe(true);
    expect(isMinusZero(one(transcendental.erf, -0.0))).toBe(true);
  });
});

describe("sin and cos of large angles", () => {
  it("are right at the f32 that lies nearest to a multiple of π/2, and at the greatest", () => {
    // 16367173 · 2^72, found by continued fractions, is 1.6e-9 away from one. Values by mpmath 1.3 in 80 digits.
    const nearest = reinterpret<f32>(0x6f79be45);
    expect(ulps(one(transcendental.sin, nearest), 0.9999999999999999987)).toBeLessThanOrEqual(0.6);
    expect(ulps(one(transcendental.cos, nearest), -1.6147697982476211876e-9)).toBeLessThanOrEqual(0.6);
    const greatest = reinterpret<f32>(0x7f7fffff);
    expect(ulps(one(transcendental.sin, greatest), -0.52187652333365854055)).toBeLessThanOrEqual(0.6);
    expect(ulps(one(transcendental.cos, -greatest), 0.85302103983030415805)).toBeLessThanOrEqual(0.6);
  });

  it("are the same whether their neighbor in the pair is large, infinite or small", () => {
    const x = buffer(4);
    const y = buffer(4);
    put(x, 0, 1e30);
    put(x, 1, 1.5);
    put(x, 2, Infinity);
    put(x, 3, -1e30);
    transcendental.sin(y, x, 4);
    for (let i: u32 = 0; i < 4; i++) {
      const alone = one(transcendental.sin, at(x, i));
      expect(isNaN(alone) ? isNaN(at(y, i)) : at(y, i) == alone).toBe(true);
    }
    heap.free(x);
    heap.free(y);
  });
});
