import * as activation from "../../../assembly/kernels/transcendental/activation";
import { at, buffer, guarded, put, sample, samples, ulps } from "../floats";
import { Formula, Kernel, one } from "../mapped";

type GradKernel = (dx: usize, x: usize, dy: usize, n: u32) => void;

const LEAST_NORMAL: f64 = 1.1754943508222875e-38;
const BLOCK: u32 = 1021;

/** Every STRIDE-th bit pattern; prime to powers of two, so that all mantissas are met. */
const STRIDE: u64 = 9973;

/** Φ(x): by the series of Abramowitz and Stegun, 26.2.11, and below −4 by their continued fraction, 26.2.14. */
function normalShare(x: f64): f64 {
  if (!(abs(x) < 38)) return isNaN(x) ? x : x > 0 ? 1 : 0;
  const density = 0.3989422804014327 * Math.exp((-x * x) / 2);
  if (x < -4) {
    let fraction: f64 = 0;
    for (let k: f64 = 100; k > 0; k--) fraction = k / (-x + fraction);
    return density / (-x + fraction);
  }
  if (x > 9) return 1;
  let term = x;
  let sum = x;
  for (let n: f64 = 1; abs(term) > abs(sum) * 1e-18; n++) {
    term *= (x * x) / (2 * n + 1);
    sum += term;
  }
  return 0.5 + density * sum;
}

/** x · share, where the share vanishes faster than x grows. */
function gated(x: f64, share: f64): f64 {
  return share == 0 ? 0 : x * share;
}

function sigmoid(x: f64): f64 {
  return 1 / (1 + Math.exp(-x));
}

const DOUBLED: f64 = 1.5957691216057308; // 2 √(2/π)

// The formulas in f64, of AssemblyScript's NativeMath: fdlibm, below 1 ulp of f64.
const gelu: Formula = (x) => gated(x, normalShare(x));
const geluTanh: Formula = (x) => gated(x, sigmoid(DOUBLED * (x + 0.044715 * x * x * x)));
const silu: Formula = (x) => gated(x, sigmoid(x));
const mish: Formula = (x) =>
  gated(x, x < -30 ? Math.exp(x) : Math.tanh(x > 30 ? x : Math.log1p(Math.exp(x))));

const geluSlope: Formula = (x) =>
  abs(x) > 38 ? normalShare(x) : normalShare(x) + x * 0.3989422804014327 * Math.exp((-x * x) / 2);
const geluTanhSlope: Formula = (x) => {
  if (abs(x) > 38) return x > 0 ? 1 : 0;
  const v = DOUBLED * (x + 0.044715 * x * x * x);
  return sigmoid(v) * (1 + x * DOUBLED * (1 + 0.134145 * x * x) * sigmoid(-v));
};
const siluSlope: Formula = (x) => (abs(x) > 150 ? (x > 0 ? 1 : 0) : sigmoid(x) * (1 + x * sigmoid(-x)));
const mishSlope: Formula = (x) => {
  if (abs(x) > 150) return x > 0 ? 1 : 0;
  const t = Math.tanh(x > 30 ? x : Math.log1p(Math.exp(x)));
  // 1 − t², where t is tanh(ln(1 + e)): 4 (1 + e)² / ((1 + e)² + 1)²
  const e = Math.exp(x);
  const d = (1 + e) * (1 + e) + 1;
  const share = x < -30 ? e : t;
  return share + (x * 4 * (1 + e) * (1 + e) * sigmoid(x)) / (d * d);
};

const geluSlopes: Kernel = (y, x, n) => slopes(activation.geluGrad, y, x, n);
const geluTanhSlopes: Kernel = (y, x, n) => slopes(activation.geluTanhGrad, y, x, n);
const siluSlopes: Kernel = (y, x, n) => slopes(activation.siluGrad, y, x, n);
const mishSlopes: Kernel = (y, x, n) => slopes(activation.mishGrad, y, x, n);

/** y = F′(x): the gradient where dy is 1. */
function slopes(kernel: GradKernel, y: usize, x: usize, n: u32): void {
  const dy = buffer(n);
  for (let i: u32 = 0; i < n; i++) put(dy, i, 1);
  kernel(y, x, dy, n);
  heap.free(dy);
}

/**
 * Greatest error in ulp over all floats, NaN and infinities included; what is subnormal must be 0. Errors that are
 * `negligible` do not count beside terms that cancel; in the tails, where the terms are small themselves, they do. What
 * is below `vanishing` may be 0.
 */
function sweep(kernel: Kernel, formula: Formula, negligible: f64 = 0, vanishing: f64 = 0): f64 {
  const x = buffer(BLOCK);
  const y = buffer(BLOCK);
  let worst: f64 = 0;
  for (let bits: u64 = 0; bits + BLOCK * STRIDE <= 0xffffffff; bits += BLOCK * STRIDE) {
    for (let i: u32 = 0; i < BLOCK; i++) store<u32>(x + (<usize>i << 2), <u32>(bits + i * STRIDE));
    kernel(y, x, BLOCK);
    for (let i: u32 = 0; i < BLOCK; i++) {
      const expected = formula(<f64>at(x, i));
      if (abs(<f64>at(y, i) - expected) < negligible && abs(expected) > 1e-6) continue;
      if (at(y, i) == 0 && abs(expected) < vanishing) continue;
      worst = max(worst, ulps(at(y, i), abs(expected) < LEAST_NORMAL ? 0 : expected));
    }
  }
  heap.free(x);
  heap.free(y);
  return worst;
}

/** A sweep that meets no error of almost half a unit has met nothing. */
function expectRounded(worst: f64, most: f64 = 0.52): void {
  expect(worst).toBeLessThanOrEqual(most);
  expect(worst).toBeGreaterThan(0.49);
}

describe("the reference of the normal distribution", () => {
  it("is what Abramowitz and Stegun, tables 26.1 and 26.2, print", () => {
    expect(abs(normalShare(1) - 0.841344746068543) < 1e-15).toBe(true);
    expect(abs(normalShare(-2.5) - 0.006209665325776) < 1e-15).toBe(true);
    expect(abs(-Math.log10(normalShare(-5)) - 6.54265) < 5e-6).toBe(true);
    expect(abs(-Math.log10(normalShare(-12)) - 32.75044) < 5e-6).toBe(true);
  });
});

describe("over all floats, within 0.52 ulp but for subnormal results, which are flushed:", () => {
  it("gelu", () => {
    expectRounded(sweep(activation.gelu, gelu));
  });
  it("geluTanh", () => {
    expectRounded(sweep(activation.geluTanh, geluTanh));
  });
  it("mish", () => {
    expectRounded(sweep(activation.mish, mish));
  });
});

describe("the slope over all floats, where it passes through 0 too, is within 0.52 ulp:", () => {
  it("gelu, but for 3e-11 beside the terms of about 0.2 that cancel at −0.75", () => {
    expectRounded(sweep(geluSlopes, geluSlope, 3e-11), 0.53);
  });
  it("geluTanh", () => {
    expectRounded(sweep(geluTanhSlopes, geluTanhSlope));
  });
  it("mish", () => {
    expectRounded(sweep(mishSlopes, mishSlope));
  });
});

describe("silu, in f32,", () => {
  it("is within 2.5 ulp over all floats, but for 1.1e-36 below −87.3", () => {
    const worst = sweep(activation.silu, silu, 0, 1.1e-36);
    expect(worst).toBeLessThanOrEqual(2.5);
    expect(worst).toBeGreaterThan(1);
  });

  it("has a slope within 3.5 ulp, but for 6e-8 beside the terms of about 0.2 that cancel at −1.28", () => {
    const worst = sweep(siluSlopes, siluSlope, 6e-8, 1.1e-36);
    expect(worst).toBeLessThanOrEqual(3.5);
    expect(worst).toBeGreaterThan(1);
  });
});

/** Whether y = kernel(x) is near for every tail, out of place and in place, and nothing beyond n is touched. */
function holdsForEveryTail(kernel: Kernel, formula: Formula, most: f64 = 0.52): bool {
  for (let n: u32 = 0; n <= 40; n++) {
    const x = samples(n, n);
    const y = buffer(n);
    kernel(y, x, n);
    for (let i: u32 = 0; i < n; i++) {
      if (ulps(at(y, i), formula(<f64>sample(n + i))) > most || at(x, i) != sample(n + i)) return false;
    }
    kernel(x, x, n);
    if (memory.compare(x, y, n << 2) || !guarded(x, n) || !guarded(y, n)) return false;
    heap.free(x);
    heap.free(y);
  }
  return true;
}

/** The same of dx = kernel(x, dy), in place of either operand. */
function gradientHoldsForEveryTail(kernel: GradKernel, slope: Formula, negligible: f64 = 0): bool {
  for (let n: u32 = 0; n <= 40; n++) {
    const x = samples(n, n);
    const dy = samples(n, 1000);
    const dx = buffer(n);
    kernel(dx, x, dy, n);
    for (let i: u32 = 0; i < n; i++) {
      const expected = <f64>sample(1000 + i) * slope(<f64>sample(n + i));
      if (abs(<f64>at(dx, i) - expected) <= negligible) continue;
      if (ulps(at(dx, i), expected) > 0.52) return false;
    }
    const original = samples(n, 1000);
    kernel(dy, x, dy, n);
    kernel(x, x, original, n);
    if (memory.compare(dy, dx, n << 2) || memory.compare(x, dx, n << 2)) return false;
    if (!guarded(dx, n) || !guarded(dy, n) || !guarded(x, n)) return false;
    heap.free(x);
    heap.free(dy);
    heap.free(dx);
    heap.free(original);
  }
  return true;
}

describe("gated activations", () => {
  it("work for every tail, in place too, touching nothing beyond n", () => {
    expect(holdsForEveryTail(activation.gelu, gelu)).toBe(true);
    expect(holdsForEveryTail(activation.geluTanh, geluTanh)).toBe(true);
    expect(holdsForEveryTail(activation.silu, silu, 2.5)).toBe(true);
    expect(holdsForEveryTail(activation.mish, mish)).toBe(true);
    expect(gradientHoldsForEveryTail(activation.geluGrad, geluSlope)).toBe(true);
    expect(gradientHoldsForEveryTail(activation.geluTanhGrad, geluTanhSlope)).toBe(true);
    expect(gradientHoldsForEveryTail(activation.siluGrad, siluSlope, 1e-6)).toBe(true);
    expect(gradientHoldsForEveryTail(activation.mishGrad, mishSlope)).toBe(true);
  });

  it("reach their limits: 0 on the left and x on the right, with slopes 0 and 1", () => {
    const kernels: Kernel[] = [activation.gelu, activation.geluTanh, activation.silu, activation.mish];
    const gradients: Kernel[] = [geluSlopes, geluTanhSlopes, siluSlopes, mishSlopes];
    for (let i = 0; i < 4; i++) {
      expect(one(kernels[i], -Infinity)).toBe(0);
      expect(one(kernels[i], -3.4e38)).toBe(0);
      expect(one(kernels[i], Infinity)).toBe(Infinity);
      expect(one(kernels[i], 3.4e38)).toBe(3.4e38);
      expect(one(kernels[i], -0.0)).toBe(0);
      expect(one(kernels[i], 1e-40)).toBe(0);
      expect(isNaN(one(kernels[i], NaN))).toBe(true);
      expect(one(gradients[i], -Infinity)).toBe(0);
      expect(one(gradients[i], Infinity)).toBe(1);
      expect(isNaN(one(gradients[i], NaN))).toBe(true);
    }
  });

  it("flush subnormal gradients to 0 and let what is not finite in dy through", () => {
    const dx = buffer(4);
    const x = buffer(4);
    const dy = buffer(4);
    for (let i: u32 = 0; i < 4; i++) put(x, i, 1);
    put(dy, 0, 1e-39);
    put(dy, 1, -1e-39);
    put(dy, 2, Infinity);
    put(dy, 3, NaN);
    activation.siluGrad(dx, x, dy, 4);
    expect(at(dx, 0)).toBe(0);
    expect(at(dx, 1)).toBe(0);
    expect(at(dx, 2)).toBe(Infinity);
    expect(isNaN(at(dx, 3))).toBe(true);
    heap.free(dx);
    heap.free(x);
    heap.free(dy);
  });
});
